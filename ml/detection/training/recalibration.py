"""Statistics of batch normalisation for a network's use, from more pictures than a batch has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from ml.detection.training.narrowing import narrowed
from ml.detection.training.recipe import DetectorRecipe


@torch.no_grad()
def recalibrate(
    network: Any, batches: Iterable[list[torch.Tensor]], recipe: DetectorRecipe, device: torch.device
) -> None:
    """Replace the running mean and variance of every normalisation that learns by their mean over `batches`.

    The running ones remember the last ten batches or so, of a few pictures each. Training does not read them.
    """
    norms = [module for module in network.backbone.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    if not norms:
        return
    before = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the plain mean over what is seen
    for pictures in batches:
        with narrowed(device, recipe):
            network.backbone(network.transform(pictures)[0].tensors)
    for norm, momentum in zip(norms, before, strict=True):
        norm.momentum = momentum
