"""Fitting pictures into a network's input and boxes back into the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ml.types import Float2D, Image

_MULTIPLE = 32


@dataclass(frozen=True)
class Letterbox:
    """A picture scaled by `scale` into the top left corner of a canvas of `height` x `width`."""

    scale: float
    height: int
    width: int

    @staticmethod
    def fitting(picture: tuple[int, int], limit: tuple[int, int]) -> Letterbox:
        """The largest that keeps the shape of `picture` (height, width) within `limit`, sides multiples of 32."""
        scale = min(limit[0] / picture[0], limit[1] / picture[1])
        height, width = (max(1, -(-round(side * scale) // _MULTIPLE)) * _MULTIPLE for side in picture)
        return Letterbox(scale, min(height, limit[0]), min(width, limit[1]))

    def canvas(self, images: Sequence[Image]) -> Image:
        """[n, height, width, 3] uint8: the pictures, scaled, black around them."""
        canvas = np.zeros((len(images), self.height, self.width, 3), np.uint8)
        for place, image in zip(canvas, images, strict=True):
            height = max(1, min(round(image.shape[0] * self.scale), self.height))
            width = max(1, min(round(image.shape[1] * self.scale), self.width))
            method = cv2.INTER_AREA if self.scale < 0.5 else cv2.INTER_LINEAR
            place[:height, :width] = cv2.resize(image, (width, height), interpolation=method)
        return canvas

    def back(self, boxes: Float2D, picture: tuple[int, int]) -> Float2D:
        """Canvas boxes [n, 4] xyxy in pixels of the picture (height, width), clipped to it."""
        limits = np.array([picture[1], picture[0], picture[1], picture[0]], np.float32)
        clipped: Float2D = np.clip(boxes / np.float32(self.scale), 0, limits).astype(np.float32)
        return clipped
