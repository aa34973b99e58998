"""The trackers on the benchmark city: exact boxes, and boxes as a detector might give them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.mot import TrackRows, read_tracks
from ml.evaluation import MotScore, MtmcRows, score_mot
from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.registry import TRACKERS
from ml.types import Detections, Float2D, Tracklet

pytestmark = pytest.mark.slow
FRAMES = 1000


@pytest.fixture
def truth(shared_data: Path) -> TrackRows:
    """Camera c001: vehicles drive, queue at the lights and hide each other."""
    return read_tracks(shared_data / "city_a" / "S01" / "c001" / "gt" / "gt.txt")


def detections_of(truth: TrackRows, *, recall: float, jitter: float) -> Detections:
    """The true boxes, some lost, corners moved by `jitter` of the box's size."""
    rng = np.random.default_rng(2)
    order = np.argsort(truth.frames, kind="stable")
    rows = order[rng.random(len(order)) < recall]
    boxes = truth.boxes[rows]
    sizes = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    moved = (boxes + rng.normal(0, jitter, boxes.shape) * sizes).astype(np.float32)
    return Detections(truth.frames[rows], moved, np.full(len(rows), 0.8, np.float32), np.full(len(rows), 3, np.int32))


def tracked(detections: Detections, name: str) -> list[Tracklet]:
    tracker = create_tracker(TrackerConfig(name=name))
    tracklets = []
    for frame, found in detections.by_frame(0, FRAMES - 1):
        tracker.update(frame, found)
        tracklets += tracker.finished()
    return tracklets + tracker.flush()


def xywh(boxes: Float2D) -> np.ndarray:
    return np.column_stack((boxes[:, :2], boxes[:, 2:] - boxes[:, :2])).astype(np.float64)


def scored(truth: TrackRows, tracklets: list[Tracklet]) -> MotScore:
    found = TrackRows.of(tracklets)
    sides = [MtmcRows(np.full(len(rows), "c001"), rows.ids, rows.frames, xywh(rows.boxes)) for rows in (truth, found)]
    return score_mot(*sides, frame_count=FRAMES)


@pytest.mark.parametrize("name", list(TRACKERS))
def test_exact_boxes_give_nearly_exact_tracks(truth: TrackRows, name: str) -> None:
    score = scored(truth, tracked(detections_of(truth, recall=1, jitter=0), name))

    assert score.idf1 > 0.95
    assert score.mota > 0.95


@pytest.mark.parametrize("name", list(TRACKERS))
def test_lost_and_moved_boxes_leave_most_of_each_track_whole(truth: TrackRows, name: str) -> None:
    score = scored(truth, tracked(detections_of(truth, recall=0.9, jitter=0.02), name))

    assert score.idf1 > 0.8
    assert score.mota > 0.8
