"""Squares that a detector learns from instead of whole pictures: most of a street's picture shows no vehicle."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ml.detection.training.ignoring import IGNORED
from ml.detection.training.recipe import DetectorRecipe
from ml.types import Float2D, Image, Mask

_LEAST_SHARE = 0.4  # of a vehicle's box inside the square for it to be learned; else it does not count

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Square:
    """`side` pixels a side at (left, top) of a picture that was scaled to `size` (height, width)."""

    left: int
    top: int
    side: int
    size: tuple[int, int]

    def cut(
        self, image: Image, boxes: Float2D, labels: Labels, masks: list[Mask] | None
    ) -> tuple[Image, Float2D, Labels, list[Mask] | None]:
        """What of a picture with its boxes [n, 4], labels [n] and masks lies in the square, in the square's pixels.

        Those labelled `IGNORED` stand last; masks are those of the others. Boxes are clipped; of those that lose too
        much the label becomes `IGNORED`, and they come after the others.
        Where the picture ends the square is black.
        """
        factors = np.array([self.size[1] / image.shape[1], self.size[0] / image.shape[0]] * 2, np.float32)
        moved = boxes * factors - np.array([self.left, self.top] * 2, np.float32)
        clipped = np.clip(moved, 0, self.side).astype(np.float32)
        share = _area(clipped) / np.maximum(_area(moved), 1e-6)
        inside = (clipped[:, 2:] - clipped[:, :2]).min(axis=1, initial=np.inf) >= 1
        counted = np.flatnonzero(inside & (share >= _LEAST_SHARE) & (labels != IGNORED))
        ignored = np.flatnonzero(inside & ((share < _LEAST_SHARE) | (labels == IGNORED)))
        found = np.concatenate([labels[counted], np.full(len(ignored), IGNORED, np.int64)])
        kept = None if masks is None else [self._part(mask.astype(np.uint8)).astype(np.bool_) for mask in masks]
        kept = kept if kept is None else [kept[row] for row in counted]
        return self._part(image), clipped[np.concatenate([counted, ignored])], found, kept

    def _part(self, values: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        height, width = self.size
        method = cv2.INTER_NEAREST if values.ndim == 2 else cv2.INTER_LINEAR
        scaled = values if values.shape[:2] == self.size else cv2.resize(values, (width, height), interpolation=method)
        part = scaled[self.top : self.top + self.side, self.left : self.left + self.side]
        square = np.zeros((self.side, self.side, *values.shape[2:]), np.uint8)
        square[: part.shape[0], : part.shape[1]] = part
        return square


def drawn_square(boxes: Float2D, picture: tuple[int, int], recipe: DetectorRecipe, draw: np.random.Generator) -> Square:
    """A square of `recipe.crop` of a picture (height, width) with vehicles at `boxes` [n, 4], scaled as drawn.

    For `recipe.crop_on_vehicle` of the pictures with a vehicle, the middle of one of them lies in the square.
    """
    fitting = min(recipe.min_size / min(picture), recipe.max_size / max(picture))
    scale = fitting * draw.uniform(*recipe.scale_jitter)
    size = (max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale)))
    spare = np.maximum(0, np.array(size) - recipe.crop)
    place = draw.uniform(0, 1, 2) * spare
    if len(boxes) and draw.random() < recipe.crop_on_vehicle:
        box = boxes[draw.integers(len(boxes))] * scale
        middle = np.array([box[1] + box[3], box[0] + box[2]]) / 2
        place = np.clip(middle - draw.uniform(0.2, 0.8, 2) * recipe.crop, 0, spare)
    return Square(int(place[1]), int(place[0]), recipe.crop, size)


def _area(boxes: Float2D) -> npt.NDArray[np.float32]:
    sides = boxes[:, 2:] - boxes[:, :2]
    area: npt.NDArray[np.float32] = sides[:, 0] * sides[:, 1]
    return area
