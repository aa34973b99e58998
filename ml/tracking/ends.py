"""How a piece of a vehicle's way begins and ends: place, speed, size and looks there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.types import Bool1D, Double1D, Double2D, Float1D, Float2D

MOTION_BOXES = 8  # boxes at an end that its speed is taken from


@dataclass(frozen=True, slots=True)
class End:
    """One end of one history, as a straight line fitted to its boxes says.

    line  [6] float64 frame, centre (x, y) in that frame, velocity (x, y) in pixels a frame, median height in pixels
    look  [d] float32 L2-normalised, or None where it is not known
    """

    line: Double1D
    look: Float1D | None

    @staticmethod
    def first(rows: Double2D, looks: Sequence[Float1D]) -> End:
        """Of a history's rows (`TrackHistory.rows`) and its first blocks of looks."""
        return End(_line(rows[:MOTION_BOXES], 0), _look(looks))

    @staticmethod
    def last(rows: Double2D, looks: Sequence[Float1D]) -> End:
        """Of a history's rows and its last blocks of looks."""
        return End(_line(rows[-MOTION_BOXES:], -1), _look(looks))


@dataclass(frozen=True, slots=True)
class Ends:
    """n ends, of n histories.

    frames      [n] float64                      heights  [n] median height of the boxes, pixels
    centres     [n, 2] pixels at that frame      looks    [n, d] float32 L2-normalised, zeros where not known
    velocities  [n, 2] pixels a frame            seen     [n] whether their looks are known
    """

    frames: Double1D
    centres: Double2D
    velocities: Double2D
    heights: Double1D
    looks: Float2D
    seen: Bool1D

    @staticmethod
    def of(ends: Sequence[End]) -> Ends:
        table = np.array([end.line for end in ends])
        size = max((len(end.look) for end in ends if end.look is not None), default=0)
        unknown = np.zeros(size, np.float32)
        looks = np.array([unknown if end.look is None else end.look for end in ends])
        seen = np.array([end.look is not None for end in ends])
        return Ends(table[:, 0], table[:, 1:3], table[:, 3:5], table[:, 5], looks, seen)


def _line(rows: Double2D, at: int) -> Double1D:
    frames, boxes = rows[:, 0], rows[:, 1:5]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    offsets = frames - frames.mean()
    velocity = offsets @ centres / np.maximum(offsets @ offsets, 1)
    centre = centres.mean(axis=0) + velocity * offsets[at]
    height = np.median(boxes[:, 3] - boxes[:, 1])
    return np.concatenate(([frames[at]], centre, velocity, [height]))


def _look(sums: Sequence[Float1D]) -> Float1D | None:
    """The direction of the blocks' sum; None where there is no block, or none in which anything was seen."""
    if not len(sums):
        return None
    total: Float1D = np.sum(sums, axis=0)
    length = float(np.linalg.norm(total))
    return total / length if length > 0 else None
