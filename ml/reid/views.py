"""Which pictures of a tracklet are worth looking at."""

from __future__ import annotations

import numpy as np

from ml.boxes import areas
from ml.types import Bool1D, Float2D, Int1D, Mask, Tracklet

BORDER = 2.0  # pixels; a box this near the frame's edge is cut off by it


def choose_views(tracklet: Tracklet, *, count: int, frame_size: tuple[int, int], roi: Mask | None = None) -> Int1D:
    """Frames of up to `count` views, rising: spread over the tracklet, the largest whole vehicle of each part.

    The detected boxes (score above 0) that show the whole vehicle (not cut by the frame's border, inside the ROI) are
    cut into `count` runs of equal length, and each run gives its largest box, the first of equals. Where no box is
    whole, all detected ones take part, and where none was detected, all. frame_size is (width, height) in pixels.
    """
    detected = tracklet.scores > 0
    whole = fully_visible(tracklet.boxes, frame_size, roi)
    choices = (whole & detected, detected, np.ones(len(tracklet), bool))
    rows = next(np.flatnonzero(choice) for choice in choices if choice.any())
    sizes = areas(tracklet.boxes)
    runs = np.array_split(rows, min(count, len(rows)))
    return tracklet.frames[[run[np.argmax(sizes[run])] for run in runs]]


def fully_visible(boxes: Float2D, frame_size: tuple[int, int], roi: Mask | None = None) -> Bool1D:
    """[n] true where the frame's border does not cut the box and its bottom centre is inside the ROI."""
    width, height = frame_size
    begins = (boxes[:, :2] >= BORDER).all(axis=1)
    ends = (boxes[:, 2:] <= np.array([width, height]) - BORDER).all(axis=1)
    whole: Bool1D = np.logical_and(begins, ends)
    if roi is not None:
        column = ((boxes[:, 0] + boxes[:, 2]) / 2).astype(np.intp).clip(0, roi.shape[1] - 1)
        line = (boxes[:, 3] - 1).astype(np.intp).clip(0, roi.shape[0] - 1)
        whole &= roi[line, column]
    return whole
