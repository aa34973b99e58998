"""Tracklets joined into identities along edges, never against a constraint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_column, require_index_pairs
from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs
from ml.types import Bool1D, Double1D, Int1D


@dataclass(frozen=True, slots=True)
class Grouping:
    """labels              [count] int32, 0-based group of each tracklet, numbered by first member

    joined               [m] bool, true where both ends of the edge are in one group
    refused_must_links   [k] bool, true for the must-links that a constraint forbids (contradictions)
    """

    labels: Int1D
    joined: Bool1D
    refused_must_links: Bool1D


def group_tracklets(
    count: int,
    edges: IndexPairs,
    distances: npt.NDArray[np.floating],
    *,
    must_links: IndexPairs = NO_PAIRS,
    cannot_links: IndexPairs = NO_PAIRS,
    conflicts: IndexPairs = NO_PAIRS,
) -> Grouping:
    """Join tracklets along must-links first, then along edges from the nearest to the farthest.

    A join that would bring the ends of a cannot-link or of a conflict into one group is refused, however long the
    chain between them. The result does not depend on the order of any input: edges go by distance, equal ones and
    must-links by their indices.

    count         number of tracklets             edges, distances  [m, 2] and [m], machine's joins
    must_links    [k, 2] people said "same"       cannot_links      [c, 2] people said "different"
    conflicts     [c, 2] seen at one time in one camera, or in two views that share no road

    UserError: bad-pairs, wrong-shape, not-a-number.
    """
    require_index_pairs(edges, count, "edges", distinct=False)
    for name, said in {"must_links": must_links, "cannot_links": cannot_links, "conflicts": conflicts}.items():
        require_index_pairs(said, count, name)
    require_column(distances, len(edges), "distances")
    apart = np.concatenate((cannot_links, conflicts))
    forest = ConstrainedForest(count, _within_reach(count, np.concatenate((edges, must_links)), apart))
    for one, other in must_links[_by_index(must_links)].tolist():
        forest.join(one, other)
    for one, other in edges[_by_index(edges, distances)].tolist():
        forest.join(one, other)
    labels = forest.labels()
    return Grouping(labels, in_one_part(labels, edges), ~in_one_part(labels, must_links))


def must_link_groups(
    count: int, must_links: IndexPairs, apart: IndexPairs, *, chances: Double1D | None = None
) -> tuple[npt.NDArray[np.int64], Bool1D]:
    """([count] group of each tracklet, named by its first member; [k] which must-links `apart` forbids).

    chances  [k] how likely each must-link is: of those that cannot all be true the likelier come first; ties, and all
             without, by their indices
    """
    groups = np.arange(count)
    if not len(must_links):
        return groups, np.zeros(0, np.bool_)
    named = np.zeros(count, np.bool_)
    named[must_links] = True
    forest = ConstrainedForest(count, apart[named[apart].all(axis=1)])  # no others can come together
    first = () if chances is None else (-chances,)
    for one, other in must_links[_by_index(must_links, *first)].tolist():
        forest.join(one, other)
    labels = forest.labels()
    _, firsts = np.unique(labels, return_index=True)
    return firsts[labels], ~in_one_part(labels, must_links)


class ConstrainedForest:
    """Union-find whose sets know which other sets they must not meet."""

    def __init__(self, count: int, apart: IndexPairs) -> None:
        self._parent = list(range(count))
        self._apart: dict[int, set[int]] = {}
        for one, other in apart.tolist():
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def root(self, item: int) -> int:
        """The representative of `item`'s set."""
        parent = self._parent
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    def join(self, one: int, other: int) -> bool:
        """Make the sets of both one; false where a constraint forbids it."""
        one, other = self.root(one), self.root(other)
        if one == other:
            return True
        enemies, more = self._apart.get(one, set()), self._apart.get(other, set())
        if other in enemies:
            return False
        if len(more) > len(enemies):
            one, other, enemies, more = other, one, more, enemies
        self._parent[other] = one
        self._take_over(one, other, enemies, more)
        return True

    def labels(self) -> Int1D:
        """[count] int32: 0-based number of each item's set, by first member."""
        return numbered_by_first_member(np.array([self.root(item) for item in range(len(self._parent))], np.int64))

    def _take_over(self, one: int, other: int, enemies: set[int], more: set[int]) -> None:
        """Those that `other` must not meet now must not meet `one`."""
        for enemy in more:
            theirs = self._apart[enemy]
            theirs.discard(other)
            theirs.add(one)
        if more:
            enemies.update(more)
            self._apart[one] = enemies
            del self._apart[other]


def numbered_by_first_member(groups: npt.NDArray[np.integer]) -> Int1D:
    """The same groups with numbers from 0 in the order of their first members."""
    _, first, label = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int32)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[label]


def _by_index(pairs: IndexPairs, *first: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    """Order of the pairs by `first`, then by lower and by higher index."""
    if not len(pairs):
        return np.zeros(0, np.intp)
    return np.lexsort((pairs.max(axis=1), pairs.min(axis=1), *first))


def _within_reach(count: int, joins: IndexPairs, apart: IndexPairs) -> IndexPairs:
    """Those of `apart` that `joins` could bring together: both ends in one connected part."""
    reachable: IndexPairs = apart[in_one_part(connected_parts(count, joins), apart)]
    return reachable


def connected_parts(count: int, joins: IndexPairs) -> Int1D:
    """[count] number of the part that each item is connected with by `joins` [m, 2]."""
    # Imported here: half a second that only a match has to spend.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(joins), np.int8), (joins[:, 0], joins[:, 1])), shape=(count, count))
    parts: Int1D = connected_components(graph, directed=False)[1]
    return parts


def in_one_part(parts: Int1D, pairs: IndexPairs) -> Bool1D:
    """[m] true where both ends of a pair are in one part."""
    together: Bool1D = parts[pairs[:, 0]] == parts[pairs[:, 1]]
    return together


def pair_codes(pairs: npt.NDArray[np.integer], count: int) -> npt.NDArray[np.int64]:
    """[m] one number for each pair of two of `count` things, whichever comes first."""
    one, other = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
    codes: npt.NDArray[np.int64] = np.minimum(one, other) * np.int64(count) + np.maximum(one, other)
    return codes
