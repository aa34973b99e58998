"""Identity numbers that stay the same across re-runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_column
from ml.types import Int1D

Weights = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def stable_numbers(
    groups: npt.NDArray[np.integer],
    previous: npt.NDArray[np.integer],
    *,
    weights: npt.NDArray[np.floating] | npt.NDArray[np.integer] | None = None,
    next_number: int = 1,
) -> Int1D:
    """Number the groups so that as much as possible keeps the number it had.

    groups       [n] group of each tracklet now             previous  [n] its identity number before, 0 = none
    weights      [n] what a tracklet counts for (its boxes, say); all equal if left out
    next_number  lowest number never given yet; new numbers start there or above every previous one

    Returns      [n] int32 number of each tracklet's group. Groups and numbers are paired so that the weight that keeps
    its number is largest; a group without a pair gets a new number, in the order of the group labels. The order of
    the tracklets does not matter.

    UserError: wrong-shape, not-a-number.
    """
    require_column(previous, len(groups), "previous numbers")
    if weights is not None:
        require_column(weights, len(groups), "weights")
    labels, of_group = np.unique(groups, return_inverse=True)
    known, of_number = np.unique(previous, return_inverse=True)
    weight = np.ones(len(groups)) if weights is None else np.asarray(weights, np.float64)
    kept = previous > 0
    rows, columns, overlap = _overlaps(of_group[kept], of_number[kept], weight[kept], len(known))
    chosen = _best_pairing(rows, columns, overlap, len(labels), len(known))
    first_new = max(next_number, int(known.max(initial=0)) + 1)
    numbers = np.where(chosen >= 0, known[chosen], 0)
    fresh = np.flatnonzero(chosen < 0)
    numbers[fresh] = first_new + np.arange(len(fresh))
    return numbers[of_group].astype(np.int32)


def _overlaps(of_group: Indices, of_number: Indices, weight: Weights, width: int) -> tuple[Indices, Indices, Weights]:
    """Sparse table of the weight that each group shares with each number, by rising group, then number."""
    codes, of_code = np.unique(of_group * width + of_number, return_inverse=True)
    shared = np.bincount(of_code, weights=weight, minlength=len(codes)).astype(np.float64)
    return codes // width, codes % width, shared


def _best_pairing(rows: Indices, columns: Indices, overlap: Weights, height: int, width: int) -> Indices:
    """[height] column paired with each row, -1 for none; exact in each connected part of the table."""
    chosen = np.full(height, -1, np.int64)
    if not len(rows):
        return chosen
    # Imported here: half a second that only a match with earlier numbers has to spend.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    table = coo_array((np.ones(len(rows)), (rows, columns + height)), shape=(height + width, height + width))
    _, part = connected_components(table, directed=False)
    order = np.argsort(part[rows], kind="stable")
    for entries in np.split(order, np.flatnonzero(np.diff(part[rows][order])) + 1):
        paired_rows, paired_columns = _assigned(rows[entries], columns[entries], overlap[entries])
        chosen[paired_rows] = paired_columns
    return chosen


def _assigned(rows: Indices, columns: Indices, overlap: Weights) -> tuple[Indices, Indices]:
    if len(rows) == 1:
        return rows, columns
    from scipy.optimize import linear_sum_assignment

    row_names, row = np.unique(rows, return_inverse=True)
    column_names, column = np.unique(columns, return_inverse=True)
    dense = np.zeros((len(row_names), len(column_names)))
    dense[row, column] = overlap
    first, second = linear_sum_assignment(dense, maximize=True)
    shared = dense[first, second] > 0
    return row_names[first[shared]], column_names[second[shared]]
