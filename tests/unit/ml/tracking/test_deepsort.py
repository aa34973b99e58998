from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.tracking import TrackerConfig, create_tracker
from ml.types import Detections, Float2D, Tracklet, UserError

CAR, BUS = 3, 6
Box = tuple[float, float, float, float]


def seen(
    boxes: Iterable[Box], *, features: Float2D | None = None, categories: list[int] | None = None, score: float = 0.9
) -> Detections:
    rows = np.array(list(boxes), np.float32).reshape(-1, 4)
    classes = np.full(len(rows), CAR, np.int32) if categories is None else np.array(categories, np.int32)
    return Detections(np.zeros(len(rows), np.int32), rows, np.full(len(rows), score, np.float32), classes, features)


def plain(**settings: float | str) -> TrackerConfig:
    """DeepSORT with nothing done to its tracklets."""
    given: dict[str, Any] = {"name": "deepsort", "max_age": 20, "interpolate_gap": 0, "smoothing": 0, **settings}
    return TrackerConfig(**given)


def moving(frame: int, *, left: float = 0, top: float = 100, speed: float = 5) -> Box:
    return (left + speed * frame, top, left + speed * frame + 60, top + 40)


def tracked(frames: dict[int, Detections], config: TrackerConfig | None = None) -> list[Tracklet]:
    tracker = create_tracker(config or plain())
    for frame, detections in frames.items():
        tracker.update(frame, detections)
    return tracker.flush()


def test_one_vehicle_is_one_tracklet_of_its_own_boxes() -> None:
    frames = {frame: seen([moving(frame)]) for frame in range(10)}

    (tracklet,) = tracked(frames)

    assert tracklet.number == 1
    assert tracklet.frames.tolist() == list(range(10))
    np.testing.assert_array_equal(tracklet.boxes, [moving(frame) for frame in range(10)])


def test_missed_frames_leave_a_gap_and_no_invented_box() -> None:
    frames = {frame: seen([] if frame in (6, 7, 8) else [moving(frame)]) for frame in range(15)}

    (tracklet,) = tracked(frames)

    assert tracklet.frames.tolist() == [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14]


def test_frames_that_never_came_are_misses() -> None:
    present = [frame for frame in range(20) if frame not in (8, 9, 10)]

    (tracklet,) = tracked({frame: seen([moving(frame)]) for frame in present})

    assert tracklet.frames.tolist() == present


def test_a_track_ends_after_max_age_and_drains() -> None:
    tracker = create_tracker(plain(max_age=4))
    for frame in range(10):
        tracker.update(frame, seen([moving(frame)]))
    for frame in range(10, 14):
        tracker.update(frame, seen([]))
        assert tracker.finished() == []
    tracker.update(14, seen([]))

    assert [tracklet.last_frame for tracklet in tracker.finished()] == [9]
    assert tracker.finished() == []
    assert tracker.flush() == []


def test_a_long_jump_in_frames_ends_every_track() -> None:
    tracker = create_tracker(plain(max_age=4))
    for frame in range(10):
        tracker.update(frame, seen([moving(frame)]))
    tracker.update(1_000_000, seen([moving(9)]))

    assert len(tracker.finished()) == 1


def test_a_vehicle_not_confirmed_in_consecutive_frames_is_dropped() -> None:
    flicker = {frame: seen([moving(frame)] if frame % 3 else []) for frame in range(30)}

    assert tracked(flicker, plain(confirm_hits=3, min_length=1)) == []
    assert len(tracked(flicker, plain(confirm_hits=2, min_length=1))) == 1


@pytest.mark.parametrize(("length", "kept"), [(7, 0), (8, 1)])
def test_short_tracklets_are_dropped(length: int, kept: int) -> None:
    frames = {frame: seen([moving(frame)]) for frame in range(length)}

    assert len(tracked(frames, plain(min_length=8))) == kept


def test_unsure_detections_are_not_tracked() -> None:
    assert tracked({frame: seen([moving(frame)], score=0.2) for frame in range(10)}) == []


def test_boxes_without_an_area_are_left_out() -> None:
    bad: list[Box] = [(10, 10, 10, 50), (5, 5, 50, 5), (0, 0, float("nan"), 9)]
    frames = {frame: seen([*bad, moving(frame)]) for frame in range(10)}

    (tracklet,) = tracked(frames)

    assert len(tracklet) == 10


def test_category_is_the_vote_weighted_by_score() -> None:
    frames = {frame: seen([moving(frame)], categories=[CAR], score=0.3) for frame in range(6)}
    frames |= {frame: seen([moving(frame)], categories=[BUS], score=0.9) for frame in range(6, 9)}

    (tracklet,) = tracked(frames)

    assert tracklet.category == BUS  # 3 x 0.9 against 6 x 0.3


def test_appearance_tells_crossing_vehicles_apart() -> None:
    """Two vehicles meet, hide each other for three frames and turn back: motion alone would swap them."""
    looks = np.eye(2, 8, dtype=np.float32)
    frames = {}
    for frame in range(24):
        if frame in (11, 12, 13):
            frames[frame] = seen([], features=np.zeros((0, 8), np.float32))
            continue
        distance = 5.0 * abs(frame - 12)
        boxes = [(300 - distance - 60, 100.0, 300 - distance, 140.0), (300 + distance, 100.0, 360 + distance, 140.0)]
        frames[frame] = seen(boxes, features=looks)

    tracklets = tracked(frames, plain(gate=100))

    assert len(tracklets) == 2
    for tracklet in tracklets:
        sides = tracklet.boxes[:, 0] >= 300
        assert sides.all() or not sides.any()


def test_gate_refuses_a_jump_however_alike() -> None:
    looks = np.ones((1, 4), np.float32)
    frames = {frame: seen([moving(frame)], features=looks) for frame in range(10)}
    frames |= {frame: seen([moving(frame, left=600)], features=looks) for frame in range(10, 20)}

    assert len(tracked(frames)) == 2


def test_frames_out_of_order_are_refused() -> None:
    tracker = create_tracker(plain())
    tracker.update(5, seen([]))

    with pytest.raises(UserError, match="frame 5 came after frame 5") as refusal:
        tracker.update(5, seen([]))
    assert refusal.value.code == "frames-out-of-order"


def test_features_of_another_size_are_refused() -> None:
    tracker = create_tracker(plain())
    tracker.update(0, seen([moving(0)], features=np.ones((1, 4), np.float32)))

    with pytest.raises(UserError) as refusal:
        tracker.update(1, seen([moving(1)], features=np.ones((1, 5), np.float32)))
    assert refusal.value.code == "feature-size-changed"


def test_unknown_tracker_names_those_there_are() -> None:
    with pytest.raises(UserError, match="deepsort"):
        create_tracker(plain(name="sort"))


@pytest.mark.parametrize(
    "setting", [{"max_age": 0}, {"min_score": 1.5}, {"max_iou_distance": -0.1}, {"gate": 0}, {"gallery_size": 0}]
)
def test_bad_settings_are_refused(setting: dict[str, float]) -> None:
    with pytest.raises(UserError, match=next(iter(setting))) as refusal:
        plain(**setting)
    assert refusal.value.code == "bad-configuration"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_every_box_of_a_tracklet_was_detected_and_none_twice(seed: int, with_features: bool) -> None:
    rng = np.random.default_rng(seed)
    frames = {}
    for frame in range(25):
        count = int(rng.integers(0, 6))
        corners = rng.uniform(0, 150, (count, 2))
        boxes = np.concatenate((corners, corners + rng.uniform(20, 80, (count, 2))), axis=1)
        features = rng.normal(size=(count, 4)).astype(np.float32) if with_features else None
        frames[frame] = seen(boxes.tolist(), features=features)

    tracklets = tracked(frames, plain(confirm_hits=2, min_length=2, max_age=3))

    used = [
        (int(frame), *box.tolist())
        for tracklet in tracklets
        for frame, box in zip(tracklet.frames, tracklet.boxes, strict=True)
    ]
    given_boxes = {(frame, *box.tolist()) for frame, detections in frames.items() for box in detections.boxes}
    assert len(used) == len(set(used))
    assert set(used) <= given_boxes
    assert [tracklet.number for tracklet in tracklets] == list(range(1, len(tracklets) + 1))
    for tracklet in tracklets:
        assert (np.diff(tracklet.frames) > 0).all()
        assert np.diff(tracklet.frames).max(initial=0) <= 4
