"""A backbone, pooling and a neck: what is trained, and what embeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from ml.reid.models.backbones import RANDOM, build_backbone
from ml.types import UserError, require_setting

PLAIN, BNNECK, VEHICLENET, LEVELS = "plain", "bnneck", "vehiclenet", "levels"
_REDUCING = (VEHICLENET, LEVELS)
BEFORE, AFTER = "before", "after"
VEHICLE, ALL = "vehicle", "all"
_SMALLEST = 1e-12  # under a root, where its slope is still finite


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What a network is made of.

    backbone     a name of `backbone_names`, or `timm/NAME`
    last_stride  2 as published; 1 doubles the sides of the last feature map
    neck         "plain": the pooled feature is everything (ELECTRICITY);
                 "bnneck": metric losses see the pooled feature f_t, the classifier its batch normalisation (BoT);
                 "vehiclenet": a linear layer to `size` values and batch normalisation, for everything (VehicleNet);
                 "levels": the mean of every level's feature map and the deviation of all but the last's, reduced by a
                 linear layer to `size` values; metric losses see these, the classifier their batch normalisation
    size         values of the linear layer that a neck has
    retrieve     "after" or "before" the neck's normalisation is what embeds; of the other necks the same
    branches     values of each of three linear layers behind the neck, one that says which vehicle it is, one its type
                 and one its colour (multi-guided learning's attribute-guided network); 0 for none
    signature    of branches: "vehicle" embeds by the first alone (the paper's figure 2), "all" by the three side by
                 side, each of length 1 (its text)
    """

    backbone: str = "efficientnet-lite0"
    last_stride: int = 1
    neck: str = BNNECK
    size: int = 512
    retrieve: str = AFTER
    branches: int = 0
    signature: str = VEHICLE

    def __post_init__(self) -> None:
        require_setting("model", self.last_stride in (1, 2), "last_stride", self.last_stride, "1 or 2")
        require_setting("model", self.size >= 1, "size", self.size, "1 or more")
        require_setting("model", self.branches >= 0, "branches", self.branches, "0 or more")
        for name, value, known in (
            ("neck", self.neck, (PLAIN, BNNECK, VEHICLENET, LEVELS)),
            ("retrieve", self.retrieve, (BEFORE, AFTER)),
            ("signature", self.signature, (VEHICLE, ALL) if self.branches else (VEHICLE,)),
        ):
            if value not in known:
                message = f"model setting {name} is {value!r}; choose from {', '.join(known)}"
                raise UserError("bad-configuration", message)


class Outputs(NamedTuple):
    """Of n pictures: metric [n, d], what metric losses see; classified [n, k], what the classifier sees; vehicle_type
    and colour [n, k], what theirs see, of a network with branches.
    """

    metric: Tensor
    classified: Tensor
    vehicle_type: Tensor | None = None
    colour: Tensor | None = None

    def in_full(self) -> Outputs:
        """The same in 32 bits: distances need all their digits."""
        rest = [None if part is None else part.float() for part in self[2:]]
        return Outputs(self.metric.float(), self.classified.float(), *rest)


class ReidNetwork(nn.Module):
    """Pictures [n, 3, h, w], normalised as its backbone asks, to `Outputs`.

    neck_size        values of `Outputs.metric`        classified_size  values of `Outputs.classified`
    signature        what embeds of branches, as configured; may be changed
    """

    def __init__(self, config: ModelConfig, *, start: str = RANDOM) -> None:
        """start  "published" for ImageNet weights, "none" for random ones"""
        super().__init__()
        self.config = config
        self.backbone = build_backbone(config.backbone, published=start != RANDOM, last_stride=config.last_stride)
        pooled = self._pooled_channels()
        self.neck_size = config.size if config.neck in _REDUCING else pooled
        self.classified_size = config.branches or self.neck_size
        self.signature = config.signature
        self.reduce = nn.Linear(pooled, self.neck_size) if config.neck in _REDUCING else nn.Identity()
        self.norm = nn.Identity() if config.neck == PLAIN else nn.BatchNorm1d(self.neck_size)
        self.branches = nn.ModuleList(
            nn.Linear(self.neck_size, config.branches) for _ in range(3 * bool(config.branches))
        )
        if isinstance(self.norm, nn.BatchNorm1d) and config.neck in (BNNECK, LEVELS):
            self.norm.bias.requires_grad_(False)  # the classifier's planes stay through the origin
        if isinstance(self.reduce, nn.Linear):
            nn.init.kaiming_normal_(self.reduce.weight, mode="fan_out")
            nn.init.zeros_(self.reduce.bias)

    def forward(self, pictures: Tensor) -> Outputs:
        return self.from_pooled(self.pooled(pictures))

    def from_pooled(self, pooled: Tensor) -> Outputs:
        """What the neck makes of the pooled values [n, channels]."""
        reduced = self.reduce(pooled)
        normed = self.norm(reduced)
        metric = normed if self.config.neck == VEHICLENET else reduced
        return (
            Outputs(metric, *(branch(normed) for branch in self.branches)) if self.branches else Outputs(metric, normed)
        )

    @property
    def size(self) -> int:
        """Values of an embedding."""
        if self.config.retrieve == BEFORE:
            return self.neck_size
        return 3 * self.classified_size if self.signature == ALL else self.classified_size

    def pooled(self, pictures: Tensor) -> Tensor:
        """[n, channels]: the backbone's feature maps without places, before the neck."""
        if self.config.neck == LEVELS:
            return level_statistics(self.backbone.levels(pictures))
        return functional.adaptive_avg_pool2d(self.backbone(pictures), 1).flatten(1)

    def _pooled_channels(self) -> int:
        if self.config.neck != LEVELS:
            return self.backbone.channels
        if not self.backbone.level_channels:
            message = f"the backbone {self.config.backbone} gives its last feature map alone; choose another neck"
            raise UserError("bad-configuration", message)
        return 2 * sum(self.backbone.level_channels) - self.backbone.channels

    def embed(self, pictures: Tensor) -> Tensor:
        """[n, size], not normalised: what pictures are compared by."""
        return self.embed_pooled(self.pooled(pictures))

    def embed_pooled(self, pooled: Tensor) -> Tensor:
        """The same of the pooled values [n, channels]."""
        outputs = self.from_pooled(pooled)
        if self.config.retrieve == BEFORE:
            return outputs.metric
        if self.signature == ALL:
            branches = (outputs.classified, outputs.vehicle_type, outputs.colour)
            return torch.cat([functional.normalize(branch) for branch in branches if branch is not None], dim=1)
        return outputs.classified

    def classifier(self, classes: int) -> nn.Linear:
        """A new layer from `classified` to a logit per class; right behind a BNNeck or `levels` without a bias."""
        bias = bool(self.config.branches) or self.config.neck not in (BNNECK, LEVELS)
        layer = nn.Linear(self.classified_size, classes, bias=bias)
        nn.init.normal_(layer.weight, std=0.001)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
        return layer


def level_statistics(maps: list[Tensor]) -> Tensor:
    """[n, sum of channels]: the mean over places of each of `maps` [n, c, h, w], then the deviation sqrt(E(x - m)^2) of
    all but the last.

    Fine levels hold colour and texture, late ones shape; the deviation tells a stripe from a shade.
    """
    means = [level.mean(dim=(2, 3)) for level in maps]
    squares = [(level - level.mean(dim=(2, 3), keepdim=True)).square().mean(dim=(2, 3)) for level in maps[:-1]]
    return torch.cat([*means, *(square.clamp(min=_SMALLEST).sqrt() for square in squares)], dim=1)


class EmbeddingOnly(nn.Module):
    """`network` with `embed` for its `forward`: what is exported and served."""

    def __init__(self, network: ReidNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        return self.network.embed(pictures)
