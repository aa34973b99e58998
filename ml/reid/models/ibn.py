"""IBN-a: half the channels of a residual block's first normalisation are normalised picture by picture.

What differs between pictures of one vehicle for their light and lens alone is lost there, while the other half keeps
what tells vehicles apart (Pan et al. 2018, "Two at Once").
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

_STAGES = ("layer1", "layer2", "layer3")  # the last stage keeps batch normalisation


class IBN(nn.Module):
    """[n, c, h, w]: instance normalisation of the first half of the channels, batch normalisation of the rest."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.split = channels // 2
        self.instance = nn.InstanceNorm2d(self.split, affine=True)
        self.batch = nn.BatchNorm2d(channels - self.split)

    def forward(self, maps: Tensor) -> Tensor:
        first, second = maps[:, : self.split], maps[:, self.split :]
        return torch.cat([self.instance(first), self.batch(second)], dim=1)

    @torch.no_grad()
    def take_over(self, norm: nn.BatchNorm2d) -> None:
        """Scale, shift and running statistics of the batch normalisation that this one replaces."""
        self.instance.weight.copy_(norm.weight[: self.split])
        self.instance.bias.copy_(norm.bias[: self.split])
        mine = self.batch.state_dict()
        theirs = {name: value[self.split :] if value.ndim else value for name, value in norm.state_dict().items()}
        self.batch.load_state_dict({name: theirs[name] for name in mine})


def with_ibn(resnet: nn.Module) -> nn.Module:
    """torchvision's `resnet` with IBN for the first normalisation of every block of its first three stages."""
    for stage in _STAGES:
        for block in resnet.get_submodule(stage).children():
            norm = block.get_submodule("bn1")
            assert isinstance(norm, nn.BatchNorm2d)
            replacement = IBN(norm.num_features)
            replacement.take_over(norm)
            block.add_module("bn1", replacement)
    return resnet
