"""Mask R-CNN with a feature pyramid on ResNet-50, ResNet-101 or ResNeXt-101 32x8d (ELECTRICITY, section 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torchvision.models.detection.roi_heads import maskrcnn_inference

from ml.detection.classes import VEHICLES
from ml.detection.config import DetectorConfig
from ml.detection.filters import inter_class_nms
from ml.detection.networks import build_network, device_named, fold_normalisation, load_state
from ml.detection.pooling import normalised
from ml.types import Detections, Float2D, Image

_ROI_FEATURE = 1024
_AHEAD = 8  # pictures: two batches of the detect stage
_MOST_DETECTIONS = 300  # of all 90 classes together; torchvision's 100 can leave vehicles out of a busy picture

Found = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # boxes [n, 4], scores [n], labels [n] of one picture
Maps = Mapping[str, torch.Tensor]
Sizes = Sequence[tuple[int, int]]  # height and width of each picture inside the network's input
Cells = npt.NDArray[np.uint8]  # [n, 28, 28]


def create_mask_rcnn(weights: Path | None, config: DetectorConfig, *, device: str = "auto") -> MaskRcnn:
    """The detector with the weights of a file, or with random ones.

    Raises UserError weights-unreadable if they do not fit, or no-such-device.
    """
    place = device_named(device)
    if config.threads:
        torch.set_num_threads(config.threads)
    network = build_network(config.name, min_size=config.min_size, max_size=config.max_size)
    if weights is not None:
        load_state(network, weights)
    fold_normalisation(network.backbone)
    return MaskRcnn(network, config, place)


class MaskRcnn:
    """Detects cars, buses and trucks; features are the box head's, from the same pass, masks the mask head's.

    Neither is computed unless the configuration asks for it.
    """

    def __init__(self, network: Any, config: DetectorConfig, device: torch.device) -> None:
        """network  as `build_network` makes it; it is switched to inference and moved to `device`"""
        on_gpu = device.type == "cuda"
        self.name = config.name
        self.feature_size = _ROI_FEATURE if config.features else None
        self.ahead = _AHEAD if on_gpu else 0
        self._config = config
        self._device = device
        self._mixed = config.mixed_precision if on_gpu else config.bfloat16
        self._narrow = torch.float16 if on_gpu else torch.bfloat16
        network.rpn._pre_nms_top_n["testing"] = network.rpn._post_nms_top_n["testing"] = config.proposals
        self._network = network.to(device).eval()
        self._backbone = torch.compile(network.backbone) if config.compile and on_gpu else network.backbone

    @torch.inference_mode()
    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """Vehicles in each picture [h, w, 3] RGB, best first; frames are all 0."""
        if not images:
            return []
        with torch.autocast(self._device.type, dtype=self._narrow, enabled=self._mixed):
            return self._detect(images)

    def _detect(self, images: Sequence[Image]) -> list[Detections]:
        network, sizes = self._network, [(image.shape[0], image.shape[1]) for image in images]
        pictures = [torch.from_numpy(image).to(self._device).permute(2, 0, 1).float() / 255 for image in images]
        batch, _ = network.transform(pictures)
        maps: Maps = self._backbone(batch.tensors)
        proposals, _ = network.rpn(batch, maps)
        found = self._boxes(maps, proposals, batch.image_sizes)
        inside = [boxes for boxes, _, _ in found]
        features = self._features(maps, inside, batch.image_sizes)
        masks = self._masks(maps, inside, [labels for _, _, labels in found], batch.image_sizes)
        parts = zip(found, features, masks, sizes, batch.image_sizes, strict=True)
        return [self._finished(one, feature, mask, size, within) for one, feature, mask, size, within in parts]

    def _boxes(self, maps: Maps, proposals: list[torch.Tensor], sizes: Sizes) -> list[Found]:
        """The vehicles of each picture in pixels of the network's input."""
        heads = self._network.roi_heads
        logits, offsets = heads.box_predictor(heads.box_head(heads.box_roi_pool(maps, proposals, sizes)))
        heads.score_thresh, heads.detections_per_img = self._config.score_threshold, _MOST_DETECTIONS
        found = heads.postprocess_detections(logits.float(), offsets.float(), proposals, sizes)
        vehicles = torch.from_numpy(VEHICLES).to(self._device)
        chosen = [torch.isin(labels, vehicles) for labels in found[2]]
        parts = zip(*found, chosen, strict=True)
        return [(boxes[rows], scores[rows], labels[rows]) for boxes, scores, labels, rows in parts]

    def _features(self, maps: Maps, boxes: list[torch.Tensor], sizes: Sizes) -> list[Float2D | None]:
        if not self._config.features:
            return [None] * len(boxes)
        heads = self._network.roi_heads
        pooled = heads.box_head(heads.box_roi_pool(maps, boxes, sizes)).float()
        return [normalised(of_one.cpu().numpy()) for of_one in pooled.split([len(one) for one in boxes])]

    def _masks(
        self, maps: Maps, boxes: list[torch.Tensor], labels: list[torch.Tensor], sizes: Sizes
    ) -> list[Cells | None]:
        if not self._config.masks:
            return [None] * len(boxes)
        heads = self._network.roi_heads
        logits = heads.mask_predictor(heads.mask_head(heads.mask_roi_pool(maps, boxes, sizes)))
        cells = maskrcnn_inference(logits.float(), labels)
        return [(of_one[:, 0] * 255).round().byte().cpu().numpy() for of_one in cells]

    def _finished(
        self,
        found: Found,
        features: Float2D | None,
        masks: Cells | None,
        size: tuple[int, int],
        within: tuple[int, int],
    ) -> Detections:
        """One picture's vehicles in pixels of the picture, doubles suppressed."""
        boxes, scores, labels = (values.float().cpu().numpy() for values in found)
        scale = np.array([size[1] / within[1], size[0] / within[0]] * 2, np.float32)
        detections = Detections(
            np.zeros(len(boxes), np.int32), boxes * scale, scores, labels.astype(np.int32), features, masks
        )
        high = detections.boxes[:, 3] - detections.boxes[:, 1] > self._config.min_height
        return inter_class_nms(detections.take(high), self._config.nms_iou, weighted=self._config.weighted_nms)
