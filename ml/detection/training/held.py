"""Scoring a network that is being trained on frames that it does not learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ml.detection.config import DetectorConfig
from ml.detection.maskrcnn import MaskRcnn
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.samples import Sample
from ml.evaluation import MtmcRows, score_detections
from ml.types import Detections, Float2D

_LEAST_SCORE = 0.05
_BATCH = 4


def score_held(
    network: Any, samples: Sequence[Sample], recipe: DetectorRecipe, device: torch.device
) -> dict[str, object]:
    """AP50 and its companions of `network` on `samples`, all classes as one; leaves the network in training mode."""
    config = DetectorConfig(
        name=recipe.name,
        score_threshold=_LEAST_SCORE,
        nms_iou=0.5,
        proposals=min(1000, recipe.proposals),
        features=False,
        mixed_precision=recipe.mixed_precision,
        bfloat16=recipe.bfloat16,
    )
    network.transform.min_size, network.transform.max_size = (recipe.min_size,), recipe.max_size
    detector = MaskRcnn(network, config, device)
    found: dict[str, list[Detections]] = defaultdict(list)
    for start in range(0, len(samples), _BATCH):
        part = samples[start : start + _BATCH]
        for sample, one in zip(part, detector.detect([sample.image() for sample in part]), strict=True):
            frames = np.full(len(one), sample.frame, np.int32)
            found[sample.camera].append(replace(one, frames=frames, boxes=one.boxes / np.float32(sample.scale)))
    network.train()
    by_camera = {camera: Detections.concatenate(parts) for camera, parts in found.items()}
    truth = _rows(samples, [sample.truth.boxes for sample in samples])
    ignored = _rows(samples, [sample.truth.ignored for sample in samples])
    return score_detections(truth, by_camera, ignored=ignored).as_dict()


def _rows(samples: Sequence[Sample], of_each: Sequence[Float2D]) -> MtmcRows:
    counts = [len(boxes) for boxes in of_each]
    boxes = np.concatenate(of_each).astype(np.float64)
    boxes[:, 2:] -= boxes[:, :2]
    return MtmcRows(
        np.repeat([sample.camera for sample in samples], counts),
        np.arange(len(boxes), dtype=np.int32),
        np.repeat(np.array([sample.frame for sample in samples], np.int32), counts),
        boxes,
    )
