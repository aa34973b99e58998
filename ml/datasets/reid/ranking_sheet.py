"""A sheet of rankings: queries, each with what was found nearest, framed by right or wrong (VehicleNet, figure 6)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ml.datasets.reid.sheet import CAPTION, GAP, HEADING, LABEL, TILE, blank, tile_of, write
from ml.datasets.reid.table import ReidTable
from ml.types import Float2D, Image

QUERIES, NEAREST = 8, 10
RIGHT, WRONG, QUERY = (0, 114, 178), (213, 94, 0), (230, 160, 0)  # blue, vermilion: told apart by everybody
_INK, _FAINT = (30, 30, 30), (110, 110, 110)


def draw_rankings(
    query: ReidTable, gallery: ReidTable, distances: Float2D, *, queries: int = QUERIES, nearest: int = NEAREST
) -> Image:
    """[h, w, 3] RGB: `queries` of the queries, spread evenly, each followed by the `nearest` pictures of other cameras.

    distances  [queries, gallery]

    Pictures of the query's own vehicle in its own camera are left out, as they are where rankings are scored. Right
    ones have a blue frame, wrong ones a vermilion frame and a cross in the corner.
    """
    count = min(queries, len(query))
    chosen = np.linspace(0, len(query) - 1, count).round().astype(np.int64) if count else np.zeros(0, np.int64)
    heading = blank(HEADING, nearest + 1)
    write(heading, "query, then the nearest: blue is right, crossed is wrong", (GAP, HEADING - 10), 0.55, _INK)
    return np.concatenate([heading, *(_band(query, gallery, distances, int(row), nearest) for row in chosen)])


def ranked(
    query: ReidTable, gallery: ReidTable, distances: Float2D, row: int, *, nearest: int = NEAREST
) -> npt.NDArray[np.int64]:
    """The gallery's rows nearest to query `row`, the nearest first, without those of its vehicle in its camera.

    Of a query whose camera is not known none is left out.
    """
    camera = query.camera_names()[row]
    junk = (gallery.identity == query.identity[row]) & (gallery.camera_names() == camera) & (camera != "")
    order = np.argsort(distances[row], kind="stable")
    found: npt.NDArray[np.int64] = order[~junk[order]][:nearest]
    return found


def _band(query: ReidTable, gallery: ReidTable, distances: Float2D, row: int, nearest: int) -> Image:
    found = ranked(query, gallery, distances, row, nearest=nearest)
    right = gallery.identity[found] == query.identity[row]
    band = blank(TILE + CAPTION + GAP, nearest + 1)
    for line, text in enumerate(_label(query, row, right)):
        write(band, text, (GAP, 20 + 18 * line), 0.45, _INK if line == 0 else _FAINT)
    _place(band, 0, _framed(tile_of(query, row), QUERY, crossed=False), str(query.camera_names()[row]))
    for place, (number, good) in enumerate(zip(found.tolist(), right.tolist(), strict=True), start=1):
        tile = _framed(tile_of(gallery, number), RIGHT if good else WRONG, crossed=not good)
        _place(band, place, tile, f"{gallery.camera_names()[number]} {distances[row, number]:.2f}")
    return band


def _label(query: ReidTable, row: int, right: npt.NDArray[np.bool_]) -> list[str]:
    return [f"vehicle {query.identity[row]}", f"{int(right.sum())} of {len(right)} right"]


def _framed(tile: Image, colour: Sequence[int], *, crossed: bool) -> Image:
    cv2.rectangle(tile, (1, 1), (TILE - 2, TILE - 2), tuple(colour), 4)
    if crossed:
        for start, end in (((8, 8), (24, 24)), ((8, 24), (24, 8))):
            cv2.line(tile, start, end, tuple(colour), 3)
    return tile


def _place(band: Image, place: int, tile: Image, caption: str) -> None:
    left = LABEL + place * (TILE + GAP)
    band[:TILE, left : left + TILE] = tile
    write(band, caption, (left, TILE + CAPTION - 5), 0.4, _FAINT)
