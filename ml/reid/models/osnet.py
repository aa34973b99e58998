"""OSNet: a few hundred thousand to two million weights, looking at several scales in each block (Zhou et al. 2019)."""

from __future__ import annotations

from torch import Tensor, nn

SCALES = 4
REDUCTION = 4  # of a block's channels inside it
GATE_REDUCTION = 16  # of a stream's channels inside the gate
WIDTHS = (64, 256, 384, 512)  # channels of the stem and of the three stages at width 1


class OSNet(nn.Module):
    """Pictures [n, 3, h, w] to maps [n, c, h / 16, w / 16], c 512 times `width`."""

    def __init__(self, width: float) -> None:
        super().__init__()
        stem, first, second, third = (round(channels * width) for channels in WIDTHS)
        self.channels = third
        self.stem = nn.Sequential(_convolution(3, stem, 7, stride=2), nn.MaxPool2d(3, stride=2, padding=1))
        self.layer1 = nn.Sequential(OmniScale(stem, first), OmniScale(first, first), _convolution(first, first, 1))
        self.layer2 = nn.Sequential(
            nn.AvgPool2d(2), OmniScale(first, second), OmniScale(second, second), _convolution(second, second, 1)
        )
        self.layer3 = nn.Sequential(
            nn.AvgPool2d(2), OmniScale(second, third), OmniScale(third, third), _convolution(third, third, 1)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.layer3(self.layer2(self.layer1(self.stem(pictures))))
        return maps


class OmniScale(nn.Module):
    """x + F(x), F the sum of streams of 1 to 4 light 3x3 convolutions, each weighed by the one gate (eq. 2 and 3)."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        inside = out // REDUCTION
        self.narrow = _convolution(channels, inside, 1)
        self.streams = nn.ModuleList(
            nn.Sequential(*(_light(inside) for _ in range(depth))) for depth in range(1, SCALES + 1)
        )
        self.gate = _gate(inside)
        self.widen = nn.Sequential(nn.Conv2d(inside, out, 1, bias=False), nn.BatchNorm2d(out))
        self.shortcut: nn.Module = nn.Identity()
        if channels != out:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out))
        self.rectify = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        narrow = self.narrow(maps)
        first, *others = (stream(narrow) for stream in self.streams)
        mixed = first * self.gate(first)
        for stream in others:
            mixed = mixed + stream * self.gate(stream)
        made: Tensor = self.rectify(self.shortcut(maps) + self.widen(mixed))
        return made


def _convolution(channels: int, out: int, size: int, stride: int = 1) -> nn.Module:
    convolution = nn.Conv2d(channels, out, size, stride=stride, padding=size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU())


def _light(channels: int) -> nn.Module:
    """A 3x3 convolution as a pointwise and a depthwise one."""
    pointwise = nn.Conv2d(channels, channels, 1, bias=False)
    depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
    return nn.Sequential(pointwise, depthwise, nn.BatchNorm2d(channels), nn.ReLU())


def _gate(channels: int) -> nn.Module:
    """A weight per picture and channel, in 0..1."""
    hidden = max(1, channels // GATE_REDUCTION)
    return nn.Sequential(
        nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, hidden, 1), nn.ReLU(), nn.Conv2d(hidden, channels, 1), nn.Sigmoid()
    )
