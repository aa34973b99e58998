from typing import Any

import numpy as np
import pytest

from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.ends import Ends
from ml.tracking.history import BLOCK, TrackHistory
from ml.tracking.stitching import Stitcher, stitching_costs
from ml.types import Detections, Float1D, Tracklet


def path(
    frames: range, *, left: float = 0, speed: float = 0, top: float = 0, height: float = 40, look: Float1D | None = None
) -> TrackHistory:
    """A history that is at `left` in frame 0 and moves `speed` pixels a frame."""
    history = TrackHistory()
    for frame in frames:
        x = left + speed * frame
        history.append([frame, x, top, x + 60, top + height, 0.9, 3], look)
    return history


def cost(end: TrackHistory, start: TrackHistory, *, gap: int = 50, motion: float = 1.5) -> float:
    return float(stitching_costs(Ends.of([end.end]), Ends.of([start.start]), gap=gap, motion=motion)[0, 0])


def test_steady_motion_over_the_gap_costs_nothing() -> None:
    assert cost(path(range(10), speed=5), path(range(20, 30), speed=5)) == pytest.approx(0, abs=1e-9)


def test_cost_is_the_larger_miss_in_heights() -> None:
    # Standing at 0, then at 30 moving 1 a frame, 10 frames later: forwards it misses by 30, backwards by 20 pixels.
    end, start = path(range(10)), path(range(19, 29), left=30 - 19, speed=1)

    assert cost(end, start) == pytest.approx(30 / 40 / 1.5)


def test_size_and_looks_are_added() -> None:
    look, other = np.array([1, 0], np.float32), np.array([0.6, 0.8], np.float32)
    end = path(range(10), height=40, look=look)
    start = path(range(20, 30), top=-4, height=48, look=other)

    assert cost(end, start) == pytest.approx(np.log(48 / 40) + 0.4, abs=1e-6)


@pytest.mark.parametrize("begin", [10, 61])
def test_only_what_begins_within_the_gap_can_follow(begin: int) -> None:
    end = path(range(11))

    assert np.isinf(cost(end, path(range(begin, 80)), gap=50))
    assert np.isfinite(cost(end, path(range(11, 80)), gap=50))


def test_the_ends_of_a_track_that_goes_on_are_found_anew() -> None:
    history = path(range(4), speed=2)
    assert (history.start.line[3], history.end.line[0]) == (2, 3)
    for frame in range(4, 12):
        history.append([frame, 6, 0, 66, 40, 0.9, 3])

    # A line through eight boxes at 0, 2, 4, 6, 6, 6, 6, 6: 34 / 42 pixels a frame.
    assert history.start.line[3] == pytest.approx(34 / 42)
    assert history.end.line.tolist() == [11, 36, 20, 0, 0, 40]


def test_looks_that_are_known_of_one_side_alone_say_nothing() -> None:
    look = np.array([0, 1], np.float32)
    blank, seen = path(range(10)), path(range(20, 30), look=look)
    late = path(range(20, 20 + BLOCK))
    late.append([30, 0, 0, 60, 40, 0.9, 3], look)

    assert cost(blank, seen) == pytest.approx(0, abs=1e-9)
    assert cost(path(range(10), look=look), late) == pytest.approx(0, abs=1e-9)


def settled(stitcher: Stitcher, frame: int | None, *opened: TrackHistory) -> list[list[TrackHistory]]:
    return [history.chain() for history in stitcher.settled(frame, opened)]


def test_a_piece_waits_until_it_is_known_what_follows() -> None:
    stitcher = Stitcher(gap=20, motion=1.5)
    first, second = path(range(10)), path(range(15, 40))
    stitcher.add(first)

    assert settled(stitcher, 29, second) == []
    assert settled(stitcher, 30, second) == []  # it goes on as the second, which is open
    stitcher.add(second)
    assert settled(stitcher, 60) == [[first, second]]


def test_a_track_that_has_hardly_begun_is_waited_for() -> None:
    stitcher = Stitcher(gap=20, motion=1.5)
    first, second = path(range(10)), path(range(29, 31))
    stitcher.add(first)

    assert settled(stitcher, 31, second) == []
    assert second.before is None
    for frame in range(31, 39):
        second.append([frame, 0, 0, 60, 40, 0.9, 3])
    assert settled(stitcher, 39, second) == []
    assert second.before is first


def test_a_piece_that_nothing_follows_comes_out_alone() -> None:
    stitcher = Stitcher(gap=20, motion=1.5)
    first = path(range(10))
    stitcher.add(first)

    assert settled(stitcher, 30, path(range(25, 40), left=500)) == [[first]]


def test_the_better_predecessor_wins_though_it_ended_later() -> None:
    """Two vehicles end near the place where a third piece begins; the one that ends last fits exactly."""
    stitcher = Stitcher(gap=50, motion=1.5)
    near, exact, later = path(range(10), left=30), path(range(14)), path(range(20, 40))
    for history in (near, exact, later):
        stitcher.add(history)

    assert sorted(len(chain) for chain in settled(stitcher, None)) == [1, 2]
    assert later.before is exact


def test_without_a_gap_nothing_is_held_back() -> None:
    stitcher = Stitcher(gap=0, motion=1.5)
    history = path(range(10))
    stitcher.add(history)

    assert settled(stitcher, 10, path(range(10, 30))) == [[history]]


def tracked(lefts: dict[int, float], *, score: float = 0.9, **settings: float) -> list[Tracklet]:
    plain: dict[str, Any] = {"max_age": 3, "interpolate_gap": 0, "smoothing": 0, **settings}
    config = TrackerConfig(name="stitched", **plain)
    tracker = create_tracker(config)
    for frame in range(max(lefts) + 1):
        boxes = np.array([[lefts[frame], 100, lefts[frame] + 60, 140]] if frame in lefts else [], np.float32)
        count = len(boxes)
        scores = np.full(count, score if frame > 5 else 0.9, np.float32)
        none = np.zeros(count, np.int32)
        tracker.update(frame, Detections(none, boxes.reshape(-1, 4), scores, none + 3))
    return tracker.flush()


def test_a_hidden_vehicle_comes_back_as_the_same_one() -> None:
    seen = {frame: 4.0 * frame for frame in range(60) if not 20 <= frame < 40}

    (whole,) = tracked(seen, stitch_gap=30)
    (filled,) = tracked(seen, stitch_gap=30, interpolate_gap=30)

    assert whole.frames.tolist() == sorted(seen)
    np.testing.assert_allclose(filled.boxes[:, 0], 4.0 * np.arange(60), atol=1e-3)
    assert len(tracked(seen, stitch_gap=10)) == 2


def test_a_track_that_is_discarded_takes_no_other_with_it() -> None:
    """A track of 11 boxes is never confirmed: the one before it, which it might have gone on from, comes out."""
    seen = {frame: 4.0 * frame for frame in (*range(50), *range(53, 64), 100)}

    (tracklet,) = tracked(seen, stitch_gap=5, max_age=1, confirm_hits=12)

    assert tracklet.frames.tolist() == list(range(50))


def test_unsure_detections_prolong_a_track_but_begin_none() -> None:
    seen = {frame: 4.0 * frame for frame in range(20)}

    (tracklet,) = tracked(seen, score=0.35, begin_score=0.5)
    assert len(tracklet) == 20
    assert tracked(dict.fromkeys(range(6, 30), 0.0), score=0.35, begin_score=0.5) == []


def test_a_vehicle_that_stands_all_day_holds_no_other_back() -> None:
    """Others pass every 30 frames; each comes out soon after `stitch_gap` frames, while the first still stands."""
    tracker = create_tracker(TrackerConfig(name="stitched", max_age=3, stitch_gap=20))
    out = []
    for frame in range(400):
        left = 300 + 4 * (frame % 30)
        boxes = np.array([[0, 0, 60, 40], [left, 200, left + 60, 240]], np.float32)[: 1 + (frame % 30 < 15)]
        none = np.zeros(len(boxes), np.int32)
        tracker.update(frame, Detections(none, boxes, none + np.float32(0.9), none + 3))
        out += [(frame, tracklet) for tracklet in tracker.finished()]

    assert len(out) == 13
    assert max(frame - tracklet.last_frame for frame, tracklet in out) <= 20 + 2 * BLOCK
    assert max(len(tracklet) for tracklet in tracker.flush()) == 400


@pytest.mark.parametrize("gap", [0, 100])
def test_a_track_that_was_cut_by_its_looks_is_not_put_together_again(gap: int) -> None:
    one, other = np.array([[1, 0]], np.float32), np.array([[0.4, 0.9165]], np.float32)
    tracker = create_tracker(
        TrackerConfig(split_distance=0.3, stitch_gap=gap, max_cosine_distance=2, motion_weight=0, min_length=1)
    )
    for frame in range(100):
        box = np.array([[2 * frame, 100, 2 * frame + 60, 140]], np.float32)
        three = np.full(1, 3, np.int32)
        tracker.update(frame, Detections(three, box, np.ones(1, np.float32), three, one if frame < 50 else other))

    assert [(found.first_frame, found.last_frame) for found in tracker.flush()] == [(0, 49), (50, 99)]
