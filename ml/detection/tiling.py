"""Looking at a picture in overlapping tiles as well, for vehicles that are too small in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ml.detection.filters import inter_class_nms
from ml.types import Bool1D, Detections, Float2D, Image

if TYPE_CHECKING:
    from ml.detection.config import DetectorConfig
    from ml.detection.registry import Detector

_CUT = 0.01  # of a tile's side: a box that comes this near to an inner border counts as cut off by it


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of a picture of `height` x `width`: rows top..bottom, columns left..right, ends exclusive."""

    left: int
    top: int
    right: int
    bottom: int
    height: int
    width: int

    def of(self, image: Image) -> Image:
        return np.ascontiguousarray(image[self.top : self.bottom, self.left : self.right])

    def back(self, boxes: Float2D) -> Float2D:
        """Boxes [n, 4] xyxy of the tile in pixels of the picture."""
        return boxes + np.array([self.left, self.top, self.left, self.top], np.float32)

    def whole(self, boxes: Float2D) -> Bool1D:
        """Which boxes [n, 4] of the picture the tile does not cut off; the picture's own border cuts nothing."""
        across, down = _CUT * (self.right - self.left), _CUT * (self.bottom - self.top)
        left = self.left + across if self.left > 0 else -np.inf
        top = self.top + down if self.top > 0 else -np.inf
        right = self.right - across if self.right < self.width else np.inf
        bottom = self.bottom - down if self.bottom < self.height else np.inf
        inside = (boxes >= [left, top, -np.inf, -np.inf]) & (boxes <= [np.inf, np.inf, right, bottom])
        return np.asarray(inside.all(axis=1))


def tiles_of(height: int, width: int, count: int, overlap: float) -> list[Tile]:
    """count x count tiles of equal size over a picture, row by row; neighbours share `overlap` of a side."""
    rows, columns = _spans(height, count, overlap), _spans(width, count, overlap)
    return [Tile(left, top, right, bottom, height, width) for top, bottom in rows for left, right in columns]


def _spans(side: int, count: int, overlap: float) -> list[tuple[int, int]]:
    length = min(side, int(np.ceil(side / (count - (count - 1) * overlap))))
    starts = np.linspace(0, side - length, count).round().astype(int).tolist()
    return [(start, start + length) for start in starts]


class TiledDetector:
    """Asks a detector about the whole picture and about its tiles, and joins the answers by suppression.

    What a tile's border cuts off is left to the neighbour that holds all of it, or to the look at the whole.
    """

    def __init__(self, whole: Detector, part: Detector, config: DetectorConfig) -> None:
        """whole, part  detectors for the picture and for tiles of it; they may be the same"""
        self.name = whole.name
        self.feature_size = whole.feature_size
        self.ahead = whole.ahead
        self._whole = whole
        self._part = part
        self._config = config

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """Vehicles in each picture [h, w, 3] RGB, best first; frames are all 0."""
        return [self._joined(image, found) for image, found in zip(images, self._whole.detect(images), strict=True)]

    def _joined(self, image: Image, found: Detections) -> Detections:
        height, width = image.shape[:2]
        tiles = tiles_of(height, width, self._config.tiles, self._config.tile_overlap)
        parts = self._part.detect([tile.of(image) for tile in tiles])
        moved = [replace(part, boxes=tile.back(part.boxes)) for tile, part in zip(tiles, parts, strict=True)]
        uncut = [part.take(tile.whole(part.boxes)) for tile, part in zip(tiles, moved, strict=True)]
        together = Detections.concatenate([found, *uncut])
        return inter_class_nms(together, self._config.nms_iou, weighted=self._config.weighted_nms)
