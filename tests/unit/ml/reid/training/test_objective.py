"""The sum of losses against an example by hand."""

import math

import pytest
import torch

from ml.reid.models import ModelConfig, Outputs, ReidNetwork
from ml.reid.training.labels import Classes
from ml.reid.training.objective import Objective
from ml.reid.training.recipe import LossConfig

# One vehicle at 0 and 3, one at 4 and 10 (see test_losses); logits of equal size for all vehicles.
METRIC = torch.tensor([[0.0], [3.0], [4.0], [10.0]])
LABELS = torch.tensor([[0, 0, 0], [0, -1, 0], [1, 2, -1], [1, 2, -1]])  # vehicle, type, colour
TRIPLET, CROSSED, CENTER = (2.3 + 5.3) / 4, math.log(2), 125 / 8


def objective(config: LossConfig) -> Objective:
    made = Objective(
        ReidNetwork(ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=1)), Classes(2), config
    )
    with torch.no_grad():
        made.classifier.weight.zero_()
    return made


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (LossConfig(margin=0.3), TRIPLET + CROSSED),
        (LossConfig(alpha=2, beta=0.5, margin=0.3), 2 * TRIPLET + 0.5 * CROSSED),
        (LossConfig(alpha=0), CROSSED),
        (LossConfig(beta=0, margin=0.3), TRIPLET),
        (LossConfig(margin=0.3, center=0.1), TRIPLET + CROSSED + 0.1 * CENTER),
    ],
)
def test_losses_are_weighted_and_added(config: LossConfig, expected: float) -> None:
    made = objective(config)
    parts = made(Outputs(METRIC, METRIC), LABELS)
    assert float(made.total(parts).detach()) == pytest.approx(expected, rel=1e-5)


def test_centers_move_only_where_they_count() -> None:
    for weight, moved in ((0.0, False), (0.1, True)):
        made = objective(LossConfig(center=weight))
        made.after_step(Outputs(METRIC, METRIC), LABELS)
        assert bool(made.centers.centers.any()) is moved


def test_attributes_are_learned_from_the_pictures_that_have_them() -> None:
    # Three types and two colours with equal logits: log 3 over the three known types, log 2 over the two known colours.
    model = ModelConfig(backbone="osnet-x0.25", last_stride=2, branches=4)
    made = Objective(ReidNetwork(model), Classes(2, 3, 2), LossConfig(alpha=0, beta=0.5, vehicle_type=2, colour=0.25))
    with torch.no_grad():
        for layer in (made.classifier, *made.attributes.values()):
            layer.weight.zero_()
    branch = torch.ones(4, 4)

    parts = made(Outputs(METRIC, branch, branch, branch), LABELS)

    assert {name: float(value.detach()) for name, value in parts.items()} == pytest.approx(
        {"identity": math.log(2), "vehicle_type": math.log(3), "colour": math.log(2)}
    )
    expected = 0.5 * math.log(2) + 2 * math.log(3) + 0.25 * math.log(2)
    assert float(made.total(parts).detach()) == pytest.approx(expected)


def test_a_network_without_branches_learns_no_attributes() -> None:
    parts = objective(LossConfig())(Outputs(METRIC, METRIC), LABELS)
    assert set(parts) == {"triplet", "identity"}
