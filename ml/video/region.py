"""The part of a picture that is looked at."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ml.types import Float2D, Image, Mask


class Region(NamedTuple):
    """A rectangle in pixels of the full frame, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @staticmethod
    def around(mask: Mask, *, margin: int = 0) -> Region:
        """The smallest region that holds every True pixel of [h, w] `mask` and `margin` pixels more, inside it.

        ValueError for a mask without a True pixel.
        """
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            raise ValueError("the mask is empty: there is nothing to look at")
        height, width = mask.shape
        return Region(
            max(int(columns[0]) - margin, 0),
            max(int(rows[0]) - margin, 0),
            min(int(columns[-1]) + 1 + margin, width),
            min(int(rows[-1]) + 1 + margin, height),
        )

    def of(self, picture: Image) -> Image:
        """A view of the region in a full picture [h, w, 3]; ValueError if it reaches beyond or is empty."""
        height, width = picture.shape[:2]
        if not (0 <= self.left < self.right <= width and 0 <= self.top < self.bottom <= height):
            raise ValueError(f"{self} is empty or reaches beyond a picture of {width}x{height}")
        return picture[self.top : self.bottom, self.left : self.right]

    def to_full_frame(self, boxes: Float2D) -> Float2D:
        """[n, 4] xyxy boxes counted from the region's corner as boxes of the full frame."""
        return boxes + np.array([self.left, self.top, self.left, self.top], np.float32)
