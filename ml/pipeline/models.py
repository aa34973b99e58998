"""The networks of a run, made when first needed and shared by its cameras."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ml.config import PipelineConfig
from ml.detection import Detector, create_detector, detector_checksum
from ml.reid import Embedder, create_embedder, weights_checksum
from ml.reid.trained import attributes_checksum


class Models:
    """Detector and embedder of a configuration on one device.

    exports  keeps what is converted for the CPU: the next process need not convert it again; None converts it anew
    """

    def __init__(self, config: PipelineConfig, device: str = "auto", exports: Path | None = None) -> None:
        self._config = config
        self._device = device
        self._exports = exports

    def detector(self) -> Detector:
        return self._detector

    def embedder(self) -> Embedder:
        return self._embedder

    @cached_property
    def detector_checksum(self) -> str:
        return detector_checksum(self._config.detector)

    @cached_property
    def embedder_checksum(self) -> str:
        return weights_checksum(self._config.embedder)

    @cached_property
    def attributes_checksum(self) -> str:
        """Of the heads for type and colour; empty where none are asked for."""
        return attributes_checksum(self._config.embedder)

    def used(self) -> dict[str, dict[str, str]]:
        """Stage -> name and checksum of its network."""
        return {
            "detect": {"name": self._config.detector.name, "checksum": self.detector_checksum},
            "embed": {"name": self._config.embedder.name, "checksum": self.embedder_checksum},
        }

    @cached_property
    def _detector(self) -> Detector:
        return create_detector(self._config.detector, device=self._device)

    @cached_property
    def _embedder(self) -> Embedder:
        return create_embedder(self._config.embedder, device=self._device, export_folder=self._exports)
