"""Suppression of doubles over all classes, and the region of interest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.boxes import pairwise_iou
from ml.detection import inside_roi, inter_class_nms
from ml.types import Detections


def _detections(
    boxes: list[list[float]], scores: list[float], classes: list[int] | None = None, frames: list[int] | None = None
) -> Detections:
    count = len(boxes)
    return Detections(
        np.array(frames or [0] * count, np.int32),
        np.array(boxes, np.float32).reshape(count, 4),
        np.array(scores, np.float32),
        np.array(classes or [3] * count, np.int32),
    )


# Boxes of 10 x 10; b overlaps a by 8 of 12 columns (IoU 2/3), c overlaps b likewise and a by 6 of 14 (3/7).
A, B, C = [0.0, 0, 10, 10], [2.0, 0, 12, 10], [4.0, 0, 14, 10]


@pytest.mark.parametrize(
    ("scores", "iou", "kept"),
    [
        ([0.9, 0.8, 0.7], 0.5, [0, 2]),  # a drops b; c then overlaps nothing that stays
        ([0.8, 0.9, 0.7], 0.5, [1]),  # b drops both
        ([0.7, 0.8, 0.9], 0.5, [2, 0]),  # c drops b; ordered by score
        ([0.9, 0.8, 0.7], 0.4, [0]),  # now a drops c too
        ([0.9, 0.8, 0.7], 0.7, [0, 1, 2]),
        ([0.9, 0.9, 0.9], 0.5, [0, 2]),  # equal scores keep their order
    ],
)
def test_greedy_by_falling_score(scores: list[float], iou: float, kept: list[int]) -> None:
    found = _detections([A, B, C], scores)
    result = inter_class_nms(found, iou)
    assert result.boxes.tolist() == found.boxes[kept].tolist()
    assert result.scores.tolist() == found.scores[kept].tolist()


def test_iou_equal_to_the_limit_is_dropped() -> None:
    half = _detections([[0, 0, 10, 10], [0, 0, 10, 5]], [0.9, 0.8])
    assert len(inter_class_nms(half, 0.5)) == 1
    assert len(inter_class_nms(half, 0.51)) == 2


def test_classes_suppress_each_other_and_frames_do_not() -> None:
    same_place = [A, A, A]
    result = inter_class_nms(_detections(same_place, [0.5, 0.9, 0.7], [3, 8, 6], [4, 4, 5]), 0.5)
    assert result.frames.tolist() == [4, 5]
    assert result.classes.tolist() == [8, 6]


def test_weighted_boxes_are_means_of_what_they_suppress() -> None:
    """a (0.9) takes b (0.3): left edge (0.9 * 0 + 0.3 * 2) / 1.2 = 0.5; the far box stays as it is."""
    far = [50.0, 50, 60, 60]
    result = inter_class_nms(_detections([A, B, far], [0.9, 0.3, 0.6]), 0.5, weighted=True)
    assert result.boxes == pytest.approx(np.array([[0.5, 0, 10.5, 10], far]))
    assert result.scores == pytest.approx([0.9, 0.6])


def test_features_stay_with_their_boxes() -> None:
    found = _detections([C, A, B], [0.2, 0.9, 0.8])
    with_features = Detections(found.frames, found.boxes, found.scores, found.classes, np.eye(3, dtype=np.float32))
    features = inter_class_nms(with_features, 0.5).features
    assert features is not None
    assert features.tolist() == [[0, 1, 0], [1, 0, 0]]


def test_nothing_stays_nothing() -> None:
    assert len(inter_class_nms(Detections.empty(), 0.5)) == 0


@st.composite
def _any_detections(draw: st.DrawFn) -> Detections:
    corner, side = st.integers(0, 30), st.integers(1, 20)
    boxes = draw(st.lists(st.tuples(corner, corner, side, side), max_size=25))
    scores = draw(st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.9]), min_size=len(boxes), max_size=len(boxes)))
    return _detections([[x, y, x + w, y + h] for x, y, w, h in boxes], scores)


def _plain_greedy(found: Detections, iou: float) -> list[int]:
    """The textbook loop."""
    overlap = pairwise_iou(found.boxes, found.boxes)
    kept: list[int] = []
    for row in np.argsort(-found.scores, kind="stable").tolist():
        if all(overlap[other, row] < iou for other in kept):
            kept.append(row)
    return kept


@given(_any_detections(), st.sampled_from([0.1, 0.3, 0.5, 0.8]))
def test_same_as_the_textbook_loop(found: Detections, iou: float) -> None:
    assert inter_class_nms(found, iou).boxes.tolist() == found.boxes[_plain_greedy(found, iou)].tolist()


@given(_any_detections(), st.sampled_from([0.1, 0.3, 0.5, 0.8]))
def test_a_second_pass_changes_nothing(found: Detections, iou: float) -> None:
    once = inter_class_nms(found, iou)
    assert inter_class_nms(once, iou).boxes.tolist() == once.boxes.tolist()


ROI: npt.NDArray[np.bool_] = np.zeros((4, 6), np.bool_)
ROI[2, 3] = True


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ([3, 0, 4, 3], True),  # the last row inside the box is 2
        ([2.5, 0, 4.5, 2.4], True),  # middle 3.5, bottom within row 2
        ([3, 0, 4, 2], False),  # bottom exclusive: row 1
        ([2, 0, 3.9, 3], False),  # middle 2.95, column 2
        ([3, 0, 4, 4], False),
    ],
)
def test_bottom_centre_decides(box: list[float], inside: bool) -> None:
    assert inside_roi(np.array([box], np.float32), ROI).tolist() == [inside]


def test_beyond_the_picture_its_border_decides() -> None:
    roi = np.zeros((4, 6), np.bool_)
    roi[3, 5] = True
    boxes = np.array([[8, 2, 20, 9], [-9, -5, -3, -1]], np.float32)
    assert inside_roi(boxes, roi).tolist() == [True, False]


def test_without_a_roi_everything_is_inside() -> None:
    assert inside_roi(np.zeros((2, 4), np.float32), None).tolist() == [True, True]


@given(_any_detections(), st.integers(0, 9))
def test_inside_the_roi_or_inside_its_complement(found: Detections, seed: int) -> None:
    roi = np.random.default_rng(seed).random((40, 50)) < 0.5
    assert np.array_equal(inside_roi(found.boxes, roi), ~inside_roi(found.boxes, ~roi))
