"""How well a network that is being fine-tuned does on frames that it does not learn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from ml.detection.config import DetectorConfig
from ml.detection.filters import inside_roi
from ml.detection.nanodet import NanoDet
from ml.detection.training.held import found_on, score_found
from ml.detection.training.samples import Sample
from ml.detection.tuning.recipe import TuningRecipe
from ml.types import Float1D, Float2D, Mask
from ml.weights.nanodet_tuned import FEATURES, Tensors, tuned_model

LEAST_SCORE = 0.05
_LEAST_HEIGHT = 24.0  # pixels of the video: whose features tell what all vehicles share
_FRAMES_A_CAMERA = 40


def score_tuned(
    tensors: Tensors, samples: Sequence[Sample], rois: Mapping[str, Mask], recipe: TuningRecipe
) -> dict[str, float]:
    """AP50, and the share of the boxes found by detections that the product would keep, as the detector runs.

    rois  where vehicles count, by the samples' camera; everywhere for those without
    """
    detector = NanoDet(tuned_model(tensors, "the training"), _config(recipe, LEAST_SCORE))
    everywhere = found_on(detector, samples)
    found = {name: each.take(inside_roi(each.boxes, rois.get(name))) for name, each in everywhere.items()}
    kept = {name: each.take(each.scores >= DetectorConfig().score_threshold) for name, each in found.items()}
    return {"ap50": score_found(samples, found).ap50, "recall": score_found(samples, kept).recall50}


def vehicle_mean(tensors: Tensors, samples: Sequence[Sample], recipe: TuningRecipe) -> Float1D:
    """[128] mean of the features of vehicles of some size, each camera weighing the same; 0 where there is none."""
    detector = NanoDet(tuned_model(tensors, "the training"), _config(recipe, LEAST_SCORE))
    by_camera: dict[str, list[Float2D]] = defaultdict(list)
    for sample in samples:
        boxes = sample.boxes()[sample.truth.boxes[:, 3] - sample.truth.boxes[:, 1] >= _LEAST_HEIGHT]
        if len(boxes) and len(by_camera[sample.camera]) < _FRAMES_A_CAMERA:
            by_camera[sample.camera].append(detector.appearance(sample.image(), boxes))
    means = [np.concatenate(parts).mean(axis=0) for parts in by_camera.values() if parts]
    mean: Float1D = np.mean(means or [np.zeros(FEATURES)], axis=0).astype(np.float32)
    return mean


def _config(recipe: TuningRecipe, least: float) -> DetectorConfig:
    return DetectorConfig(
        score_threshold=least,
        input_height=recipe.input_height,
        input_width=recipe.input_width,
        features=False,
        threads=recipe.threads,
    )
