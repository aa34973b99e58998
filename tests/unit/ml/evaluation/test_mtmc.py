import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.evaluation import MtmcRows, score_mot, score_mtmc
from ml.types import UserError
from tests.unit.ml.evaluation.test_filters import Row, left_half, rows

COUNTS = {"c1": 10, "c2": 10}


def track(camera: str, identity: int, frames: range, left: float = 0) -> list[Row]:
    return [(camera, identity, frame, left + 2.0 * frame, 10.0, 20.0, 20.0) for frame in frames]


def test_worked_example() -> None:
    """One vehicle, 10 boxes in c1 and 10 in c2. Predicted: identity 7 in c1 whole, in c2 for 6 frames, and 3 boxes of
    identity 8 nowhere near (seen in both cameras). IDTP 16, IDFN 4, IDFP 3: IDF1 = 16 / (16 + 3.5)."""
    truth = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))
    predicted = rows(
        *track("c1", 7, range(10)),
        *track("c2", 7, range(6)),
        *track("c1", 8, range(2), left=300),
        *track("c2", 8, range(1), left=300),
    )

    score = score_mtmc(truth, predicted, rois={}, frame_counts=COUNTS)

    assert (score.idtp, score.idfp, score.idfn) == (16, 3, 4)
    assert score.idf1 == pytest.approx(16 / 19.5)
    assert score.idp == pytest.approx(16 / 19)
    assert score.idr == pytest.approx(16 / 20)
    assert score.mota == pytest.approx((16 - 3) / 20)
    assert 0 < score.hota < 1
    assert score.per_camera["c1"].idtp == 10
    assert score.per_camera["c2"].idtp == 6


def test_one_identity_counts_for_all_cameras_not_one_for_each() -> None:
    """Right in each camera, but under two numbers: half of the boxes can be right over both cameras."""
    truth = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))
    predicted = rows(
        *track("c1", 7, range(10)), *track("c2", 8, range(10)), ("c2", 7, 0, 300, 0, 9, 9), ("c1", 8, 0, 300, 0, 9, 9)
    )

    score = score_mtmc(truth, predicted, rois={}, frame_counts=COUNTS)

    assert score.idtp == 10
    assert score.per_camera["c1"].idtp == score.per_camera["c2"].idtp == 10


def test_identity_in_one_camera_does_not_count() -> None:
    truth = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))

    score = score_mtmc(truth, truth.take(truth.camera == "c1"), rois={}, frame_counts=COUNTS)

    assert (score.idtp, score.idfp, score.idfn) == (0, 0, 20)


def test_colour_roi_filters_predictions_and_not_the_truth() -> None:
    truth = rows(*track("c1", 1, range(10), left=20), *track("c2", 1, range(10)))
    roi = np.repeat(left_half().astype(np.uint8)[:, :, None] * 255, 3, axis=2)

    score = score_mtmc(truth, truth, rois={"c1": roi}, frame_counts=COUNTS)

    assert (score.idtp, score.idfp, score.idfn) == (15, 0, 5)  # the right corners reach x = 50 in frame 5
    assert "no ROI for c2" in score.rule


def test_rows_said_twice_count_once() -> None:
    truth = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))
    twice = rows(*(track("c1", 1, range(10)) + track("c2", 1, range(10))) * 2)

    assert score_mtmc(truth, twice, rois={}, frame_counts=COUNTS).idf1 == 1


def test_no_predictions_score_nothing() -> None:
    truth = rows(*track("c1", 1, range(10)))

    score = score_mtmc(truth, rows(), rois={}, frame_counts=COUNTS)

    assert (score.idf1, score.idfn, score.hota) == (0, 10, 0)


@pytest.mark.parametrize(
    ("bad", "code", "message"),
    [
        (("c9", 1, 0, 0, 0, 9, 9), "unknown-camera", "'c9'"),
        (("c1", 1, 10, 0, 0, 9, 9), "frame-out-of-range", "camera c1 has frame 11"),
        (("c1", 1, 0, 1, 1, 9, 9), "duplicate-identity", "identity 1 .* frame 1 of camera c1"),
    ],
)
@pytest.mark.parametrize("side", ["ground truth", "predictions"])
def test_bad_rows_are_refused_by_name(bad: Row, code: str, message: str, side: str) -> None:
    good = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)))
    worse = rows(*track("c1", 1, range(10)), *track("c2", 1, range(10)), bad)
    truth, predicted = (worse, good) if side == "ground truth" else (good, worse)

    with pytest.raises(UserError, match=f"{side}: .*{message}") as refusal:
        score_mtmc(truth, predicted, rois={}, frame_counts=COUNTS)
    assert refusal.value.code == code


def test_one_camera_is_scored_without_filters() -> None:
    truth = rows(*track("c1", 1, range(10)))

    assert score_mot(truth, rows(*track("c1", 5, range(8))), frame_count=10).idtp == 8
    with pytest.raises(UserError):
        score_mot(truth, rows(*track("c2", 5, range(8))), frame_count=10)


def random_rows(rng: np.random.Generator, identities: int) -> MtmcRows:
    listed = [
        (camera, identity, frame, *rng.integers(0, 12, 2).tolist(), 16, 16)
        for camera, identity, frame in itertools.product(COUNTS, range(1, identities + 1), range(10))
        if rng.random() < 0.6
    ]
    return rows(*listed)


def best_idtp(truth: MtmcRows, predicted: MtmcRows) -> int:
    """IDTP by trying every assignment of identities."""
    agreeing: dict[tuple[int, int], int] = {}
    for i, j in itertools.product(range(len(truth)), range(len(predicted))):
        if (truth.camera[i], truth.frame[i]) == (predicted.camera[j], predicted.frame[j]):
            shared = np.prod(np.maximum(16 - np.abs(truth.xywh[i, :2] - predicted.xywh[j, :2]), 0))
            if shared / (2 * 16 * 16 - shared) >= 0.5:
                pair = int(truth.id[i]), int(predicted.id[j])
                agreeing[pair] = agreeing.get(pair, 0) + 1
    truths, predictions = sorted(set(truth.id.tolist())), sorted(set(predicted.id.tolist()))
    padded = predictions + [0] * len(truths)
    return max(
        sum(agreeing.get(pair, 0) for pair in zip(truths, chosen, strict=True))
        for chosen in itertools.permutations(padded, len(truths))
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_assignment_is_the_best_there_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = random_rows(rng, 3), random_rows(rng, 3)

    score = score_mtmc(truth, predicted, rois={}, frame_counts=COUNTS)

    assert score.idtp == best_idtp(truth, predicted)
    assert score.idtp + score.idfn == len(truth)
    assert score.idtp + score.idfp == len(predicted)
