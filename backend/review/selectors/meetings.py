"""Tracklets that one camera has at one time, and that cannot be one vehicle as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backend.tracking.models import Tracklet
from ml.matching.graph import meetings


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two that one camera has at one time, the first to begin first; `handover`: it may end where the second begins.

    Only within one video: frames of two that overlap, as a recorder's files do, say nothing of each other.
    """

    first: Tracklet
    second: Tracklet
    handover: bool


def meetings_of(rows: Sequence[Tracklet], group_of: Mapping[int, int]) -> list[Meeting]:
    """Of tracklets of different groups; group_of: tracklet id -> its group."""
    starts, ends = (np.array([getattr(row, name) for row in rows], np.float64) for name in ("start_s", "end_s"))
    groups = np.unique([group_of[row.pk] for row in rows], return_inverse=True)[1].astype(np.int32)
    met = meetings([str(row.camera_id) for row in rows], starts, ends, groups)
    both = zip(met.pairs.tolist(), met.handovers.tolist(), strict=True)
    named = ((rows[first], rows[second], handover) for (first, second), handover in both)
    return [Meeting(one, other, handover and one.video_id == other.video_id) for one, other, handover in named]
