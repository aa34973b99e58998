"""One-to-one assignments of the largest total weight, from a sparse list of edges."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ml.evaluation.pairs import Rows
from ml.types import Bool1D, Double1D

CLEARLY = 1e-9  # a lead smaller than this may be rounding


def decided_edges(rows: Rows, columns: Rows, weights: Double1D) -> tuple[Bool1D, Bool1D]:
    """Edges that every best assignment takes, and edges still open after those are taken.

    An edge that weighs more than the heaviest other edge of its row and that of its column together is in every best
    assignment: whatever takes their place weighs less. Its neighbours are then out, and the rest is looked at again.
    rows, columns [k] int64 >= 0; weights [k] > 0.
    """
    taken, open_edges = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    row_done, column_done = (np.zeros(nodes.max(initial=-1) + 1, np.bool_) for nodes in (rows, columns))
    edges = np.arange(len(rows))
    while len(edges):
        rival = _heaviest_other(rows[edges], weights[edges]) + _heaviest_other(columns[edges], weights[edges])
        sure = edges[weights[edges] > rival + CLEARLY * (rival > 0)]
        if not len(sure):
            break
        taken[sure] = row_done[rows[sure]] = column_done[columns[sure]] = True
        edges = edges[~row_done[rows[edges]] & ~column_done[columns[edges]]]
    open_edges[edges] = True
    return taken, open_edges


def best_assignment(rows: Rows, columns: Rows, weights: Double1D) -> Rows:
    """Edges [m] of a one-to-one assignment of the largest total weight; each (row, column) is listed once.

    What is not decided edge by edge is solved component by component (Hungarian algorithm).
    """
    taken, open_edges = decided_edges(rows, columns, weights)
    rest = np.flatnonzero(open_edges)
    if not len(rest):
        return np.flatnonzero(taken)
    component = _components(rows[rest], columns[rest])
    order = np.argsort(component, kind="stable")
    groups = np.split(rest[order], np.flatnonzero(np.diff(component[order])) + 1)
    solved = [_component_assignment(group, rows[group], columns[group], weights[group]) for group in groups]
    return np.sort(np.concatenate((np.flatnonzero(taken), *solved)))


def dense_assignment(rows: Rows, columns: Rows, weights: Double1D, shape: tuple[int, int]) -> Rows:
    """Edges of the best assignment by the Hungarian algorithm on the full matrix of `shape`, 0 where no edge is."""
    matrix, place = np.zeros(shape), np.full(shape, -1, np.int64)
    matrix[rows, columns], place[rows, columns] = weights, np.arange(len(rows))
    chosen = place[linear_sum_assignment(matrix, maximize=True)]
    return chosen[chosen >= 0]


def _heaviest_other(nodes: Rows, weights: Double1D) -> Double1D:
    """[k] for each edge the heaviest other edge of its node, 0 where it is the only one."""
    size = nodes.max(initial=-1) + 1
    heaviest, second = np.zeros(size), np.zeros(size)
    np.maximum.at(heaviest, nodes, weights)
    leads = weights == heaviest[nodes]
    np.maximum.at(second, nodes[~leads], weights[~leads])
    alone = leads & (np.bincount(nodes[leads], minlength=size)[nodes] == 1)
    return np.where(alone, second[nodes], heaviest[nodes])


def _components(rows: Rows, columns: Rows) -> Rows:
    """[k] number of the connected component of each edge."""
    left, right = np.unique(rows, return_inverse=True)[1], np.unique(columns, return_inverse=True)[1]
    size = int(left.max()) + int(right.max()) + 2
    graph = coo_array((np.ones(len(left)), (left, right + left.max() + 1)), shape=(size, size))
    return connected_components(graph, directed=False)[1][left].astype(np.int64)


def _component_assignment(edges: Rows, rows: Rows, columns: Rows, weights: Double1D) -> Rows:
    left_ids, left = np.unique(rows, return_inverse=True)
    right_ids, right = np.unique(columns, return_inverse=True)
    return edges[dense_assignment(left, right, weights, (len(left_ids), len(right_ids)))]
