"""Nothing is learned where vehicles lie that do not count."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from ml.detection.networks import build_network
from ml.detection.training.ignoring import IGNORED, covered, leave_out_ignored

CAR = 3
COUNTS, DOES_NOT = [10.0, 10.0, 50.0, 50.0], [100.0, 10.0, 140.0, 50.0]
# On the car that counts; half in the ignored one; a little less; far from both.
PLACES = torch.tensor([[10, 10, 50, 50], [80, 10, 120, 50], [79, 10, 119, 50], [200, 200, 240, 240.0]])


@pytest.fixture(scope="module")
def network() -> Any:
    made = build_network("maskrcnn-resnet50", min_size=64, max_size=64)
    leave_out_ignored(made)
    return made


def targets(*boxes: tuple[list[float], int]) -> list[dict[str, torch.Tensor]]:
    listed = torch.tensor([box for box, _ in boxes]).reshape(len(boxes), 4)
    return [{"boxes": listed, "labels": torch.tensor([label for _, label in boxes], dtype=torch.int64)}]


@pytest.mark.parametrize(
    ("box", "share"),
    [([100, 10, 140, 50], True), ([0, 0, 200, 200], False), ([110, 20, 115, 25], True), ([140, 10, 150, 20], False)],
)
def test_a_box_is_covered_by_half_of_its_own_area(box: list[float], share: bool) -> None:
    assert covered(torch.tensor([box]), torch.tensor([[0.0, 0, 1, 1], DOES_NOT])).tolist() == [share]


def test_nothing_is_covered_where_all_counts() -> None:
    assert covered(PLACES, torch.zeros((0, 4))).tolist() == [False] * 4


def test_anchors_on_what_does_not_count_are_neither_right_nor_wrong(network: Any) -> None:
    both = targets((COUNTS, CAR), (DOES_NOT, IGNORED))
    labels, matched = network.rpn.assign_targets_to_anchors([PLACES], both)
    assert labels[0].tolist() == [1, -1, 0, 0]
    assert matched[0][0].tolist() == COUNTS


def test_proposals_on_what_does_not_count_are_neither_right_nor_wrong(network: Any) -> None:
    [both] = targets((COUNTS, CAR), (DOES_NOT, IGNORED))
    matched, labels = network.roi_heads.assign_targets_to_proposals([PLACES], [both["boxes"]], [both["labels"]])
    assert labels[0].tolist() == [CAR, -1, 0, 0]
    assert matched[0][0] == 0


def test_a_picture_of_ignored_vehicles_alone_teaches_its_background(network: Any) -> None:
    only = targets((DOES_NOT, IGNORED))
    labels, _ = network.rpn.assign_targets_to_anchors([PLACES], only)
    assert labels[0].tolist() == [0, -1, 0, 0]
    _, found = network.roi_heads.assign_targets_to_proposals([PLACES], [only[0]["boxes"]], [only[0]["labels"]])
    assert found[0].tolist() == [0, -1, 0, 0]


def test_a_vehicle_that_counts_is_learned_even_inside_one_that_does_not(network: Any) -> None:
    around = targets((COUNTS, CAR), ([0.0, 0.0, 60.0, 60.0], IGNORED))
    labels, _ = network.rpn.assign_targets_to_anchors([PLACES[:1]], around)
    assert labels[0].tolist() == [1]
