"""Optimizers, the learning rate over time, and parts that stand still."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm as _Normalisation

from ml.reid.models import ReidNetwork
from ml.reid.training.objective import Objective
from ml.reid.training.recipe import OptimizerConfig, ScheduleConfig
from ml.reid.training.together import Together
from ml.types import UserError


def learning_rate_factor(config: ScheduleConfig, epoch: float) -> float:
    """The factor of the learning rate `epoch` epochs after the beginning (2.5: in the middle of the third)."""
    rising = 1.0
    if epoch < config.warmup:
        rising = config.warmup_from + (1 - config.warmup_from) * epoch / config.warmup
    dropped = config.drop_factor ** sum(epoch >= drop for drop in config.drops)
    if not config.cosine or epoch < config.warmup:
        return float(rising * dropped)
    past = (epoch - config.warmup) / max(config.epochs - config.warmup, 1e-9)
    return float(dropped * (1 + math.cos(math.pi * min(past, 1.0))) / 2)


class Optimizing:
    """An optimizer over the backbone and over all else, each with its learning rate."""

    def __init__(
        self, network: ReidNetwork, objective: Objective, optimizer: OptimizerConfig, schedule: ScheduleConfig
    ) -> None:
        """UserError "bad-configuration" where a part to freeze is not there."""
        self._network, self._config, self._schedule = network, optimizer, schedule
        self._frozen = [_part(network, name) for name in schedule.freeze]
        backbone = list(network.backbone.parameters())
        inside = {id(weight) for weight in backbone}
        self._weights = [*network.parameters(), *objective.parameters()]
        others = [weight for weight in self._weights if id(weight) not in inside]
        self.optimizer = _optimizer([backbone, others], optimizer)

    def begin_epoch(self, epoch: int) -> None:
        """Training mode, except for what stands still in this epoch: neither its weights nor its statistics move."""
        self._network.train()
        moving = epoch >= self._schedule.freeze_backbone
        self._network.backbone.requires_grad_(moving).train(moving)
        for part in self._frozen:
            part.requires_grad_(False).eval()
        if self._schedule.freeze_statistics:
            for norm in (part for part in self._network.backbone.modules() if isinstance(part, _Normalisation)):
                norm.eval()

    def set_rate(self, epoch: float) -> float:
        """Learning rate of the backbone `epoch` epochs after the beginning, now in use."""
        rate = self._config.learning_rate * learning_rate_factor(self._schedule, epoch)
        for group, factor in zip(self.optimizer.param_groups, (1.0, self._config.head_factor), strict=True):
            group["lr"] = rate * factor
        return rate

    def step(self, loss: torch.Tensor, scaler: torch.amp.GradScaler, together: Together) -> None:
        """One step down the slope of `loss`, which each of the processes together has of the whole batch."""
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(scaler.scale(loss))
        together.sum_gradients(self._network.backbone)
        if self._config.clip is not None:
            scaler.unscale_(self.optimizer)
            torch.nn.utils.clip_grad_norm_(self._weights, self._config.clip)
        scaler.step(self.optimizer)
        scaler.update()


def _optimizer(groups: list[list[nn.Parameter]], config: OptimizerConfig) -> torch.optim.Optimizer:
    parts = [{"params": weights} for weights in groups]
    rate, decay = config.learning_rate, config.weight_decay
    if config.name == "adam":
        return torch.optim.Adam(parts, lr=rate, weight_decay=decay)
    if config.name == "adagrad":
        return torch.optim.Adagrad(parts, lr=rate, weight_decay=decay)
    return torch.optim.SGD(parts, lr=rate, momentum=config.momentum, weight_decay=decay)


def _part(network: ReidNetwork, name: str) -> nn.Module:
    known: dict[str, nn.Module] = dict(network.backbone.body.named_modules())
    if not name or name not in known:
        there = ", ".join(part for part, _ in network.backbone.body.named_children())
        raise UserError("bad-configuration", f"the backbone has no part {name!r} to freeze; its parts are {there}")
    return known[name]
