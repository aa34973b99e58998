"""Which earlier tracklet a tracklet of a new run is: by overlap in the picture, as names and numbers change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.boxes import paired_iou
from ml.types import Int1D, Tracklet, UserError

MIN_MEAN_IOU = 0.5


def attached(new: Sequence[Tracklet], old: Sequence[Tracklet]) -> Int1D:
    """For each new tracklet of a video the index of the old one it is, or -1.

    It is an old one where their mean IoU over their common frames is at least 0.5; of several, the one with
    which it shares most (the sum of IoU), the earlier in `old` where that is equal. Returns [n] int32.
    UserError broken-boxes.
    """
    _require_boxes([*new, *old])
    best = np.full(len(new), -1, np.int32)
    firsts = np.array([tracklet.first_frame for tracklet in old], np.int64)
    lasts = np.array([tracklet.last_frame for tracklet in old], np.int64)
    for row, tracklet in enumerate(new):
        near = np.flatnonzero((firsts <= tracklet.last_frame) & (lasts >= tracklet.first_frame))
        shared = np.array([_shared(tracklet, old[index]) for index in near.tolist()], np.float64)
        if shared.any():
            best[row] = near[np.argmax(shared)]
    return best


def shared_iou(left: Tracklet, right: Tracklet) -> float:
    """Sum of IoU over the common frames, or 0 where its mean is below 0.5. UserError broken-boxes."""
    _require_boxes([left, right])
    return _shared(left, right)


def _shared(left: Tracklet, right: Tracklet) -> float:
    _, rows, columns = np.intersect1d(left.frames, right.frames, assume_unique=True, return_indices=True)
    if not len(rows):
        return 0.0
    overlaps = paired_iou(left.boxes[rows], right.boxes[columns])
    return float(overlaps.sum()) if overlaps.mean() >= MIN_MEAN_IOU else 0.0


def _require_boxes(tracklets: Sequence[Tracklet]) -> None:
    for tracklet in tracklets:
        if not len(tracklet) or tracklet.boxes.shape != (len(tracklet), 4) or not np.isfinite(tracklet.boxes).all():
            boxes = f"{list(tracklet.boxes.shape)} boxes in {len(tracklet)} frames"
            raise UserError("broken-boxes", f"Tracklet {tracklet.number} has {boxes}; each needs 4 finite numbers.")
