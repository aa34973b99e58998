"""Tracking inside a region of interest."""

from dataclasses import replace

import numpy as np
import pytest

from ml.pipeline.track import track_detections, widened
from ml.tracking import TrackerConfig
from ml.types import Detections, Mask, Tracklet

SIZE = 40


@pytest.fixture
def roi() -> Mask:
    """The lower half of a picture of 100 by 300 pixels."""
    mask = np.zeros((100, 300), bool)
    mask[50:] = True
    return mask


def tracked(bottoms: list[float], roi: Mask | None, *, margin: int = 0) -> list[Tracklet]:
    """What becomes of one vehicle that moves to the right, the lower edge of its box at `bottoms`."""
    count = len(bottoms)
    left, bottom = 4.0 * np.arange(count), np.array(bottoms)
    boxes = np.column_stack((left, bottom - SIZE, left + SIZE, bottom)).astype(np.float32)
    frames = np.arange(count, dtype=np.int32)
    found = Detections(frames, boxes, np.full(count, 0.9, np.float32), np.full(count, 3, np.int32))
    config = TrackerConfig(min_length=3, interpolate_gap=0, smoothing=0, stitch_gap=0, roi_margin=margin)
    return list(track_detections([(0, count - 1, found)], config=config, roi=roi))


def test_a_tracker_without_features_is_shown_none() -> None:
    """The vehicle jumps too far for overlap; its features say that it is the same one."""
    boxes = np.array([[0, 0, 20, 20], [0, 0, 20, 20], [0, 0, 20, 20], [15, 0, 35, 20], [15, 0, 35, 20]], np.float32)
    features = np.tile(np.array([1, 0], np.float32), (5, 1))
    found = Detections(np.arange(5, dtype=np.int32), boxes, np.full(5, 0.9, np.float32), np.full(5, 3), features)
    config = TrackerConfig.of(name="deepsort", min_length=2, confirm_hits=1, max_iou_distance=0.7, gate=1e6)
    lengths = {
        kind: [len(one) for one in track_detections([(0, 4, found)], config=replace(config, features=kind))]
        for kind in ("detector", "none")
    }
    assert lengths == {"detector": [5], "none": [3, 2]}


def test_a_vehicle_is_followed_inside_the_region_alone(roi: Mask) -> None:
    (tracklet,) = tracked([46.0] * 8 + [54.0] * 12, roi)

    assert tracklet.frames.tolist() == list(range(8, 20))


def test_a_vehicle_on_the_border_is_followed_in_the_margin_and_shown_inside(roi: Mask) -> None:
    bottoms = [54.0, 47.0, 47.0] * 8  # in the region one frame in three: never three frames running

    assert tracked(bottoms, roi) == []
    (tracklet,) = tracked(bottoms, roi, margin=5)
    assert tracklet.frames.tolist() == list(range(0, 24, 3))


def test_nothing_is_left_of_a_vehicle_that_was_in_the_margin_alone(roi: Mask) -> None:
    assert tracked([47.0] * 10, roi, margin=5) == []


@pytest.mark.parametrize(("inside", "kept"), [(2, []), (3, [3])])
def test_a_vehicle_that_was_hardly_seen_inside_is_dropped(roi: Mask, inside: int, kept: list[int]) -> None:
    """`min_length` is 3."""
    assert [len(tracklet) for tracklet in tracked([47.0] * 10 + [54.0] * inside, roi, margin=5)] == kept


def test_boxes_that_were_filled_inside_are_no_vehicle_seen_there() -> None:
    """Hidden all the time that it is in the region, and found before and after it."""
    frames = np.array([frame for frame in range(60) if not 20 <= frame < 40], np.int32)
    left = 100 + 4 * frames
    boxes = np.column_stack((left, left * 0 + 20, left + 30, left * 0 + 50)).astype(np.float32)
    found = Detections(frames, boxes, np.full(40, 0.9, np.float32), np.full(40, 3, np.int32))
    roi = np.zeros((100, 400), bool)
    roi[:, 200:230] = True
    config = TrackerConfig(roi_margin=200, min_length=1)

    assert [tracklet.frames.tolist() for tracklet in track_detections([(0, 59, found)], config=config)] == [
        [*range(60)]
    ]
    assert list(track_detections([(0, 59, found)], config=config, roi=roi)) == []


def test_the_margin_reaches_as_many_rows_and_columns() -> None:
    roi = np.zeros((7, 9), bool)
    roi[3, 4] = True

    wider = widened(roi, 2)

    assert wider is not None
    assert np.argwhere(wider).min(axis=0).tolist() == [1, 2]
    assert np.argwhere(wider).max(axis=0).tolist() == [5, 6]
    assert wider.sum() == 25
    assert widened(None, 2) is None
