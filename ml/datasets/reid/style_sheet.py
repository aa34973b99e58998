"""A sheet of pictures before and after their style was changed: vehicles in bands, both one above the other."""

from __future__ import annotations

import numpy as np

from ml.datasets.reid.heat_sheet import sheet_rows
from ml.datasets.reid.sheet import GAP, LABEL, TILE, blank, tile_of, write
from ml.datasets.reid.table import ReidTable
from ml.types import Image

_INK, _FAINT = (30, 30, 30), (110, 110, 110)


def draw_styles(before: ReidTable, after: ReidTable) -> Image:
    """[h, w, 3] RGB: some vehicles, some views of each; row n of `after` was made of row n of `before`."""
    rows = np.array(sheet_rows(before))
    numbers = before.identity[rows]
    views = int(np.unique(numbers, return_counts=True)[1].max())
    return np.concatenate([_band(before, after, rows[numbers == number], views) for number in dict.fromkeys(numbers)])


def _band(before: ReidTable, after: ReidTable, rows: np.ndarray[tuple[int], np.dtype[np.int64]], views: int) -> Image:
    band = blank(2 * (TILE + GAP) + GAP, views)
    write(band, f"vehicle {before.identity[rows[0]]}", (GAP, 20), 0.45, _INK)
    for line, (table, word) in enumerate(((before, "rendered"), (after, "in the other style"))):
        top = line * (TILE + GAP)
        write(band, word, (GAP, top + TILE // 2), 0.42, _FAINT)
        for place, row in enumerate(rows.tolist()):
            left = LABEL + place * (TILE + GAP)
            band[top : top + TILE, left : left + TILE] = tile_of(table, row)
    return band
