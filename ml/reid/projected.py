"""EfficientNet-Lite0's ImageNet features, projected to 64 values in which views of one vehicle lie close."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ml.reid import efficientnet
from ml.reid.config import EmbedderConfig
from ml.reid.projection import Projection
from ml.types import Float2D, Image
from ml.weights import checksum as file_checksum
from ml.weights import resolve

NAME = "efficientnet-lite0-lda"


class ProjectedEfficientNet:
    """The projection is linear and was fitted by `ml.reid.fit_projection`; the network itself is as published."""

    name = NAME

    def __init__(self, config: EmbedderConfig, *, device: str, export_folder: Path | None = None) -> None:
        self._projection = Projection.load(resolve(NAME))
        self._network = efficientnet.EfficientNetLite0(config, device=device, export_folder=export_folder)
        self.size = self._projection.size

    def embed(self, crops: Sequence[Image]) -> Float2D:
        """[n, 64] float32, L2-normalised, of n RGB crops of any size."""
        return self._projection.apply(self._network.embed(crops))


def checksum() -> str:
    """SHA-256 over the checksums of the network's weights and of the projection."""
    return hashlib.sha256((efficientnet.checksum() + file_checksum(resolve(NAME))).encode()).hexdigest()
