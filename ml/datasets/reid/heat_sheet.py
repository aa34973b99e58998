"""A sheet of heatmaps: vehicles in rows, each picture with where a network responds laid over it."""

from __future__ import annotations

import cv2
import numpy as np

from ml.datasets.reid.pictures import read_picture
from ml.datasets.reid.sheet import CAPTION, GAP, LABEL, TILE, blank, write
from ml.datasets.reid.table import ReidTable
from ml.types import Float1D, Float2D, Image

VEHICLES, VIEWS = 6, 6
_SHARE = 0.45  # of the heat in the mixture
_INK, _FAINT, _BOX = (30, 30, 30), (110, 110, 110), (255, 255, 255)


def sheet_rows(pictures: ReidTable, *, vehicles: int = VEHICLES, views: int = VIEWS) -> list[int]:
    """Rows of some vehicles, spread evenly over their numbers, `views` of each spread over its pictures."""
    numbers = np.unique(pictures.identity)
    chosen = numbers[np.linspace(0, len(numbers) - 1, min(vehicles, len(numbers))).round().astype(np.int64)]
    rows: list[int] = []
    for number in chosen:
        own = np.flatnonzero(pictures.identity == number)
        rows += own[np.linspace(0, len(own) - 1, min(views, len(own))).round().astype(np.int64)].tolist()
    return rows


def draw_heat(pictures: ReidTable, heats: list[Float2D], boxes: Float2D) -> Image:
    """[h, w, 3] RGB: a band a vehicle, its pictures with the heat over them and the box of what is strong in white.

    heats  [h', w'] in 0..1 of each row        boxes  [n, 4] xyxy, pixels of the file
    """
    bands = []
    views = max(np.unique(pictures.identity, return_counts=True)[1].tolist(), default=1)
    for number in dict.fromkeys(pictures.identity.tolist()):
        band = blank(TILE + CAPTION + GAP, views)
        write(band, f"vehicle {number}", (GAP, 20), 0.45, _INK)
        for place, row in enumerate(np.flatnonzero(pictures.identity == number).tolist()):
            left = LABEL + place * (TILE + GAP)
            corner = np.floor(np.nan_to_num(pictures.boxes[row, :2])).clip(min=0)
            box = boxes[row] - np.tile(corner, 2)
            band[:TILE, left : left + TILE] = heated(read_picture(pictures, row), heats[row], box)
            write(band, str(pictures.camera_names()[row]), (left, TILE + CAPTION - 5), 0.4, _FAINT)
        bands.append(band)
    return np.concatenate(bands)


def heated(picture: Image, heat: Float2D, box: Float1D) -> Image:
    """[TILE, TILE, 3] RGB: the picture stretched to a tile, from blue (no response) to red, and the box."""
    height, width = picture.shape[:2]
    whole = cv2.resize(heat, (TILE, TILE), interpolation=cv2.INTER_LINEAR)
    colours = cv2.cvtColor(cv2.applyColorMap((whole * 255).astype(np.uint8), cv2.COLORMAP_TURBO), cv2.COLOR_BGR2RGB)
    tile = cv2.resize(picture, (TILE, TILE), interpolation=cv2.INTER_AREA)
    made = cv2.addWeighted(tile, 1 - _SHARE, colours, _SHARE, 0)
    left, top, right, bottom = (box * np.array([TILE / width, TILE / height] * 2)).round().astype(int).tolist()
    cv2.rectangle(made, (left, top), (right - 1, bottom - 1), _BOX, 1)
    return np.asarray(made, np.uint8)
