"""Learning rates over time, and what stands still."""

import pytest
import torch

from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.training.labels import Classes
from ml.reid.training.objective import Objective
from ml.reid.training.optimizing import Optimizing, learning_rate_factor
from ml.reid.training.recipe import LossConfig, OptimizerConfig, ScheduleConfig
from ml.types import UserError

BOT = ScheduleConfig(epochs=100, warmup=10, warmup_from=0.1, drops=(40.0, 70.0))
COSINE = ScheduleConfig(epochs=12, warmup=2, warmup_from=0.5, cosine=True)


@pytest.mark.parametrize(
    ("schedule", "epoch", "factor"),
    [
        (BOT, 0, 0.1),
        (BOT, 5, 0.55),
        (BOT, 10, 1),
        (BOT, 39.9, 1),
        (BOT, 40, 0.1),
        (BOT, 70, 0.01),
        (COSINE, 1, 0.75),
        (COSINE, 2, 1),
        (COSINE, 7, 0.5),
        (COSINE, 12, 0),
        (ScheduleConfig(warmup=0), 0, 1),
    ],
)
def test_learning_rate_over_the_epochs(schedule: ScheduleConfig, epoch: float, factor: float) -> None:
    assert learning_rate_factor(schedule, epoch) == pytest.approx(factor)


def optimizing(optimizer: OptimizerConfig, schedule: ScheduleConfig) -> tuple[Optimizing, ReidNetwork]:
    network = ReidNetwork(ModelConfig(backbone="osnet-x0.25", last_stride=2))
    return Optimizing(network, Objective(network, Classes(2), LossConfig()), optimizer, schedule), network


@pytest.mark.parametrize(
    ("name", "kind"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam), ("adagrad", torch.optim.Adagrad)]
)
def test_head_has_its_own_rate(name: str, kind: type) -> None:
    made, network = optimizing(OptimizerConfig(name=name, learning_rate=0.01, head_factor=2), BOT)
    assert made.set_rate(40) == pytest.approx(0.001)
    backbone, others = made.optimizer.param_groups
    assert (backbone["lr"], others["lr"]) == pytest.approx((0.001, 0.002))
    assert len(backbone["params"]) == len(list(network.backbone.parameters()))
    assert isinstance(made.optimizer, kind)


def test_frozen_parts_keep_weights_and_statistics() -> None:
    schedule = ScheduleConfig(freeze=("stem", "layer1"), freeze_backbone=1)
    made, network = optimizing(OptimizerConfig(), schedule)

    def moving() -> set[str]:
        weights = {name.split(".")[0] for name, w in network.backbone.body.named_parameters() if w.requires_grad}
        statistics = {name.split(".")[0] for name, m in network.backbone.body.named_modules() if m.training and name}
        assert weights == statistics
        return weights

    made.begin_epoch(0)
    assert moving() == set()
    assert network.norm.training
    made.begin_epoch(1)
    assert moving() == {"layer2", "layer3"}


def test_a_part_that_is_not_there_cannot_be_frozen() -> None:
    with pytest.raises(UserError, match=r"'layer9'.*stem, layer1, layer2"):
        optimizing(OptimizerConfig(), ScheduleConfig(freeze=("layer9",)))


def test_frozen_statistics_stand_still_while_the_weights_learn() -> None:
    made, network = optimizing(OptimizerConfig(), ScheduleConfig(freeze_statistics=True))
    made.begin_epoch(0)
    norms = [part for part in network.backbone.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    before = [norm.running_mean.clone() for norm in norms if norm.running_mean is not None]
    network(torch.rand(4, 3, 32, 32)).classified.sum().backward()
    after = [norm.running_mean for norm in norms if norm.running_mean is not None]
    assert before
    assert all(torch.equal(*pair) for pair in zip(before, after, strict=True))
    assert all(norm.weight.requires_grad for norm in norms)
    assert network.norm.training
