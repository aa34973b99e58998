"""SPGAN's networks: two generators and two critics as in CycleGAN (Zhu et al. 2017, appendix), one siamese network."""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional

_CONVOLUTIONS, _EMBEDDED = 4, 128  # of the siamese network, and values that it gives
_SPREAD = 0.02  # standard deviation of the weights that a network begins with
_LEAK = 0.2


class Generator(nn.Module):
    """Pictures [n, 3, h, w] in -1..1 to as many of the same size, h and w multiples of 4.

    A 7x7 convolution, two of stride 2, residual blocks, two of stride 1/2 and a 7x7 one again; each but the last with
    instance normalisation. It is convolutional throughout: h and w need not be those that it was trained with.

    residual  whether what comes out is what it sees and a change of it, which may leave -1..1, instead of all made anew
    """

    def __init__(self, width: int, blocks: int, *, residual: bool = False) -> None:
        super().__init__()
        self._residual = residual
        self.layers = nn.Sequential(
            *_normalised(nn.Conv2d(3, width, 7, padding=3, padding_mode="reflect"), width),
            *_normalised(nn.Conv2d(width, 2 * width, 3, stride=2, padding=1), 2 * width),
            *_normalised(nn.Conv2d(2 * width, 4 * width, 3, stride=2, padding=1), 4 * width),
            *(Residual(4 * width) for _ in range(blocks)),
            *_normalised(_doubling(4 * width, 2 * width), 2 * width),
            *_normalised(_doubling(2 * width, width), width),
            nn.Conv2d(width, 3, 7, padding=3, padding_mode="reflect"),
            nn.Tanh(),
        )
        self.apply(_begin)

    def forward(self, pictures: Tensor) -> Tensor:
        made: Tensor = self.layers(pictures)
        return pictures + made if self._residual else made


class Residual(nn.Module):
    """Two 3x3 convolutions whose result is added to what they see."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        first, second = (nn.Conv2d(channels, channels, 3, padding=1, padding_mode="reflect") for _ in range(2))
        self.layers = nn.Sequential(*_normalised(first, channels), second, nn.InstanceNorm2d(channels))

    def forward(self, seen: Tensor) -> Tensor:
        added: Tensor = self.layers(seen)
        return seen + added


class Critic(nn.Module):
    """Pictures to scores [n, 1, h', w'], each of a patch of 70 pixels a side: towards 1 for real, 0 for made."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, width, 4, stride=2, padding=1),
            nn.LeakyReLU(_LEAK),
            *_leaking(width, 2 * width, stride=2),
            *_leaking(2 * width, 4 * width, stride=2),
            *_leaking(4 * width, 8 * width, stride=1),
            nn.Conv2d(8 * width, 1, 4, padding=1),
        )
        self.apply(_begin)

    def forward(self, pictures: Tensor) -> Tensor:
        scores: Tensor = self.layers(pictures)
        return scores


class Siamese(nn.Module):
    """Pictures [n, 3, side, side] to embeddings [n, 128] of length 1.

    Convolutions of stride 2 with pooling after each, four for the paper's 256 pixels, each with twice the channels of
    the one before, then a linear layer; smaller pictures have as many as leave something of them.
    """

    def __init__(self, width: int, side: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for _ in range(min(_CONVOLUTIONS, int(math.log(side, 4) + 1e-9))):
            layers += [nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.LeakyReLU(_LEAK), nn.MaxPool2d(2)]
            channels, width, side = width, 2 * width, side // 4
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side * side, _EMBEDDED))
        self.apply(_begin)

    def forward(self, pictures: Tensor) -> Tensor:
        return functional.normalize(self.layers(pictures))


def _normalised(convolution: nn.Module, channels: int) -> tuple[nn.Module, ...]:
    return convolution, nn.InstanceNorm2d(channels), nn.ReLU()


def _leaking(channels: int, made: int, *, stride: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(channels, made, 4, stride=stride, padding=1)
    return convolution, nn.InstanceNorm2d(made), nn.LeakyReLU(_LEAK)


def _doubling(channels: int, made: int) -> nn.Module:
    return nn.ConvTranspose2d(channels, made, 3, stride=2, padding=1, output_padding=1)


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, _SPREAD)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
