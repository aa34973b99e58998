"""Tracklets of a new run find the old ones they are."""

import numpy as np

from ml.matching.graph import attached, shared_iou
from ml.types import Tracklet


def tracklet(first: int, last: int, x: float = 0.0) -> Tracklet:
    frames = np.arange(first, last + 1, dtype=np.int32)
    boxes = np.tile(np.array([x, 0, x + 10, 10], np.float32), (len(frames), 1))
    return Tracklet(1, frames, boxes, np.ones(len(frames), np.float32))


def test_the_shared_overlap_is_summed_over_common_frames() -> None:
    # Shifted by a quarter of the width: IoU 7.5 / 12.5 = 0.6 in each of the 3 common frames.
    np.testing.assert_allclose(shared_iou(tracklet(0, 4), tracklet(2, 9, x=2.5)), 1.8, rtol=1e-6)


def test_little_overlap_is_none() -> None:
    # Shifted by half the width: IoU 1/3.
    assert shared_iou(tracklet(0, 4), tracklet(0, 4, x=5)) == 0
    assert shared_iou(tracklet(0, 4), tracklet(5, 9)) == 0


def test_a_tracklet_is_the_old_one_that_it_shares_most_with() -> None:
    old = [tracklet(0, 3), tracklet(4, 20), tracklet(0, 20, x=50)]
    new = [tracklet(2, 15), tracklet(0, 20, x=51), tracklet(30, 40), tracklet(0, 9, x=100)]
    assert attached(new, old).tolist() == [1, 2, -1, -1]


def test_without_old_tracklets_all_are_new() -> None:
    assert attached([tracklet(0, 3)], []).tolist() == [-1]
    assert attached([], [tracklet(0, 3)]).tolist() == []
