"""Constrained average linkage over a sparse graph: the groups grow while joining is more likely right than not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.graph.conflicts import IndexPairs
from ml.types import Double1D

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Edges:
    """What lies between two groups, one <= other: the sum of the weights of their pairs, and how many pairs."""

    one: Indices
    other: Indices
    weight: Double1D
    count: Double1D

    def take(self, rows: npt.NDArray[np.bool_]) -> _Edges:
        return _Edges(self.one[rows], self.other[rows], self.weight[rows], self.count[rows])


def agglomerate(groups: Indices, pairs: IndexPairs, weights: Double1D, apart: IndexPairs) -> Indices:
    """Merge groups while the mean weight of the compared pairs between two of them is above 0.

    groups          [n] group of each tracklet to begin with, named by its first member
    pairs, weights  [m, 2] and [m]: how much joining them is favoured; pairs that were not compared have no say
    apart           [c, 2] tracklets that must not come together, whatever the weights

    In each round all pairs of groups that are each other's best are merged at once; of equals the one with the lower
    indices is better. Returns the groups [n], named by first member.
    """
    named = groups.copy()
    edges = _between(named, pairs, weights, apart)
    while len(edges.one):
        mean = edges.weight / edges.count
        merged = _mutually_best(edges, mean, len(named))
        renamed = np.arange(len(named))
        renamed[edges.other[merged]] = edges.one[merged]
        named = renamed[named]
        edges = _able(_summed(renamed[edges.one], renamed[edges.other], edges.weight, edges.count, len(named)))
    return named


def _between(named: Indices, pairs: IndexPairs, weights: Double1D, apart: IndexPairs) -> _Edges:
    one, other = named[np.concatenate((pairs[:, 0], apart[:, 0]))], named[np.concatenate((pairs[:, 1], apart[:, 1]))]
    weight = np.concatenate((weights, np.full(len(apart), -np.inf)))
    return _able(_summed(one, other, weight, np.ones(len(one)), len(named)))


def _summed(one: Indices, other: Indices, weight: Double1D, count: Double1D, size: int) -> _Edges:
    """One edge for each pair of different groups, in rising order."""
    codes = np.minimum(one, other) * np.int64(size) + np.maximum(one, other)
    order = np.argsort(codes, kind="stable")
    order = order[one[order] != other[order]]
    codes = codes[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    if not len(starts):
        return _Edges(codes, codes, np.zeros(0), np.zeros(0))
    weight, count = np.add.reduceat(weight[order], starts), np.add.reduceat(count[order], starts)
    return _Edges(codes[starts] // size, codes[starts] % size, weight, count)


def _able(edges: _Edges) -> _Edges:
    """The edges that can still matter: those of groups that both have a partner to be merged with.

    A mean is above 0 only if one of its parts is, so a group without such an edge never gets one.
    """
    good = edges.weight > 0
    size = int(edges.other.max(initial=-1)) + 1
    has_partner = np.zeros(size, np.bool_)
    has_partner[edges.one[good]] = True
    has_partner[edges.other[good]] = True
    return edges.take(has_partner[edges.one] & has_partner[edges.other])


def _mutually_best(edges: _Edges, mean: Double1D, size: int) -> Indices:
    """Rows of the edges that are the best of both their groups, and above 0; each group is in one at most."""
    good = np.flatnonzero(mean > 0)
    good = good[np.argsort(-mean[good], kind="stable")]
    rank = np.arange(len(good))
    best = np.full(size, len(good))
    # Written from the worst to the best, so that the best stays.
    best[edges.one[good[::-1]]] = rank[::-1]
    best_other = np.full(size, len(good))
    best_other[edges.other[good[::-1]]] = rank[::-1]
    best = np.minimum(best, best_other)
    merged: Indices = good[(best[edges.one[good]] == rank) & (best[edges.other[good]] == rank)]
    return merged
