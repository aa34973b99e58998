"""What a match is given, looked at before anything is compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.matching.graph import IndexPairs
from ml.types import CameraTracklet, Double1D, UserError


def require_times(tracklets: Sequence[CameraTracklet], starts_s: Double1D, ends_s: Double1D) -> None:
    """UserError broken-times names the first tracklet that has no finite times, or ends before it begins."""
    wrong = ~(np.isfinite(starts_s) & np.isfinite(ends_s)) | (ends_s < starts_s)
    if wrong.any():
        one = tracklets[int(wrong.argmax())]
        times = f"from {one.start_s} to {one.end_s} s"
        raise UserError("broken-times", f"Tracklet {one.key} of camera {one.camera} is seen {times}: track it again.")


def require_pairs(pairs: IndexPairs, count: int, name: str) -> None:
    """UserError bad-decisions where `pairs` are not [k, 2] indices of two of `count` tracklets each."""
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        shape = f"{pairs.dtype} {list(pairs.shape)}"
        raise UserError("bad-decisions", f"{name} are {shape}; they must be pairs of indices, integers [k, 2].")
    wrong = ((pairs < 0) | (pairs >= count)).any(axis=1) | (pairs[:, 0] == pairs[:, 1])
    if wrong.any():
        one, other = pairs[int(wrong.argmax())].tolist()
        raise UserError("bad-decisions", f"{name} hold ({one}, {other}); there are {count} tracklets, from 0 on.")
