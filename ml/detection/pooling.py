"""Appearance features for the tracker, pooled from a detector's own feature maps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.types import Float2D

FeatureMap = npt.NDArray[np.float32]  # [c, h, w]


def roi_align(features: FeatureMap, boxes: Float2D, stride: float, cells: int) -> npt.NDArray[np.float32]:
    """Bilinear samples of a feature map at the centres of cells x cells parts of each box.

    features  [c, h, w]; the value at row y, column x belongs to input pixel ((x + 0.5), (y + 0.5)) * stride
    boxes     [n, 4] xyxy input pixels
    Returns   [n, c, cells, cells]
    """
    steps = (np.arange(cells, dtype=np.float32) + 0.5) / cells
    left, top, right, bottom = (boxes[:, side, None] for side in range(4))
    columns = (left + steps * (right - left)) / stride - 0.5
    rows = (top + steps * (bottom - top)) / stride - 0.5
    return _bilinear(features, rows, columns)


def _bilinear(features: FeatureMap, rows: Float2D, columns: Float2D) -> npt.NDArray[np.float32]:
    """Values at the grid rows x columns of each box, [n, k] each -> [n, c, k, k]; outside, the border's."""
    _, height, width = features.shape
    rows, columns = rows.clip(0, height - 1), columns.clip(0, width - 1)
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    below, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    down, across = (rows - top)[:, :, None, None], (columns - left)[:, None, :, None]
    by_place = features.transpose(1, 2, 0)
    upper = _mix(by_place, top, left, right, across)
    lower = _mix(by_place, below, left, right, across)
    return (upper + (lower - upper) * down).transpose(0, 3, 1, 2)


def _mix(
    by_place: FeatureMap,
    rows: npt.NDArray[np.intp],
    left: npt.NDArray[np.intp],
    right: npt.NDArray[np.intp],
    across: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Values between columns `left` and `right` of the given rows, [n, k, k, c]."""
    near = by_place[rows[:, :, None], left[:, None, :]]
    far = by_place[rows[:, :, None], right[:, None, :]]
    return near + (far - near) * across


def normalised(features: Float2D) -> Float2D:
    """Rows of L2 length 1; a row of zeros stays."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    scaled: Float2D = (features / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return scaled
