"""Detectors by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from ml.detection.config import DetectorConfig
from ml.types import Detections, Image, UserError
from ml.weights import CARDS, checksum, resolve

MASK_RCNNS = ("maskrcnn-resnet50", "maskrcnn-resnet101", "maskrcnn-resnext101")
DETECTORS = ("nanodet", *MASK_RCNNS)
RANDOM = "none"
TUNED = ".safetensors"  # of a fine-tuned NanoDet: weights to put into the published network
_VEHICLE_MEAN = "nanodet-vehicle-mean"


class Detector(Protocol):
    """Finds vehicles: COCO's 3 car, 6 bus, 8 truck.

    feature_size  length of the appearance features, or None if there are none
    ahead         pictures that had better be decoded while it works on others: none where its own work fills the
                  processor anyway
    """

    @property
    def name(self) -> str: ...

    @property
    def feature_size(self) -> int | None: ...

    @property
    def ahead(self) -> int: ...

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        """The vehicles in each picture [h, w, 3] RGB, best first; frames are all 0."""


def create_detector(config: DetectorConfig, *, device: str = "auto") -> Detector:
    """The detector that `config` names, with its weights loaded.

    device  "cpu", "cuda", "cuda:1", ... or "auto"; NanoDet always runs on the CPU

    Raises UserError bad-configuration, or weights-missing, -damaged or -unreadable.
    """
    whole = _one_look(config, device)
    if config.tiles == 1:
        return whole
    from ml.detection.tiling import TiledDetector

    # The second look is for vehicles that fill much of the picture; tiles are for small ones.
    part = _one_look(replace(config, second_look=0.0), device) if config.name == "nanodet" else whole
    return TiledDetector(whole, part, config)


def _one_look(config: DetectorConfig, device: str) -> Detector:
    weights = detector_weights(config)
    if config.name == "nanodet":
        return _nanodet(weights, config)
    from ml.detection.maskrcnn import create_mask_rcnn

    return create_mask_rcnn(weights, config, device=device)


def _nanodet(weights: Path | None, config: DetectorConfig) -> Detector:
    from ml.detection.nanodet import NanoDet

    if weights is None:
        raise UserError("bad-configuration", "detector: nanodet has no network without its weights.")
    if weights.suffix == TUNED:
        from ml.weights.nanodet_tuned import read_tuned, tuned_model

        tuned = read_tuned(weights)
        return NanoDet(tuned_model(tuned.tensors, str(weights)), config, vehicle_mean=tuned.vehicle_mean)
    mean = None if config.weights else np.load(resolve(_VEHICLE_MEAN))
    return NanoDet(weights, config, vehicle_mean=mean)


def detector_weights(config: DetectorConfig) -> Path | None:
    """The file of weights that `config` asks for; None for random ones.

    Raises UserError bad-configuration for an unknown detector, or weights-missing or -damaged.
    """
    if config.name not in DETECTORS:
        raise UserError("bad-configuration", f"No detector {config.name!r}; choose from {', '.join(DETECTORS)}.")
    if config.weights == RANDOM:
        return None
    if config.weights is None:
        return _published(config.name)
    path = Path(config.weights)
    if not path.is_file():
        raise UserError("weights-missing", f"{path}: there is no such file of weights; check `detector.weights`.")
    return path


def detector_checksum(config: DetectorConfig) -> str:
    """What identifies the detector's weights in cache keys: SHA-256 of its files, or "random"."""
    weights = detector_weights(config)
    if weights is None:
        return RANDOM
    if config.name == "nanodet" and config.weights is None:
        return f"{checksum(weights)}+{checksum(resolve(_VEHICLE_MEAN))}"
    if config.name == "nanodet" and weights.suffix == TUNED:
        return f"{checksum(weights)}+{checksum(resolve(config.name))}"
    return checksum(weights)


def _published(name: str) -> Path:
    if name not in CARDS:
        raise UserError(
            "weights-missing",
            f"Nobody publishes COCO weights for {name}; name a checkpoint of your own in `detector.weights`, "
            "or choose maskrcnn-resnet50.",
        )
    return resolve(name)
