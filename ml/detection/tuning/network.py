"""NanoDet as a network that learns: the published graph, or an earlier fine-tuning's, with a part of it set free."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from ml.detection.classes import VEHICLES
from ml.detection.tuning.graph import GraphNetwork
from ml.detection.tuning.recipe import HEADS, NECK, PUBLISHED, TuningRecipe
from ml.types import Float1D
from ml.weights import resolve
from ml.weights.nanodet import STRIDES
from ml.weights.nanodet_tuned import Tensors, published_model, read_tuned

_SCORES, _DISTANCES, _MAPS = (
    [f"{kind}_{stride}" for stride in STRIDES] for kind in ("scores", "distances", "features")
)
_CHANNELS = torch.from_numpy(VEHICLES - 1).long()


class Found(NamedTuple):
    """scores [b, p, 3] logits of car, bus and truck and distances [b, p, 44] logits, at the places of all levels."""

    scores: Tensor
    distances: Tensor


class TunedNetwork(nn.Module):
    """The graph, of which `learned` (names of weights) learn.

    before        tensors by which the start already differs from the published network
    vehicle_mean  [128] of the start's features
    """

    def __init__(self, recipe: TuningRecipe) -> None:
        """UserError weights-missing, -damaged or -unreadable."""
        super().__init__()
        self.graph = GraphNetwork(published_model())
        self.before: Tensors = {}
        self.vehicle_mean: Float1D = np.load(resolve("nanodet-vehicle-mean"))
        if recipe.start != PUBLISHED:
            self._begin_at(Path(recipe.start))
        self.learned = tuple(self._names(recipe.learned))
        self._logits = [self.graph.before(name, "Sigmoid") for name in _SCORES]
        for name, weight in self.graph.named_parameters():
            weight.requires_grad_(name in self.learned)

    def forward(self, pictures: Tensor) -> Found:
        """pictures  [b, 3, h, w] as the network takes them, sides multiples of 32"""
        values = self.graph({"image": pictures}, [*self._logits, *_DISTANCES])
        scores = _by_place([values[name][:, _CHANNELS] for name in self._logits])
        return Found(scores, _by_place([values[name] for name in _DISTANCES]))

    def weights(self) -> list[nn.Parameter]:
        """Those that learn, in the order of `learned`."""
        return [self.graph.get_parameter(name) for name in self.learned]

    def _begin_at(self, path: Path) -> None:
        tuned = read_tuned(path)
        self.before, self.vehicle_mean = tuned.tensors, tuned.vehicle_mean
        self.graph.put_in(tuned.tensors, str(path))

    def _names(self, part: str) -> list[str]:
        known = ["image"]
        if part in (HEADS, NECK):
            kind = "Identity" if part == HEADS else "Conv"
            known = [self.graph.before(name, kind) for name in _MAPS]
        return self.graph.behind(known, [*_SCORES, *_DISTANCES])


class Average(nn.Module):
    """The exponential mean of weights over the steps, beginning with what they are now."""

    def __init__(self, weights: Sequence[nn.Parameter], kept: float) -> None:
        """kept  share that the mean keeps at each step"""
        super().__init__()
        self._kept, self._count = kept, len(weights)
        for row, weight in enumerate(weights):
            self.register_buffer(f"weight_{row}", weight.detach().clone())

    @torch.no_grad()
    def follow(self, weights: Sequence[nn.Parameter]) -> None:
        for mean, weight in zip(self.means(), weights, strict=True):
            mean.mul_(self._kept).add_(weight, alpha=1 - self._kept)

    def means(self) -> list[Tensor]:
        return [self.get_buffer(f"weight_{row}") for row in range(self._count)]


def _by_place(maps: Sequence[Tensor]) -> Tensor:
    """Maps [b, c, h, w] of all levels as [b, p, c]."""
    return torch.cat([values.flatten(2).transpose(1, 2) for values in maps], dim=1)
