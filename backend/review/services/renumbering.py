"""Verdicts stay at the pictures that they are about when a video's frames are numbered anew (rules 1 and 8)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from django.db import transaction

from backend.media.models import Video
from backend.review.models import Anchor
from backend.tracking.arrays import pack_floats, pack_frames, unpack_boxes, unpack_frames

BATCH = 500
Times = npt.NDArray[np.float64]


@transaction.atomic
def anchors_renumber(*, video: Video, before: Times, after: Times) -> int:
    """Give the anchors in this video the numbers that their pictures have now; returns how many anchors.

    before, after  presentation time of every frame, seconds, first = 0, as people's verdicts and as new runs count them

    Of an anchor's frames those stay that are there still, to half a frame; where none is, the nearest ones.
    """
    if np.array_equal(before, after):
        return 0
    anchors = list(Anchor.objects.filter(video=video))
    for anchor in anchors:
        _renumber(anchor, before, after)
    Anchor.objects.bulk_update(anchors, ["frames", "boxes", "first_frame", "last_frame"], batch_size=BATCH)
    return len(anchors)


def _renumber(anchor: Anchor, before: Times, after: Times) -> None:
    times = before[unpack_frames(anchor.frames)]
    nearest = np.interp(times, after, np.arange(len(after))).round().astype(np.int64)
    away = np.abs(after[nearest] - times)
    half = np.median(np.diff(after)) / 2 if len(after) > 1 else 0.0
    still = np.flatnonzero(away <= max(half, away.min()))
    frames, rows = np.unique(nearest[still], return_index=True)
    anchor.frames, anchor.boxes = pack_frames(frames), pack_floats(unpack_boxes(anchor.boxes)[still[rows]])
    anchor.first_frame, anchor.last_frame = int(frames[0]), int(frames[-1])
