"""Groups grown component by component; a component that has not changed is taken as an earlier match left it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ml.matching.graph.agglomerate import Indices, agglomerate
from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.grouping import connected_parts, in_one_part
from ml.matching.graph.portions import Rows, portions
from ml.types import Bool1D, Double1D, Float1D, Int1D

SURELY = 1e-6  # no pair of tracklets is surer than one in a million
VERSION = 1  # raised when the code changes what grows from the same component

KnownParts = Mapping[bytes, Int1D]  # sha256 of a component -> [k] the first member of each member's group, from 0


@dataclass(frozen=True, slots=True)
class GrownParts:
    """What earlier groupings made of whole components, and, filled by this one, what it has of them or made itself.

    known  of earlier ones      seen  of this one: to be known to the next
    """

    known: KnownParts
    seen: MutableMapping[bytes, Int1D]


@dataclass(frozen=True, slots=True)
class Graph:
    """What groups grow in.

    groups         [n] group of each item to begin with, named by its first member
    pairs          [m, 2] items          probabilities  [m] that both are one vehicle
    apart          [c, 2] items that must not come together
    parts          [n] component of each item: groups never grow from one into another
    join_probability   from which on a pair is favoured
    """

    groups: Indices
    pairs: IndexPairs
    probabilities: Float1D
    apart: IndexPairs
    parts: Int1D
    join_probability: float

    @staticmethod
    def of(count: int, pairs: IndexPairs, probabilities: Float1D, apart: IndexPairs, join_probability: float) -> Graph:
        """Of `count` items by themselves, in the components that pairs of at least `join_probability` connect."""
        parts = connected_parts(count, pairs[probabilities >= join_probability])
        return Graph(np.arange(count), pairs, probabilities, apart, parts, join_probability)


def grown(graph: Graph, parts: GrownParts | None = None) -> Indices:
    """`agglomerate` over the whole graph: groups [n], named by first member.

    Groups grow along favoured pairs alone, so that a pair between two components has no say, and a component is grown
    by itself: with `parts`, those known from earlier are not grown again. The result is the same.
    """
    if parts is None:
        return _grown_anew(graph)
    components = list(_components(graph))
    unknown = np.zeros(int(graph.parts.max(initial=-1)) + 1, np.bool_)
    unknown[[each.number for each in components if each.digest not in parts.known]] = True
    groups = _grown_anew(_only(graph, unknown[graph.parts[graph.pairs[:, 0]]]))
    for each in components:
        if unknown[each.number]:
            own = np.searchsorted(each.items, groups[each.items]).astype(np.int32)
        else:
            own = parts.known[each.digest]
            groups[each.items] = each.items[own]
        parts.seen[each.digest] = own
    return groups


def join_weights(probabilities: Float1D, join_probability: float) -> Double1D:
    """logit(p) - logit(join_probability) of each pair [m]: above 0 where joining is favoured."""
    weights: Double1D = log_odds(probabilities) - np.log(join_probability / (1 - join_probability))
    return weights


def log_odds(probabilities: npt.NDArray[np.floating]) -> Double1D:
    """logit(p) [m], of which nothing is surer than `SURELY`."""
    sure = np.clip(probabilities.astype(np.float64), SURELY, 1 - SURELY)
    odds: Double1D = np.log(sure / (1 - sure))
    return odds


def _grown_anew(graph: Graph) -> Indices:
    """Portion after portion, so that memory does not grow with the graph."""
    groups, place = graph.groups.copy(), np.empty(len(graph.groups), np.int64)
    for portion in portions(graph.parts, graph.pairs, graph.apart):
        place[portion.items] = np.arange(len(portion.items))
        weights = join_weights(graph.probabilities[portion.pairs], graph.join_probability)
        pairs, apart = place[graph.pairs[portion.pairs]], place[graph.apart[portion.bans]]
        own = agglomerate(place[graph.groups[portion.items]], pairs, weights, apart)
        groups[portion.items] = portion.items[own]
    return groups


def _only(graph: Graph, chosen: Bool1D) -> Graph:
    """The graph with the chosen pairs alone."""
    if chosen.all():
        return graph
    return replace(graph, pairs=graph.pairs[chosen], probabilities=graph.probabilities[chosen])


@dataclass(frozen=True, slots=True)
class _Component:
    """A component with pairs: its number, its items, rising, and the sha256 of all that it grows from."""

    number: int
    items: Rows
    digest: bytes


def _components(graph: Graph) -> Iterator[_Component]:
    """The components that hold pairs. Items count from 0 within each: what else there is changes no digest."""
    items = _Runs.of(np.arange(len(graph.parts)), graph.parts)
    local = np.empty(len(graph.parts), np.int32)
    local[items.rows] = np.arange(len(items.rows)) - np.repeat(items.starts[:-1], np.diff(items.starts))
    within, banned = (np.flatnonzero(in_one_part(graph.parts, each)) for each in (graph.pairs, graph.apart))
    pairs = _Runs.of(within, graph.parts[graph.pairs[within, 0]], len(items))
    bans = _Runs.of(banned, graph.parts[graph.apart[banned, 0]], len(items))
    columns = (
        (items, local[graph.groups[items.rows]]),
        (pairs, local[graph.pairs[pairs.rows]]),
        (pairs, graph.probabilities[pairs.rows]),
        (bans, local[graph.apart[bans.rows]]),
    )
    for number in np.flatnonzero(np.diff(pairs.starts)).tolist():
        known = hashlib.sha256(repr((VERSION, graph.join_probability)).encode())
        for runs, values in columns:
            own = np.ascontiguousarray(values[runs.starts[number] : runs.starts[number + 1]])
            known.update(f"{own.dtype} {own.shape}".encode())
            known.update(own.data)
        yield _Component(number, items.of_part(number), known.digest())


@dataclass(frozen=True, slots=True)
class _Runs:
    """Rows sorted by part: those of part p, in their order, are rows[starts[p] : starts[p + 1]]."""

    rows: Rows
    starts: Indices

    @staticmethod
    def of(rows: Rows, parts: Int1D, count: int | None = None) -> _Runs:
        """rows [k] and the part of each; `count` parts, or as many as occur."""
        sizes = np.bincount(parts, minlength=count or 0)
        narrow: npt.NDArray[np.integer] = parts.astype(np.uint16) if len(sizes) <= 2**16 else parts  # sorted faster
        order = np.argsort(narrow, kind="stable")
        return _Runs(rows[order], np.concatenate(([0], np.cumsum(sizes))))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of_part(self, part: int) -> Rows:
        return self.rows[self.starts[part] : self.starts[part + 1]]
