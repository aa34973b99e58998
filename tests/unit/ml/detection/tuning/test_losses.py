from math import log

import pytest
import torch

from ml.detection.tuning.losses import (
    detection_loss,
    distribution_focal,
    expected_boxes,
    overlaps,
    quality_focal,
)
from ml.detection.tuning.places import BACKGROUND, LEFT_OUT, grid_of
from ml.detection.tuning.recipe import TuningLoss

GRID = grid_of(32, 32)
BOX = torch.tensor([[4.0, 4.0, 20.0, 20.0]])


def test_quality_focal_loss_by_hand() -> None:
    """s = 1/2: -(log 1/2) weighed by |y - 1/2|^2, so 1/4 of log 2 at y = 0 or 1, nothing at y = 1/2."""
    found = quality_focal(torch.zeros(3), torch.tensor([0.0, 0.5, 1.0]), 2.0)

    assert found.tolist() == pytest.approx([log(2) / 4, 0, log(2) / 4])


def test_distribution_focal_loss_by_hand() -> None:
    """All 11 distances as probable: log 11, whichever is true. Distance 2.25 leans by 3/4 on 2 and by 1/4 on 3."""
    even = torch.zeros(2, 11)
    leaning = torch.zeros(1, 11)
    leaning[0, 2] = log(10)  # probability 1/2, the others 1/20

    assert distribution_focal(even, torch.tensor([0.0, 9.9])).tolist() == pytest.approx([log(11)] * 2)
    assert distribution_focal(leaning, torch.tensor([2.25])).item() == pytest.approx(0.75 * log(2) + 0.25 * log(20))
    assert distribution_focal(leaning, torch.tensor([10.0])).item() == pytest.approx(log(20))


def test_overlap_by_hand() -> None:
    """Two squares of 4 that share a quarter: IoU 1/7, in a hull of 9. Two apart: IoU 0, 8 of the hull's 12 theirs."""
    left = torch.tensor([[0.0, 0, 2, 2], [0.0, 0, 2, 2]])
    right = torch.tensor([[1.0, 1, 3, 3], [4.0, 0, 6, 2]])

    iou, generalised = overlaps(left, right)

    assert iou.tolist() == pytest.approx([1 / 7, 0])
    assert generalised.tolist() == pytest.approx([1 / 7 - 2 / 9, -4 / 12])


def test_box_is_the_expectation_about_its_place() -> None:
    """Certain of 1, 2, 0 and 3 strides of 8 from (12, 20)."""
    logits = torch.full((4, 11), -50.0)
    logits[torch.arange(4), torch.tensor([1, 2, 0, 3])] = 50.0

    box = expected_boxes(logits.reshape(1, 44), torch.tensor([[12.0, 20.0]]), torch.tensor([8.0]))

    assert box.tolist() == [[4.0, 4.0, 12.0, 44.0]]


def _loss(places: torch.Tensor, scores: torch.Tensor, distances: torch.Tensor) -> dict[str, torch.Tensor]:
    return dict(detection_loss(scores, distances, GRID, places, BOX, torch.tensor([6]), TuningLoss()))


def test_perfect_place_loses_nothing() -> None:
    """The place at (12, 12) sees the bus one stride of 8 away on every side, and is sure of it; the others see none."""
    places = torch.full((1, 21), BACKGROUND)
    places[0, 5] = 0
    scores = torch.full((1, 21, 3), -30.0)
    scores[0, 5, 1] = 30.0
    distances = torch.full((1, 21, 44), -50.0)
    distances[0, 5, 1::11] = 50.0

    parts = _loss(places, scores, distances)

    assert {name: value.item() for name, value in parts.items()} == pytest.approx(dict.fromkeys(parts, 0.0), abs=1e-4)
    scores[0, 5, [0, 1]] = scores[0, 5, [1, 0]]  # sure of a car
    assert _loss(places, scores, distances)["quality"].item() > 50


def test_place_that_is_left_out_gets_no_gradient_and_background_does() -> None:
    places = torch.full((1, 21), BACKGROUND)
    places[0, 3], places[0, 5] = LEFT_OUT, 0
    scores = torch.zeros(1, 21, 3, requires_grad=True)
    distances = torch.zeros(1, 21, 44, requires_grad=True)

    torch.autograd.backward(_loss(places, scores, distances)["loss"])

    assert scores.grad is not None
    assert distances.grad is not None
    assert not scores.grad[0, 3].any()
    assert (scores.grad[0, 4] > 0).all()
    assert distances.grad[0].any(dim=1).nonzero().flatten().tolist() == [5]


def test_picture_without_a_vehicle_teaches_its_background() -> None:
    scores = torch.zeros(1, 21, 3, requires_grad=True)
    places, none = torch.full((1, 21), BACKGROUND), torch.zeros(0, 4)

    parts = detection_loss(
        scores, torch.zeros(1, 21, 44), GRID, places, none, torch.zeros(0, dtype=torch.int64), TuningLoss()
    )

    assert parts["loss"].item() == pytest.approx(63 * log(2) / 4)
    assert parts["overlap"].item() == 0
