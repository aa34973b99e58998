"""Mask R-CNN with a feature pyramid on ResNet-50, ResNet-101 or ResNeXt-101 32x8d (ELECTRICITY, section 3.1)."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.models.resnet import Bottleneck
from torchvision.ops import FrozenBatchNorm2d

from ml.detection.classes import VEHICLES
from ml.detection.config import DetectorConfig
from ml.detection.filters import inter_class_nms
from ml.detection.pooling import normalised
from ml.types import Detections, Image, UserError

_BACKBONES = {
    "maskrcnn-resnet50": "resnet50",
    "maskrcnn-resnet101": "resnet101",
    "maskrcnn-resnext101": "resnext101_32x8d",
}
_COCO_CLASSES = 91  # background and the ids up to 90
_ROI_FEATURE = 1024
_MOST_DETECTIONS = 300  # of all 90 classes together; torchvision's 100 can leave vehicles out of a busy picture

State = Mapping[str, torch.Tensor]


class MaskRcnn:
    """Detects cars, buses and trucks; features are the box head's, from the same pass.

    Masks are not computed: nothing after detection uses them.
    """

    def __init__(self, weights: Path | None, config: DetectorConfig, *, device: str = "auto") -> None:
        """weights  a state dictionary, or None for random ones; UserError weights-unreadable if it does not fit."""
        self.name = config.name
        self.feature_size = _ROI_FEATURE if config.features else None
        self._config = config
        self._device = _device(device)
        if config.threads:
            torch.set_num_threads(config.threads)
        network = build_network(config.name, min_size=config.min_size, max_size=config.max_size)
        if weights is not None:
            load_state(network, weights)
        network.roi_heads.mask_roi_pool = None
        network.roi_heads.score_thresh = config.score_threshold
        network.roi_heads.detections_per_img = _MOST_DETECTIONS
        self._network = network.to(self._device).eval()

    @torch.inference_mode()
    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """Vehicles in each picture [h, w, 3] RGB, best first; frames are all 0."""
        if not images:
            return []
        network = self._network
        pictures = [torch.from_numpy(image).to(self._device).permute(2, 0, 1).float() / 255 for image in images]
        batch, _ = network.transform(pictures)
        maps = network.backbone(batch.tensors)
        proposals, _ = network.rpn(batch, maps)
        found, _ = network.roi_heads(maps, proposals, batch.image_sizes)
        pooled = network.roi_heads.box_roi_pool(maps, [one["boxes"] for one in found], batch.image_sizes)
        features = network.roi_heads.box_head(pooled).split([len(one["boxes"]) for one in found])
        sizes = [(image.shape[0], image.shape[1]) for image in images]
        found = network.transform.postprocess(found, batch.image_sizes, sizes)
        return [self._vehicles(one, feature) for one, feature in zip(found, features, strict=True)]

    def _vehicles(self, found: Mapping[str, torch.Tensor], features: torch.Tensor) -> Detections:
        classes = found["labels"].cpu().numpy().astype(np.int32)
        boxes = found["boxes"].cpu().numpy().astype(np.float32)
        detections = Detections(
            np.zeros(len(boxes), np.int32),
            boxes,
            found["scores"].cpu().numpy().astype(np.float32),
            classes,
            normalised(features.cpu().numpy()) if self._config.features else None,
        )
        wanted = np.isin(classes, VEHICLES) & (boxes[:, 3] - boxes[:, 1] > self._config.min_height)
        return inter_class_nms(detections.take(wanted), self._config.nms_iou, weighted=self._config.weighted_nms)


def build_network(name: str, *, min_size: int = 800, max_size: int = 1333, backbone: Path | None = None) -> Any:
    """torchvision's Mask R-CNN for COCO's classes, with random weights.

    backbone  a classifier's state dictionary (ImageNet) for the backbone to start from
    """
    norm = FrozenBatchNorm2d
    body = resnet_fpn_backbone(backbone_name=_BACKBONES[name], weights=None, norm_layer=norm, trainable_layers=3)
    for module in body.modules():
        if isinstance(module, Bottleneck):  # frozen normalisation tames no random weights: a hundred layers overflow
            module.bn3.weight.fill_(0.1)
    if backbone is not None:
        state = {key: value for key, value in _read_state(backbone).items() if not key.startswith("fc.")}
        _fit(body.body, state, backbone)
    return MaskRCNN(body, num_classes=_COCO_CLASSES, min_size=min_size, max_size=max_size)


def load_state(network: Any, path: Path) -> None:
    """Load a whole checkpoint, a state dictionary or {"model": one}; UserError weights-unreadable if it does not fit.

    torchvision's own COCO weights were trained without the epsilon in batch normalisation.
    """
    _fit(network, _read_state(path), path)
    if path.name.startswith("maskrcnn_resnet50_fpn_coco"):
        for module in network.modules():
            if isinstance(module, FrozenBatchNorm2d):
                module.eps = 0.0


def _fit(module: Any, state: State, path: Path) -> None:
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise UserError("weights-unreadable", f"{path}: made for another network ({first}).") from error


def _read_state(path: Path) -> State:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise UserError("weights-unreadable", f"{path}: not a file of PyTorch weights ({error}).") from error
    state = content.get("model", content) if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping):
        raise UserError("weights-unreadable", f"{path}: holds no state dictionary; save `model.state_dict()`.")
    return state


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)
