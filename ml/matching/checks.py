"""What a match is given, looked at before anything is compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.matching.graph import IndexPairs
from ml.matching.graph.checks import require_index_pairs
from ml.types import CameraLink, CameraTracklet, Double1D, UserError


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


def require_links(links: Sequence[CameraLink]) -> None:
    """UserError bad-link names the first link whose window is none."""
    for link in links:
        if not link.min_s <= link.max_s:
            window = f"{link.min_s} to {link.max_s} s"
            raise UserError("bad-link", f"Link {link.source} -> {link.target} has the window {window}: set it anew.")
