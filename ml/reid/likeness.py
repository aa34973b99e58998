"""Where two pictures look alike to a network: what its similarity loses where a part of one is covered.

Occlusion sensitivity (Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section
4.2), of the similarity of two pictures in place of a class, and with a blur in place of grey, which a network takes
for a thing of its own. It asks nothing of a network but embeddings, so it shows
what the very network sees that the tracklets were compared by, in whatever form it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ml.types import Double2D, Float1D, Float2D, Image, UserError

GRID = 8  # cells along each side of a picture
WINDOW = 3  # cells along each side of what is covered
STEPS = GRID - WINDOW + 1

Embed = Callable[[Sequence[Image]], Float2D]


@dataclass(frozen=True, slots=True)
class Likeness:
    """similarity  cosine of the two embeddings, -1..1
    one, other  [GRID, GRID] of each picture, rows from the top: what the similarity loses, in the mean over the windows
                that cover a cell, when it cannot be seen; above 0 the cell makes the two look alike, below it sets
                them apart
    """

    similarity: float
    one: Double2D
    other: Double2D


def likeness(embed: Embed, one: Image, other: Image) -> Likeness:
    """Compare two RGB pictures of any size; `embed` gives [n, d] L2-normalised vectors of n pictures.

    With f the embedding, s = <f(a), f(b)> and a_w the picture a with window w blurred (a Gaussian as wide as a cell), a
    cell c has the mean of s - <f(a_w), f(b)> over all w that contain c. 2 * (STEPS^2 + 1) pictures are embedded.

    UserError "picture-too-small": a side shorter than GRID pixels.
    """
    for picture in (one, other):
        _require_size(picture)
    seen = [embed(_looks(picture)) for picture in (one, other)]
    (whole_one, *_), (whole_other, *_) = seen
    similarity = float(whole_one @ whole_other)
    maps = [_cells(similarity - parts[1:] @ whole) for parts, whole in zip(seen, (whole_other, whole_one), strict=True)]
    return Likeness(similarity, *maps)


def _require_size(picture: Image) -> None:
    height, width = picture.shape[:2]
    if min(height, width) < GRID:
        message = f"the picture has {width} x {height} pixels; to be looked at in parts it needs {GRID} x {GRID}"
        raise UserError("picture-too-small", message)


def _looks(picture: Image) -> list[Image]:
    """The picture, and the picture with each window covered."""
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), _cell(picture)), np.uint8)
    return [picture, *(_covered(picture, blurred, *window) for window in _windows())]


def _windows() -> list[tuple[int, int]]:
    """The top left cells (row, column) of all windows."""
    return [(row, column) for row in range(STEPS) for column in range(STEPS)]


def _covered(picture: Image, blurred: Image, row: int, column: int) -> Image:
    """The picture with a window of it blurred; what is sharp runs into it, for an edge would be something to see."""
    height, width = picture.shape[:2]
    top, bottom = (round(at * height / GRID) for at in (row, row + WINDOW))
    left, right = (round(at * width / GRID) for at in (column, column + WINDOW))
    window = np.zeros((height, width), np.float32)
    window[top:bottom, left:right] = 1
    share = np.asarray(cv2.GaussianBlur(window, (0, 0), _cell(picture) / 3))[..., None]
    return np.asarray((picture * (1 - share) + blurred * share).round(), np.uint8)


def _cell(picture: Image) -> float:
    """Pixels along the longer side of a cell."""
    height, width = picture.shape[:2]
    return float(max(height, width) / GRID)


def _cells(losses: Float1D) -> Double2D:
    """[STEPS^2] of the windows to [GRID, GRID]: each cell's mean over the windows that cover it."""
    total, count = np.zeros((GRID, GRID)), np.zeros((GRID, GRID))
    for loss, (row, column) in zip(losses, _windows(), strict=True):
        total[row : row + WINDOW, column : column + WINDOW] += loss
        count[row : row + WINDOW, column : column + WINDOW] += 1
    found: Double2D = total / count
    return found
