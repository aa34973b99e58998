"""A verdict stays at its pictures when the frames of its video are numbered anew."""

from __future__ import annotations

import numpy as np

from backend.review.models import Anchor, Verdict
from backend.review.services.renumbering import anchors_renumber
from backend.tracking.arrays import unpack_boxes, unpack_frames
from tests.unit.backend.review.town import Town

BEFORE = np.arange(40) / 10


def anchored(town: Town) -> Anchor:
    """a1 of frames 0 to 19, its box one pixel further right in each: x = 100 + frame."""
    if not Verdict.objects.exists():
        town.say("ann", "a1 b1", "same")
    return Verdict.objects.get().left


def test_frames_after_one_that_is_gone_count_one_less(town: Town) -> None:
    video = anchored(town).video
    assert anchors_renumber(video=video, before=BEFORE, after=np.delete(BEFORE, [5, 6])) == 1
    anchor = anchored(town)
    assert unpack_frames(anchor.frames).tolist() == list(range(18))
    assert unpack_boxes(anchor.boxes)[:, 0].tolist() == [*range(100, 105), *range(107, 120)]
    assert (anchor.first_frame, anchor.last_frame) == (0, 17)


def test_frames_that_were_not_counted_before_move_those_after_them(town: Town) -> None:
    video = anchored(town).video
    anchors_renumber(video=video, before=np.delete(BEFORE, 3), after=BEFORE)
    anchor = anchored(town)
    assert unpack_frames(anchor.frames).tolist() == [0, 1, 2, *range(4, 21)]
    assert unpack_boxes(anchor.boxes)[:, 0].tolist() == list(range(100, 120))


def test_a_vehicle_of_whom_no_picture_is_left_stays_as_near_as_can_be(town: Town) -> None:
    anchors_renumber(video=anchored(town).video, before=BEFORE, after=np.concatenate(([0.0], BEFORE[25:])) + 5)
    anchor = anchored(town)
    assert (unpack_frames(anchor.frames).tolist(), anchor.first_frame, anchor.last_frame) == ([0], 0, 0)


def test_other_videos_and_the_same_numbers_are_left_alone(town: Town) -> None:
    before = (bytes(anchored(town).frames), bytes(anchored(town).boxes))
    assert anchors_renumber(video=anchored(town).video, before=BEFORE, after=BEFORE) == 0
    assert anchors_renumber(video=town.tracklets["c1"].video, before=BEFORE, after=BEFORE[5:]) == 0
    assert (bytes(anchored(town).frames), bytes(anchored(town).boxes)) == before
