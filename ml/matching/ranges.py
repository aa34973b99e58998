"""Sorted search: ranges found by `searchsorted`, laid out as pairs without an N x N array."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.types import UserError

Indices = npt.NDArray[np.int64]


def expanded(starts: Indices, stops: Indices) -> tuple[Indices, Indices]:
    """Every (row, value) with starts[row] <= value < stops[row]; an empty or reversed range gives none.

    UserError: wrong-shape.
    """
    if starts.ndim != 1 or starts.shape != stops.shape:
        raise UserError("wrong-shape", f"{list(starts.shape)} ranges begin and {list(stops.shape)} end.")
    counts = np.maximum(stops - starts, 0)
    rows = np.repeat(np.arange(len(starts), dtype=np.int64), counts)
    before = np.cumsum(counts) - counts
    return rows, np.arange(int(counts.sum()), dtype=np.int64) - before[rows] + starts[rows]


def unique_pairs(left: Indices, right: Indices, count: int) -> tuple[Indices, Indices]:
    """The pairs as (lower, higher) of `count` items, each once, in rising order."""
    codes = np.sort(np.minimum(left, right) * count + np.maximum(left, right))  # np.unique would hash: slower
    codes = codes[np.diff(codes, prepend=-1) > 0]
    return codes // count, codes % count
