from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.cleanup import cleaned, interpolated, is_parked, smoothed, split_by_appearance
from ml.tracking.history import BLOCK, TrackHistory
from ml.types import Detections, Tracklet


def tracklet_at(frames: list[int], lefts: list[float]) -> Tracklet:
    boxes = np.array([[left, 10, left + 20, 30] for left in lefts], np.float32)
    return Tracklet(1, np.array(frames, np.int32), boxes, np.linspace(0.5, 1, len(frames), dtype=np.float32))


def history_of(looks: list[int], *, gap_before: dict[int, int] | None = None) -> TrackHistory:
    """One detection a frame; `looks` numbers the unit vector seen in each."""
    history = TrackHistory()
    frame = 0
    for place, look in enumerate(looks):
        frame += 1 + (gap_before or {}).get(place, 0)
        history.append([frame, 0, 0, 10, 10, 0.9, 3], np.eye(3, dtype=np.float32)[look])
    return history


def test_missing_boxes_lie_on_the_line_between_their_neighbours() -> None:
    filled = interpolated(tracklet_at([0, 1, 4], [0, 10, 40]), max_gap=2)

    assert filled.frames.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(filled.boxes[:, 0], [0, 10, 20, 30, 40])
    np.testing.assert_allclose(filled.boxes[:, 2], [20, 30, 40, 50, 60])
    assert filled.scores.tolist() == [0.5, 0.75, 0, 0, 1]  # nobody detected the filled ones


def test_a_longer_gap_stays_open() -> None:
    assert interpolated(tracklet_at([0, 1, 4, 6], [0, 10, 40, 60]), max_gap=1).frames.tolist() == [0, 1, 4, 5, 6]


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, 60), min_size=1, max_size=20), st.integers(0, 12))
def test_filling_keeps_every_box_and_leaves_no_short_gap(frames: set[int], max_gap: int) -> None:
    given_frames = sorted(frames)
    tracklet = tracklet_at(given_frames, [float(frame**2) for frame in given_frames])

    filled = interpolated(tracklet, max_gap)

    kept = np.isin(filled.frames, tracklet.frames)
    np.testing.assert_array_equal(filled.boxes[kept], tracklet.boxes)
    steps = np.diff(filled.frames)
    assert ((steps == 1) | (steps > max_gap + 1)).all()


def test_smoothing_leaves_steady_motion_and_the_ends_alone() -> None:
    steady = tracklet_at(list(range(12)), [3.0 * frame for frame in range(12)])

    np.testing.assert_allclose(smoothed(steady, 1.5).boxes, steady.boxes, atol=1e-4)


def test_smoothing_takes_away_jitter_but_not_across_a_gap() -> None:
    lefts = [100.0 + (-1) ** frame for frame in range(10)] + [500.0 + (-1) ** frame for frame in range(10)]
    jittery = tracklet_at([*range(10), *range(50, 60)], lefts)

    found = smoothed(jittery, 1.0).boxes[:, 0]

    assert abs(found[2:8] - 100).max() < 0.2
    assert abs(found[12:18] - 500).max() < 0.2
    assert abs(found[9] - 99) < 1e-4
    assert abs(found[10] - 501) < 1e-4


def test_one_box_cannot_be_smoothed() -> None:
    alone = tracklet_at([4], [7])

    np.testing.assert_array_equal(smoothed(alone, 2).boxes, alone.boxes)


@pytest.mark.parametrize(
    ("lefts", "parked"),
    [
        ([50.0 + frame % 2 for frame in range(40)], True),
        ([50.0] * 30 + [50.0 + 4 * frame for frame in range(10)], False),  # it drives off
        ([50.0] * 20, False),  # not long enough to know
    ],
)
def test_what_never_leaves_its_place_is_parked(lefts: list[float], parked: bool) -> None:
    assert is_parked(tracklet_at(list(range(len(lefts))), lefts), 30) is parked


def test_a_tracklet_is_cut_where_its_looks_change() -> None:
    history = history_of([0] * 4 * BLOCK + [1] * 4 * BLOCK)

    first, second = split_by_appearance(history, 0.5)

    assert (len(first), len(second)) == (4 * BLOCK, 4 * BLOCK)
    assert (first.first_frame, second.first_frame) == (1, 4 * BLOCK + 1)
    assert second.looks is not None
    np.testing.assert_allclose(second.looks, np.tile([0, BLOCK, 0], (4, 1)))


def test_looks_that_change_all_the_time_are_one_vehicle() -> None:
    history = TrackHistory()
    for frame in range(6 * BLOCK):
        angle = np.radians(60) * (frame // BLOCK)
        history.append([frame, 0, 0, 10, 10, 0.9, 3], np.array([np.cos(angle), np.sin(angle)], np.float32))

    assert split_by_appearance(history, 0.3) == [history]  # half a unit a block, and as much beside it


@pytest.mark.parametrize("max_distance", [0, 1.5])
def test_a_change_within_the_limit_cuts_nothing(max_distance: float) -> None:
    history = history_of([0] * 4 * BLOCK + [1] * 4 * BLOCK)

    assert split_by_appearance(history, max_distance) == [history]


def test_the_pieces_of_a_stitched_tracklet_keep_what_came_before() -> None:
    before, history = history_of([0] * 5), history_of([0] * 3 * BLOCK + [1] * 3 * BLOCK)
    history.before = before

    first, second = split_by_appearance(history, 0.5)

    assert first.before is before
    assert second.before is None


@pytest.mark.parametrize(
    ("setting", "kept"),
    [({"min_length": 10}, True), ({"min_length": 11}, False), ({"parked_frames": 10, "min_length": 1}, False)],
)
def test_cleaning_drops_what_is_short_or_parked(setting: dict[str, Any], kept: bool) -> None:
    tracklet = tracklet_at(list(range(10)), [5.0] * 10)

    assert (cleaned(tracklet, TrackerConfig(**setting)) is not None) is kept


def test_a_tracklet_is_filled_before_it_is_smoothed() -> None:
    config = TrackerConfig(min_length=1, interpolate_gap=5, smoothing=1)

    found = cleaned(tracklet_at([0, 2, 4, 6], [0, 20, 40, 60]), config)

    assert found is not None
    np.testing.assert_allclose(found.boxes[:, 0], np.arange(7) * 10, atol=1e-4)


@pytest.mark.parametrize("begin", [1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK - 1])
def test_looks_that_begin_later_than_the_track_are_no_change(begin: int) -> None:
    looks, history = np.eye(2, dtype=np.float32), TrackHistory()
    for frame in range(10 * BLOCK):
        row = [float(frame), 0, 0, 10, 10, 0.9, 3]
        history.append(row, None if frame < begin else looks[0 if frame < 8 * BLOCK else 1])

    assert [piece.first_frame for piece in split_by_appearance(history, 0.5)] == [0, 8 * BLOCK]


def test_appearance_may_come_later_than_a_track() -> None:
    tracker = create_tracker(TrackerConfig())
    for frame in range(60):
        box = np.array([[2 * frame, 100, 2 * frame + 60, 140]], np.float32)
        three = np.full(1, 3, np.int32)
        look = np.eye(4, dtype=np.float32)[:1] if frame >= 30 else None
        tracker.update(frame, Detections(three, box, np.ones(1, np.float32), three, look))

    assert [len(tracklet) for tracklet in tracker.flush()] == [60]
