from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.smoothed import SmoothedAppearance
from ml.types import Detections, Float2D, Tracklet

Box = tuple[float, float, float, float]


def seen(boxes: Iterable[Box], features: Float2D | None = None) -> Detections:
    rows = np.array(list(boxes), np.float32).reshape(-1, 4)
    count = len(rows)
    return Detections(
        np.zeros(count, np.int32), rows, np.ones(count, np.float32), np.full(count, 3, np.int32), features
    )


def at(left: float) -> Box:
    return (left, 100, left + 60, 140)


def tracked(frames: list[Detections], **settings: float) -> list[Tracklet]:
    plain: dict[str, Any] = {"confirm_hits": 2, "min_length": 1, "interpolate_gap": 0, "smoothing": 0, **settings}
    config = TrackerConfig(name="jde", **plain)
    tracker = create_tracker(config)
    for frame, detections in enumerate(frames):
        tracker.update(frame, detections)
    return sorted(tracker.flush(), key=lambda tracklet: tracklet.first_frame)


def test_a_smoothed_vector_is_the_exponential_mean_scaled_to_length_one() -> None:
    looks = SmoothedAppearance(0.9, 2)
    looks.begin(1)
    looks.add(np.array([0]), np.array([[1, 0]], np.float32))
    looks.add(np.array([0]), np.array([[0, 1]], np.float32))

    # 0.9 (1, 0) + 0.1 (0, 1), over its length
    expected = 1 - np.array([0.9, 0.1]) / np.hypot(0.9, 0.1)
    found = looks.distances(np.eye(2, dtype=np.float32), np.ones((1, 2), bool))
    np.testing.assert_allclose(found, [expected], atol=1e-6)


def test_a_forgotten_track_leaves_the_others_their_looks() -> None:
    looks = SmoothedAppearance(0.9, 2)
    looks.begin(2)
    looks.add(np.array([0, 1]), np.eye(2, dtype=np.float32))
    looks.keep(np.array([False, True]))

    assert looks.distances(np.array([[0, 1]], np.float32), np.ones((1, 1), bool))[0, 0] == pytest.approx(0, abs=1e-6)


def test_appearance_decides_where_both_are_within_the_gate() -> None:
    """Two vehicles side by side change places between two frames: overlap would swap them, their looks do not."""
    looks = np.eye(2, 4, dtype=np.float32)
    frames = [seen([at(0), at(20)], looks) for _ in range(8)] + [seen([at(20), at(0)], looks) for _ in range(8)]

    by_looks = tracked(frames, gate=1000, motion_weight=0)
    by_overlap = tracked([Detections(f.frames, f.boxes, f.scores, f.classes) for f in frames])

    assert sorted(np.unique(t.boxes[:, 0]).tolist() for t in by_looks) == [[0, 20], [0, 20]]
    assert sorted(np.unique(t.boxes[:, 0]).tolist() for t in by_overlap) == [[0], [20]]


def test_a_confirmed_track_whose_looks_changed_goes_on_by_overlap() -> None:
    looks = np.eye(2, dtype=np.float32)
    frames = [seen([at(5 * frame)], looks[[frame // 6]]) for frame in range(12)]

    (tracklet,) = tracked(frames, max_cosine_distance=0.3)

    assert len(tracklet) == 12


def test_an_unconfirmed_track_gets_what_the_confirmed_leave() -> None:
    """The newcomer lies nearer to the one detection of the last frame, the confirmed track takes it."""
    frames = [seen([at(0)]) for _ in range(5)] + [seen([at(0), at(14)]), seen([at(10)])]

    (tracklet,) = tracked(frames)

    assert tracklet.boxes[:, 0].tolist() == [0, 0, 0, 0, 0, 0, 10]


def test_a_jump_out_of_the_gate_is_another_vehicle_however_alike() -> None:
    looks = np.ones((1, 4), np.float32)
    frames = [seen([at(0)], looks)] * 6 + [seen([at(500)], looks)] * 6

    assert [len(tracklet) for tracklet in tracked(frames)] == [6, 6]
