"""The sum of losses against an example by hand."""

import math

import pytest
import torch

from ml.reid.models import ModelConfig, Outputs, ReidNetwork
from ml.reid.training.objective import Objective
from ml.reid.training.recipe import LossConfig

# One vehicle at 0 and 3, one at 4 and 10 (see test_losses); logits of equal size for all vehicles.
METRIC = torch.tensor([[0.0], [3.0], [4.0], [10.0]])
LABELS = torch.tensor([0, 0, 1, 1])
TRIPLET, CROSSED, CENTER = (2.3 + 5.3) / 4, math.log(2), 125 / 8


def objective(config: LossConfig) -> Objective:
    made = Objective(
        ReidNetwork(ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=1)), 2, config
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
