"""Geometry of boxes that several stages share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.floating]


def areas(boxes: Boxes) -> npt.NDArray[np.floating]:
    """[n] areas of [n, 4] xyxy boxes; a box turned inside out has none."""
    return np.maximum(boxes[..., 2] - boxes[..., 0], 0) * np.maximum(boxes[..., 3] - boxes[..., 1], 0)


def shared_area(left: Boxes, right: Boxes) -> npt.NDArray[np.floating]:
    """Area of the intersection of xyxy boxes that broadcast against each other, [..., 4] -> [...]."""
    width = np.minimum(left[..., 2], right[..., 2]) - np.maximum(left[..., 0], right[..., 0])
    height = np.minimum(left[..., 3], right[..., 3]) - np.maximum(left[..., 1], right[..., 1])
    shared: npt.NDArray[np.floating] = np.maximum(width, 0) * np.maximum(height, 0)
    return shared


def paired_iou(left: Boxes, right: Boxes) -> npt.NDArray[np.floating]:
    """Intersection over union of xyxy boxes that broadcast against each other, [..., 4] -> [...]."""
    shared = shared_area(left, right)
    union = areas(left) + areas(right) - shared
    iou: npt.NDArray[np.floating] = shared / np.maximum(union, np.finfo(union.dtype).tiny)
    return iou


def pairwise_iou(left: Boxes, right: Boxes) -> npt.NDArray[np.floating]:
    """Intersection over union of every left with every right box, [n, 4] and [m, 4] xyxy -> [n, m]."""
    return paired_iou(left[:, None, :], right[None, :, :])
