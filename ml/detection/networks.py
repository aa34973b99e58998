"""Mask R-CNN as a network: built for a backbone, filled from a file of weights."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import safetensors
import safetensors.torch
import torch
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.models.resnet import Bottleneck
from torchvision.ops import FrozenBatchNorm2d

from ml.types import UserError

BACKBONES = {
    "maskrcnn-resnet50": "resnet50",
    "maskrcnn-resnet101": "resnet101",
    "maskrcnn-resnext101": "resnext101_32x8d",
}
COCO_CLASSES = 91  # background and the ids up to 90
_ALL_LAYERS = 5
LEVELS, RATIOS = 5, 3  # of the feature pyramid, and of a place's anchors
ANCHORS = "anchors"  # in a file's metadata: sizes and ratios as JSON

State = Mapping[str, torch.Tensor]


class Anchors(NamedTuple):
    """Boxes that a Mask R-CNN's proposals start from.

    sizes   sides in pixels of the scaled picture, one a level of the pyramid
    ratios  height / width of those at each place
    """

    sizes: tuple[float, ...] = (32.0, 64.0, 128.0, 256.0, 512.0)
    ratios: tuple[float, ...] = (0.5, 1.0, 2.0)

    def generator(self) -> AnchorGenerator:
        """They as torchvision's networks take them."""
        return AnchorGenerator(tuple((size,) for size in self.sizes), (self.ratios,) * len(self.sizes))


def build_network(
    name: str,
    *,
    min_size: int = 800,
    max_size: int = 1333,
    backbone: Path | None = None,
    from_scratch: bool = False,
    rois: int = 512,
    proposals: int = 2000,
) -> Any:
    """torchvision's Mask R-CNN for COCO's classes, with random weights.

    backbone      a classifier's state dictionary (ImageNet) for the backbone to start from
    from_scratch  train every layer and the batch normalisation, instead of the last three layers behind a frozen
                  one; both have the same names and shapes, so a network trained one way runs the other way
    rois          regions a picture that the box head learns from
    proposals     regions of each level that are looked at for these, and of the picture that are kept
    """
    norm = torch.nn.BatchNorm2d if from_scratch else FrozenBatchNorm2d
    layers = _ALL_LAYERS if from_scratch else 3
    body = resnet_fpn_backbone(backbone_name=BACKBONES[name], weights=None, norm_layer=norm, trainable_layers=layers)
    if not from_scratch:
        _tame(body)
    if backbone is not None:
        state = {key: value for key, value in read_state(backbone).items() if not key.startswith("fc.")}
        _fit(body.body, state, backbone)
    return MaskRCNN(
        body,
        num_classes=COCO_CLASSES,
        min_size=min_size,
        max_size=max_size,
        box_batch_size_per_image=rois,
        rpn_anchor_generator=Anchors().generator(),
        rpn_pre_nms_top_n_train=proposals,
        rpn_post_nms_top_n_train=proposals,
    )


def _tame(body: torch.nn.Module) -> None:
    """Frozen normalisation holds no random weights in check: a hundred layers would overflow."""
    for module in body.modules():
        if isinstance(module, Bottleneck):
            module.bn3.weight.fill_(0.1)


def load_state(network: Any, path: Path) -> None:
    """Load a whole checkpoint: .safetensors, or PyTorch's state dictionary or {"model": one}.

    A .safetensors file that a training here wrote says which anchors it was trained with. torchvision's own COCO
    weights were trained without the epsilon in batch normalisation.

    Raises UserError weights-unreadable if it does not fit.
    """
    _fit(network, read_state(path), path)
    use_anchors(network, anchors_of(path))
    if path.name.startswith("maskrcnn_resnet50_fpn_coco"):
        for module in network.modules():
            if isinstance(module, FrozenBatchNorm2d):
                module.eps = 0.0


@torch.no_grad()
def fold_normalisation(network: torch.nn.Module) -> None:
    """Let each convolution do the frozen normalisation behind it: the same up to rounding, in 5/6 of the time."""
    for module in network.modules():
        for (_, layer), (name, norm) in pairwise(list(module.named_children())):
            if isinstance(layer, torch.nn.Conv2d) and isinstance(norm, FrozenBatchNorm2d):
                factor = norm.weight * (norm.running_var + norm.eps).rsqrt()
                layer.weight.mul_(factor[:, None, None, None])
                layer.bias = torch.nn.Parameter(norm.bias - norm.running_mean * factor)
                setattr(module, name, torch.nn.Identity())


def anchors_of(path: Path) -> Anchors:
    """The anchors that the weights of a file, whose tensors can be read, were trained with."""
    if path.suffix != ".safetensors":
        return Anchors()
    with safetensors.safe_open(path, "pt") as file:
        said = (file.metadata() or {}).get(ANCHORS)
    return Anchors(*(tuple(values) for values in json.loads(said))) if said else Anchors()


def use_anchors(network: Any, anchors: Anchors) -> None:
    """Have the network's proposals start from these."""
    network.rpn.anchor_generator = anchors.generator()


def read_state(path: Path) -> State:
    """The tensors of a file of weights; UserError weights-unreadable if it is none."""
    if path.suffix == ".safetensors":
        try:
            return safetensors.torch.load_file(path)
        except (OSError, safetensors.SafetensorError) as error:
            raise UserError("weights-unreadable", f"{path}: not a safetensors file ({error}).") from error
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise UserError("weights-unreadable", f"{path}: not a file of PyTorch weights ({error}).") from error
    state = content.get("model", content) if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping):
        raise UserError("weights-unreadable", f"{path}: holds no state dictionary; save `model.state_dict()`.")
    return state


def _fit(module: Any, state: State, path: Path) -> None:
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise UserError("weights-unreadable", f"{path}: made for another network ({first}).") from error


def device_named(name: str) -> torch.device:
    """ "auto" is the GPU where there is one; UserError no-such-device for one that is not there."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise UserError("no-such-device", f"There is no device {name!r}; say auto, cpu or cuda.") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise UserError("no-such-device", "No GPU that PyTorch can use is here; say --device cpu.")
    return device
