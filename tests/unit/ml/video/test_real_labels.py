"""The labels of the real clip: in order, one box an id and frame, inside the picture, moving as vehicles do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.mot import TrackRows, read_tracks
from ml.video import index_frames, probe

REPOSITORY = Path(__file__).resolve().parents[4]
LABELS = REPOSITORY / "fixtures" / "real" / "car-detection" / "gt" / "gt.txt"
CLIP = REPOSITORY.parent / "shared" / "data" / "real" / "car-detection.mp4"
WIDTH, HEIGHT, FRAMES = 768, 432, 377
FIRST_AND_LAST = {1: (54, 108), 2: (181, 228), 3: (187, 238), 4: (315, 347)}  # counted from 0


@pytest.fixture(scope="module")
def labels() -> TrackRows:
    return read_tracks(LABELS)


def test_labels_are_in_the_order_of_frames_and_ids(labels: TrackRows) -> None:
    assert len(labels) == 188
    assert len(np.unique(labels.frames)) == 146
    keys = labels.frames.astype(np.int64) * 10 + labels.ids
    assert (np.diff(keys) > 0).all()


def test_each_vehicle_is_labelled_in_every_frame_from_entry_to_exit(labels: TrackRows) -> None:
    spans = {t.number: (t.first_frame, t.last_frame) for t in labels.tracklets()}
    assert spans == FIRST_AND_LAST
    assert all(len(t) == t.last_frame - t.first_frame + 1 for t in labels.tracklets())


def test_labels_lie_inside_the_picture(labels: TrackRows) -> None:
    assert labels.frames.max() < FRAMES
    assert (labels.boxes[:, :2] >= 0).all()
    assert (labels.boxes[:, 2:] <= (WIDTH, HEIGHT)).all()
    assert (labels.boxes[:, 2:] > labels.boxes[:, :2]).all()


def test_vehicles_enter_and_leave_through_the_top_or_bottom_edge(labels: TrackRows) -> None:
    for tracklet in labels.tracklets():
        for box in tracklet.boxes[[0, -1]]:
            assert box[1] == 0 or box[3] == HEIGHT


def test_class_is_car_and_visibility_is_whole_only_away_from_the_edges(labels: TrackRows) -> None:
    columns = np.loadtxt(LABELS, delimiter=",")
    whole = (labels.boxes[:, 1] > 0) & (labels.boxes[:, 3] < HEIGHT)
    assert set(columns[:, 7]) == {3}
    assert ((columns[:, 8] == 1) == whole).all()
    assert ((columns[:, 8] > 0) & (columns[:, 8] <= 1)).all()


@pytest.mark.skipif(not CLIP.is_file(), reason="needs the real clip in ../shared/data")
def test_labels_are_counted_like_the_frames_of_the_clip() -> None:
    info = probe(CLIP)
    assert (info.width, info.height, len(index_frames(CLIP))) == (WIDTH, HEIGHT, FRAMES)
