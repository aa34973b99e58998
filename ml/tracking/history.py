"""The detections that made a track, kept compactly until the track closes."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

from ml.types import Tracklet

ROW = 7  # frame, x1, y1, x2, y2, score, category


class TrackHistory:
    """Grows by one detection at a time; 56 bytes each."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values = array("d")

    def __len__(self) -> int:
        return len(self._values) // ROW

    def append(self, row: list[float]) -> None:
        """Add one detection: frame, x1, y1, x2, y2, score, category."""
        self._values.extend(row)

    def tracklet(self, number: int) -> Tracklet:
        """The track as its real detections alone; no predicted box is among them."""
        rows = np.frombuffer(self._values, np.float64).reshape(-1, ROW)
        return Tracklet(
            number,
            rows[:, 0].astype(np.int32),
            rows[:, 1:5].astype(np.float32),
            rows[:, 5].astype(np.float32),
            voted_category(rows[:, 6].astype(np.int32), rows[:, 5]),
        )


def voted_category(categories: npt.NDArray[np.int32], scores: npt.NDArray[np.float64]) -> int:
    """The category with the largest sum of scores; the lower number where two are equal."""
    names, rows = np.unique(categories, return_inverse=True)
    return int(names[np.argmax(np.bincount(rows, weights=scores))])
