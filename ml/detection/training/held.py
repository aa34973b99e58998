"""Scoring a network that is being trained on frames that it does not learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ml.detection.config import DetectorConfig
from ml.detection.maskrcnn import MaskRcnn
from ml.detection.registry import Detector
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.samples import Sample
from ml.evaluation import DetectionScore, MtmcRows, score_detections
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
    score = score_found(samples, found_on(MaskRcnn(network, config, device), samples))
    network.train()
    return score.as_dict()


def found_on(detector: Detector, samples: Sequence[Sample]) -> dict[str, Detections]:
    """What a detector finds on samples, by camera, in the videos' pixels."""
    found: dict[str, list[Detections]] = defaultdict(list)
    for start in range(0, len(samples), _BATCH):
        part = samples[start : start + _BATCH]
        for sample, one in zip(part, detector.detect([sample.image() for sample in part]), strict=True):
            frames = np.full(len(one), sample.frame, np.int32)
            found[sample.camera].append(replace(one, frames=frames, boxes=one.boxes / np.float32(sample.scale)))
    return {camera: Detections.concatenate(parts) for camera, parts in found.items()}


def score_found(samples: Sequence[Sample], found: Mapping[str, Detections]) -> DetectionScore:
    """AP50 and its companions of what was found on samples, all classes as one.

    UserError no-ground-truth where they show no vehicle that counts.
    """
    truth = true_rows([(sample.camera, sample.frame, sample.truth.boxes) for sample in samples])
    ignored = true_rows([(sample.camera, sample.frame, sample.truth.ignored) for sample in samples])
    return score_detections(truth, found, ignored=ignored)


def true_rows(of_frames: Sequence[tuple[str, int, Float2D]]) -> MtmcRows:
    """Boxes [n, 4] xyxy of (camera, frame) as the scorers take them, in their order."""
    counts = [len(boxes) for _, _, boxes in of_frames]
    boxes = np.concatenate([boxes for _, _, boxes in of_frames]).astype(np.float64)
    boxes[:, 2:] -= boxes[:, :2]
    return MtmcRows(
        np.repeat([camera for camera, _, _ in of_frames], counts),
        np.arange(len(boxes), dtype=np.int32),
        np.repeat(np.array([frame for _, frame, _ in of_frames], np.int32), counts),
        boxes,
    )
