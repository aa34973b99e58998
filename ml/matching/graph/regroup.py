"""A run's identities once more: the stored pairs and what people decided since."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_chances, require_column, require_index_pairs
from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs
from ml.matching.graph.decided import decided_groups
from ml.matching.graph.grouping import group_tracklets, numbered_by_first_member
from ml.matching.graph.growth import Graph, GrownParts, grown
from ml.types import Bool1D, Float1D, Int1D, UserError

Neighbours = dict[int, list[int]]
Bans = dict[int, tuple[int, int]]  # by row

ELECTRICITY, CONSTRAINED = "electricity", "constrained"
STRATEGIES = (ELECTRICITY, CONSTRAINED)
JOIN_PROBABILITY = 0.1  # the default of runs whose configuration does not say


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A must-link that the other decisions forbid.

    must_link     its row
    chain         tracklets: each two neighbours are a must-link, the refused one among them, and the first and the
                  last must stay apart
    cannot_link   row of the cannot-link between first and last; None where they are seen at one time
    """

    must_link: int
    chain: list[int]
    cannot_link: int | None


@dataclass(frozen=True, slots=True)
class Regrouping:
    """labels [count] int32, 0-based group of each tracklet, numbered by first member; the refused must-links."""

    labels: Int1D
    contradictions: list[Contradiction]


def regroup(
    count: int,
    pairs: IndexPairs,
    *,
    distances: npt.NDArray[np.floating],
    eligible: Bool1D,
    probabilities: Float1D | None = None,
    strategy: str = ELECTRICITY,
    join_probability: float = JOIN_PROBABILITY,
    must_links: IndexPairs = NO_PAIRS,
    cannot_links: IndexPairs = NO_PAIRS,
    conflicts: IndexPairs = NO_PAIRS,
    overruled: IndexPairs = NO_PAIRS,
    parts: GrownParts | None = None,
) -> Regrouping:
    """The groups that a sync makes of its own candidate pairs under these decisions ("constrained": `decided_groups`).

    count         number of tracklets
    pairs         [m, 2] the sync's candidates; distances [m], eligible [m], probabilities [m] as it gave them
    strategy, join_probability   of the configuration that made them; "constrained" needs probabilities
    must_links, cannot_links, conflicts   as for `group_tracklets`
    overruled     [c, 2] conflicts that the sync knew, and that give way to the decisions
    parts         "constrained": components known from earlier are not grown again; the result is the same

    A tracklet's group depends on its own component alone (eligible pairs and must-links are the edges): regrouping any
    whole components gives what regrouping everything gives.

    UserError: bad-configuration, no-probabilities, bad-pairs, wrong-shape, not-a-number, not-a-probability.
    """
    require_strategy(strategy)
    require_index_pairs(pairs, count, "pairs", distinct=False)
    limits = {"must_links": must_links, "cannot_links": cannot_links, "conflicts": conflicts}
    for name, said in {**limits, "overruled": overruled}.items():
        require_index_pairs(said, count, name)
    for name, column in (("distances", distances), ("eligible", eligible)):
        require_column(column, len(pairs), name)
    if strategy == CONSTRAINED:
        chances, known = _required(probabilities, len(pairs)), np.concatenate((conflicts, overruled))
        graph = Graph.of(count, pairs, chances, known, join_probability)
        groups, refused = decided_groups(grown(graph, parts), replace(graph, apart=conflicts), must_links, cannot_links)
        labels = numbered_by_first_member(groups)
    else:
        grouping = group_tracklets(count, pairs[eligible], distances[eligible], **limits)
        labels, refused = grouping.labels, grouping.refused_must_links
    return Regrouping(labels, contradictions(must_links, refused, cannot_links, conflicts))


def require_strategy(strategy: str) -> None:
    """UserError bad-configuration names those there are."""
    if strategy not in STRATEGIES:
        known = ", ".join(STRATEGIES)
        raise UserError("bad-configuration", f"There is no matching strategy {strategy!r}; choose from {known}.")


def _required(probabilities: Float1D | None, count: int) -> Float1D:
    if probabilities is None:
        raise UserError("no-probabilities", "The constrained strategy needs the pairs' probabilities: match again.")
    require_chances(probabilities, count, "probabilities")
    return probabilities


def contradictions(
    must_links: IndexPairs, refused: Bool1D, cannot_links: IndexPairs, conflicts: IndexPairs
) -> list[Contradiction]:
    """For each refused must-link the shortest chain of must-links that it would close between two kept apart."""
    if not refused.any():
        return []
    near = _neighbours(must_links[~refused])
    apart = np.concatenate((cannot_links, conflicts))
    reachable = np.flatnonzero(np.isin(apart, must_links).all(axis=1)).tolist()
    bans = {row: (int(one), int(other)) for row, (one, other) in zip(reachable, apart[reachable], strict=True)}
    found = []
    for row in np.flatnonzero(refused).tolist():
        chain, ban = _closed_chain(near, bans, *must_links[row].tolist())
        found.append(Contradiction(row, chain, ban if ban < len(cannot_links) else None))
    return found


def _closed_chain(near: Neighbours, bans: Bans, one: int, other: int) -> tuple[list[int], int]:
    """The chain from a banned end over `one`, `other` to the other banned end, and the ban's row."""
    before, after = _paths_from(near, one), _paths_from(near, other)
    closing = [
        (len(before[start]) + len(after[end]), row, start, end)
        for row, ban in bans.items()
        for start, end in (ban, ban[::-1])
        if start in before and end in after
    ]
    _, row, start, end = min(closing)
    return before[start][::-1] + after[end], row


def _paths_from(near: Neighbours, origin: int) -> dict[int, list[int]]:
    """The shortest path from `origin` to everything that must-links reach."""
    paths, waiting = {origin: [origin]}, deque([origin])
    while waiting:
        here = waiting.popleft()
        for there in near.get(here, []):
            if there not in paths:
                paths[there] = [*paths[here], there]
                waiting.append(there)
    return paths


def _neighbours(pairs: IndexPairs) -> Neighbours:
    near: Neighbours = {}
    for one, other in sorted(pairs.tolist()):
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    return near
