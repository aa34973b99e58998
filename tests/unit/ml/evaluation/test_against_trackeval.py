"""Every figure of `MotScore` against trackeval's own, to 1e-6."""

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.evaluation import MotScore, MtmcRows, score_mot, score_mtmc
from ml.evaluation.filters import challenge_filter
from ml.evaluation.rows import roi_mask
from tests.trackeval_reference import sequence_data, trackeval_figures
from tests.unit.ml.evaluation.test_filters import Row, rows

CAMERAS = {"c1": 14, "c2": 9, "c3": 11}


def assert_agrees(score: MotScore, truth: MtmcRows, predicted: MtmcRows, counts: dict[str, int]) -> None:
    expected = trackeval_figures(sequence_data(truth, predicted, counts))
    found = asdict(score)
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6)


def crowd(rng: np.random.Generator, frames: int, most: int, numbers: int) -> MtmcRows:
    """Boxes on a few whole-number places, so that many tie, under numbers drawn anew in each frame."""
    listed: list[Row] = []
    for frame in range(frames):
        chosen = rng.permutation(numbers)[: rng.integers(0, most + 1)] if rng.random() < 0.8 else []
        listed += [("c1", int(n), frame, *rng.integers(0, 8, 2).tolist(), 16.0, 16.0) for n in chosen]
    return rows(*listed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_random_boxes(seed: int, true_most: int, most: int) -> None:
    """Empty frames and empty sides, ties, numbers that hop from box to box."""
    rng = np.random.default_rng(seed)
    truth, predicted = crowd(rng, 12, true_most, 6), crowd(rng, 12, most, 7)

    assert_agrees(score_mot(truth, predicted, frame_count=12), truth, predicted, {"c1": 12})


def traffic(rng: np.random.Generator, vehicles: int) -> MtmcRows:
    """Vehicles crossing one camera after the other side by side, each under its number in all of them."""
    listed: list[Row] = []
    for number in range(vehicles):
        lane, speed = 9.0 * rng.integers(0, 5), rng.uniform(2, 6)
        for camera, frames in CAMERAS.items():
            enters = rng.integers(0, frames)
            listed += [
                (camera, number, frame, speed * (frame - enters), lane, 24.0, 18.0) for frame in range(enters, frames)
            ]
    return rows(*listed)


def disturbed(rng: np.random.Generator, truth: MtmcRows) -> MtmcRows:
    """Boxes lost and moved, numbers changed half-way and shared by two vehicles, rows said twice."""
    kept = truth.take(rng.random(len(truth)) < 0.85)
    kept = kept.take(rng.permutation(np.append(np.arange(len(kept)), rng.integers(0, len(kept), 5))))
    late = kept.frame > rng.integers(3, 9)
    number = np.where((kept.id % 3 == 0) & late, kept.id + 100, kept.id)
    number = np.where((kept.id % 4 == 1) & late, number + 200 * (kept.camera == "c2"), number)
    jitter = np.random.default_rng(7).normal(0, 2, (len(truth) + 1, 4))
    moved = kept.xywh + jitter[(kept.id * 31 + kept.frame) % len(jitter)]
    return MtmcRows(kept.camera, number.astype(np.int32), kept.frame, moved)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_traffic_over_three_cameras(seed: int, vehicles: int) -> None:
    """Numbers shared by the cameras, rows said twice, and an ROI drawn in colour."""
    rng = np.random.default_rng(seed)
    truth = traffic(rng, vehicles)
    predicted = disturbed(rng, truth)
    roi = np.zeros((60, 70, 3), np.uint8)
    roi[:, 10:] = 255

    score = score_mtmc(truth, predicted, rois={"c2": roi}, frame_counts=CAMERAS)

    scored = challenge_filter(predicted, {"c2": roi_mask(roi)})
    assert_agrees(score, truth, scored, CAMERAS)
    for name, count in CAMERAS.items():
        assert_agrees(score.per_camera[name], truth.of_camera(name), scored.of_camera(name), {name: count})
