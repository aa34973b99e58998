"""What people decided stays at its pictures when a video's frames are numbered anew (rules 1 and 8)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from django.db import transaction

from backend.media.models import Video
from backend.review.edited import HumanTracklet
from backend.review.models import Anchor
from backend.tracking.arrays import pack_floats, pack_frames, unpack_boxes, unpack_frames, unpack_scores

BATCH = 500
Times = npt.NDArray[np.float64]
Frames = npt.NDArray[np.int32]


@transaction.atomic
def anchors_renumber(*, video: Video, before: Times, after: Times) -> int:
    """Give anchors and people's tracklets in this video the numbers of their pictures now; returns how many anchors.

    before, after  presentation time of every frame, seconds, first = 0, as people's verdicts and as new runs count them

    Of an anchor's frames those stay that are there still, to half a frame; where none is, the nearest ones.
    """
    if np.array_equal(before, after):
        return 0
    anchors = list(Anchor.objects.filter(video=video))
    for anchor in anchors:
        _renumber(anchor, before, after)
    Anchor.objects.bulk_update(anchors, ["frames", "boxes", "first_frame", "last_frame"], batch_size=BATCH)
    humans = list(HumanTracklet.objects.filter(video=video))
    for human in humans:
        _renumber_human(human, before, after)
    HumanTracklet.objects.bulk_update(humans, ["frames", "boxes", "scores", "segments"], batch_size=BATCH)
    return len(anchors)


def _renumber(anchor: Anchor, before: Times, after: Times) -> None:
    frames, rows = _there_still(unpack_frames(anchor.frames), before, after)
    anchor.frames, anchor.boxes = pack_frames(frames), pack_floats(unpack_boxes(anchor.boxes)[rows])
    anchor.first_frame, anchor.last_frame = int(frames[0]), int(frames[-1])


def _renumber_human(human: HumanTracklet, before: Times, after: Times) -> None:
    frames, rows = _there_still(unpack_frames(human.frames), before, after)
    human.frames, human.boxes = pack_frames(frames), pack_floats(unpack_boxes(human.boxes)[rows])
    human.scores = pack_floats(unpack_scores(human.scores)[rows])
    human.segments = [[of, *(_bound(frame, before, after) for frame in ends)] for of, *ends in human.segments]


def _bound(frame: int, before: Times, after: Times) -> int:
    """The number that a first or last frame of a part has now; one beyond the video stays beyond it."""
    if not 0 < frame < len(before):
        return frame
    return round(float(np.interp(before[frame], after, np.arange(len(after)))))


def _there_still(frames: Frames, before: Times, after: Times) -> tuple[Frames, npt.NDArray[np.intp]]:
    """The numbers now of those frames that are there still, and which they were."""
    times = before[frames]
    nearest = np.interp(times, after, np.arange(len(after))).round().astype(np.int32)
    away = np.abs(after[nearest] - times)
    half = np.median(np.diff(after)) / 2 if len(after) > 1 else 0.0
    still = np.flatnonzero(away <= max(half, away.min()))
    numbers, rows = np.unique(nearest[still], return_index=True)
    return numbers, still[rows]
