"""Groups of a scene of a few hundred tracklets on whole matrices: what `regroup` gives, in a fraction of the time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.graph import IndexPairs
from ml.matching.graph.grouping import numbered_by_first_member
from ml.matching.graph.growth import join_weights
from ml.types import Double2D, Float1D, Int1D

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DenseGraph:
    """weights, counts [n, n]: what favours joining two tracklets, and whether they were compared; symmetric."""

    weights: Double2D
    counts: Double2D

    @staticmethod
    def of(count: int, pairs: IndexPairs, probabilities: Float1D, join_probability: float) -> DenseGraph:
        """As strategy "constrained" weighs the pairs [m, 2]."""
        weights, counts = np.zeros((count, count)), np.zeros((count, count))
        both = np.concatenate((pairs, pairs[:, ::-1]))
        np.add.at(weights, tuple(both.T), np.tile(join_weights(probabilities, join_probability), 2))
        np.add.at(counts, tuple(both.T), 1.0)
        return DenseGraph(weights, counts)

    def grown(self, groups: Rows, apart: IndexPairs) -> Int1D:
        """[n] labels by first member; from `groups` [n] on, never the two of a pair of `apart` [c, 2] together."""
        start = numbered_by_first_member(groups).astype(np.int64)
        size = int(start.max(initial=-1)) + 1
        weights, counts = (_summed(each, start, size) for each in (self.weights, self.counts))
        one, other = start[apart].T
        weights[one, other] = weights[other, one] = -np.inf
        return numbered_by_first_member(_merged(weights, counts)[start])


def _summed(matrix: Double2D, labels: Rows, size: int) -> Double2D:
    """[size, size] sums over the members of each two groups, 0 within a group."""
    if size == len(labels):
        return matrix.copy()
    order = np.argsort(labels, kind="stable")
    firsts = np.searchsorted(labels[order], np.arange(size))
    found: Double2D = np.add.reduceat(np.add.reduceat(matrix[order], firsts, axis=0)[:, order], firsts, axis=1)
    np.fill_diagonal(found, 0.0)
    return found


def _merged(weights: Double2D, counts: Double2D) -> Rows:
    """[k] group of each of the k, named by its first; all that are each other's best are merged in a round."""
    rows = np.arange(len(weights))
    named = rows.copy()
    mean = _means(weights, counts)
    while len(rows):
        best = mean.argmax(axis=1)
        merged = rows[(mean[rows, best] > 0) & (best[best] == rows) & (rows < best)]
        if not len(merged):
            break
        for one, other in zip(merged.tolist(), best[merged].tolist(), strict=True):
            named[named == other] = one
            _take_over(weights, one, other)
            _take_over(counts, one, other)
            mean[other] = mean[:, other] = -np.inf
        mean[merged] = _means(weights[merged], counts[merged])
        mean[:, merged] = mean[merged].T
    return named


def _take_over(matrix: Double2D, one: int, other: int) -> None:
    matrix[one] += matrix[other]
    matrix[one, [one, other]] = 0.0
    matrix[:, one] = matrix[one]
    matrix[other] = matrix[:, other] = 0.0


def _means(weights: Double2D, counts: Double2D) -> Double2D:
    """Mean weight where any pair was compared, elsewhere so low that nothing is merged."""
    means: Double2D = np.where(counts > 0, weights / np.maximum(counts, 1.0), -np.inf)
    return means
