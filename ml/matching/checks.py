"""What a match is given, looked at before anything is compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.matching.graph import IndexPairs
from ml.matching.graph.checks import require_index_pairs
from ml.types import CameraTracklet, Double1D, Float2D, UserError

Rows = npt.NDArray[np.integer]


def require_times(tracklets: Sequence[CameraTracklet], starts_s: Double1D, ends_s: Double1D) -> None:
    """UserError broken-times names the first tracklet that has no finite times, or ends before it begins."""
    wrong = ~(np.isfinite(starts_s) & np.isfinite(ends_s)) | (ends_s < starts_s)
    if wrong.any():
        one = tracklets[int(wrong.argmax())]
        times = f"from {one.start_s} to {one.end_s} s"
        raise UserError("broken-times", f"Tracklet {one.key} of camera {one.camera} is seen {times}: track it again.")


def require_decisions(must_links: IndexPairs, cannot_links: IndexPairs, count: int) -> None:
    """UserError bad-decisions where one is not about two of `count` tracklets."""
    require_index_pairs(must_links, count, "must_links", code="bad-decisions")
    require_index_pairs(cannot_links, count, "cannot_links", code="bad-decisions")


def require_pairs(left: Rows, right: Rows, count: int) -> None:
    """UserError wrong-shape unless there are as many of either, unknown-tracklet where one is not of `count`."""
    if left.ndim != 1 or left.shape != right.shape:
        raise UserError("wrong-shape", f"{list(left.shape)} tracklets cannot be paired with {list(right.shape)}.")
    for rows in (left, right):
        wrong = (rows < 0) | (rows >= count)
        if wrong.any():
            row = rows[int(wrong.argmax())]
            raise UserError("unknown-tracklet", f"There is no tracklet {row}; there are {count}, from 0 on.")


def require_different(cameras: Sequence[str]) -> None:
    """UserError camera-twice names a camera that is listed more than once."""
    twice = [name for name, times in Counter(cameras).items() if times > 1]
    if twice:
        raise UserError("camera-twice", f"Camera {twice[0]} is listed twice: name each once.")


def require_looks(looks: Float2D) -> None:
    """UserError wrong-shape unless there is one row of numbers a tracklet, broken-embedding where one is not finite."""
    if looks.ndim != 2:
        raise UserError("wrong-shape", f"the looks are {list(looks.shape)}; one row of numbers a tracklet is needed.")
    broken = ~np.isfinite(looks).all(axis=1)
    if broken.any():
        row = int(broken.argmax())
        raise UserError("broken-embedding", f"the look of tracklet {row}, from 0 on, holds values that are no numbers.")
