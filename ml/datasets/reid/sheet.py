"""A sheet of samples: a few identities of each part of a set, a few views of each, captioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ml.datasets.reid.pictures import read_picture
from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import UNKNOWN, Ids, ReidTable
from ml.types import Image, UserError

IDENTITIES = 5
VIEWS = 8
TILE = 120
CAPTION = 18
GAP = 6
LABEL = 150
HEADING = 34

_PAPER, _INK, _FAINT, _FRAME = (255, 255, 255), (30, 30, 30), (110, 110, 110), (230, 160, 0)


@dataclass(frozen=True)
class _Row:
    """What stands beside the pictures of one identity, and which they are; the first `framed` get a frame."""

    label: list[str]
    pictures: list[tuple[ReidTable, int]]
    framed: int = 0


def draw_sheet(reid_set: ReidSet, *, identities: int = IDENTITIES, views: int = VIEWS) -> Image:
    """[h, w, 3] RGB. Identities are spread evenly over each part's; views over an identity's cameras.

    A query is framed and followed by gallery pictures of its vehicle. Pictures that cannot be read are crossed out.
    """
    tables = reid_set.tables()
    bands = []
    for name, table in tables.items():
        if name == "gallery" and "query" in tables:
            continue
        rows = _rows(table, reid_set.gallery if name == "query" else None, identities, views)
        bands += [_heading(name, table, views), *(_band(row, views) for row in rows)]
    return np.concatenate(bands)


def _rows(table: ReidTable, gallery: ReidTable | None, identities: int, views: int) -> list[_Row]:
    every, counts = np.unique(table.identity, return_counts=True)
    several = every[counts > 1]
    chosen = _spread(several if len(several) >= identities and gallery is None else every, identities)
    return [_row(table, gallery, int(identity), views) for identity in chosen]


def _row(table: ReidTable, gallery: ReidTable | None, identity: int, views: int) -> _Row:
    own = np.flatnonzero(table.identity == identity)
    if gallery is None or identity == UNKNOWN:
        return _Row(_label(table.take(own), identity), [(table, row) for row in _views(table, own, views)])
    others = np.flatnonzero(gallery.identity == identity)
    pictures = [(table, int(own[0])), *((gallery, row) for row in _views(gallery, others, views - 1))]
    return _Row(_label(gallery.take(others), identity), pictures, framed=1)


def _views(table: ReidTable, rows: Ids, count: int) -> list[int]:
    """`count` of `rows`, spread evenly over them in the order of cameras and tracklets."""
    ordered = rows[np.lexsort((table.tracklet[rows], table.camera[rows]))]
    return [int(row) for row in _spread(ordered, count)]


def _spread(values: Ids, count: int) -> Ids:
    if len(values) <= count:
        return values
    return values[np.linspace(0, len(values) - 1, count).round().astype(np.int64)]


def _label(table: ReidTable, identity: int) -> list[str]:
    lines = ["no identity" if identity == UNKNOWN else f"id {identity}", f"{len(table)} pictures"]
    cameras = len(np.unique(table.camera[table.camera != UNKNOWN]))
    lines += [f"{cameras} cameras"] if cameras else []
    for name, codes in (("type", table.vehicle_type), ("colour", table.colour)):
        known = np.unique(codes[codes != UNKNOWN])
        lines += [f"{name} {' '.join(map(str, known[:4]))}"] if len(known) and identity != UNKNOWN else []
    return lines


def _heading(name: str, table: ReidTable, views: int) -> Image:
    band = blank(HEADING, views)
    count = len(np.unique(table.identity[table.identity != UNKNOWN]))
    beside = " (framed; beside it pictures of the gallery)" if name == "query" else ""
    write(band, f"{name}: {len(table)} pictures, {count} identities{beside}", (GAP, HEADING - 10), 0.55, _INK)
    return band


def _band(row: _Row, views: int) -> Image:
    band = blank(TILE + CAPTION + GAP, views)
    for line, text in enumerate(row.label):
        write(band, text, (GAP, 20 + 18 * line), 0.45, _INK if line == 0 else _FAINT)
    for place, (table, picture) in enumerate(row.pictures):
        left = LABEL + place * (TILE + GAP)
        tile = tile_of(table, picture)
        if place < row.framed:
            cv2.rectangle(tile, (1, 1), (TILE - 2, TILE - 2), _FRAME, 3)
        band[:TILE, left : left + TILE] = tile
        write(band, _caption(table, picture), (left, TILE + CAPTION - 5), 0.4, _FAINT)
    return band


def _caption(table: ReidTable, row: int) -> str:
    """Camera, and orientation and time where they are known."""
    parts = [str(table.camera_names()[row])]
    if not np.isnan(table.orientation_deg[row]):
        parts.append(f"{table.orientation_deg[row]:.0f} deg")
    if not np.isnan(table.time_s[row]):
        parts.append(f"{table.time_s[row]:.1f} s")
    return " ".join(part for part in parts if part)


def tile_of(table: ReidTable, row: int) -> Image:
    """The picture in the middle of a square tile, all of it to be seen."""
    tile = np.full((TILE, TILE, 3), 235, np.uint8)
    try:
        picture = read_picture(table, row)
    except UserError:
        for start, end in (((0, 0), (TILE, TILE)), ((0, TILE), (TILE, 0))):
            cv2.line(tile, start, end, (200, 60, 60), 2)
        return tile
    scale = TILE / max(picture.shape[:2])
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    top, left = (TILE - height) // 2, (TILE - width) // 2
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    tile[top : top + height, left : left + width] = cv2.resize(picture, (width, height), interpolation=interpolation)
    return tile


def blank(height: int, views: int) -> Image:
    return np.full((height, LABEL + views * (TILE + GAP), 3), _PAPER, np.uint8)


def write(image: Image, text: str, at: tuple[int, int], size: float, colour: Sequence[int]) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, tuple(colour), 1, cv2.LINE_AA)
