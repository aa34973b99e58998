"""Networks that were trained here: the one that comes with the project, and any other by its file of weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ml.reid.config import LEVELS, TRAINED, EmbedderConfig
from ml.reid.running import network_on
from ml.types import Float2D, Image, UserError
from ml.weights import checksum as file_checksum
from ml.weights import resolve


class TrainedEmbedder:
    """What `python -m ml train` wrote with a recipe of kind reid; pictures are as large as it was trained on."""

    def __init__(self, config: EmbedderConfig, *, device: str, export_folder: Path | None = None) -> None:
        from ml.reid.models.network import EmbeddingOnly
        from ml.reid.models.weights import load_network

        path = weights_file(config)
        network, card = load_network(path)
        self.name, self.size = config.name, network.size
        self._side, self._batch = card.input_size, config.batch
        self._mean, self._std = network.backbone.mean, network.backbone.std
        name = f"{card.model.backbone.replace('/', '-')}-{file_checksum(path)[:12]}"
        self._run = network_on(
            device, EmbeddingOnly(network).eval, name=name, side=self._side, export_folder=export_folder
        )

    def embed(self, crops: Sequence[Image]) -> Float2D:
        """[n, size] float32, L2-normalised, of n RGB crops of any size."""
        parts = [np.zeros((0, self.size), np.float32)]
        for start in range(0, len(crops), self._batch):
            pictures = [stretched(crop, self._side) for crop in crops[start : start + self._batch]]
            parts.append(self._run(network_input(np.stack(pictures), self._mean, self._std)))
        features = np.concatenate(parts)
        normalised: Float2D = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
        return normalised


def stretched(picture: Image, side: int) -> Image:
    """The picture as a square of `side` x `side` pixels."""
    smaller = side < min(picture.shape[:2])
    resized = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def network_input(
    pictures: npt.NDArray[np.uint8], mean: tuple[float, float, float], std: tuple[float, float, float]
) -> npt.NDArray[np.float32]:
    """[n, h, w, 3] RGB to [n, 3, h, w] float32, (x - mean) / std."""
    scaled = (pictures.astype(np.float32) - np.array(mean, np.float32)) / np.array(std, np.float32)
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def weights_file(config: EmbedderConfig) -> Path:
    """The file of the embedder that the settings name.

    UserError: "bad-configuration" where they name no file, "weights-missing" and "weights-damaged" of the shipped one.
    """
    if config.name == LEVELS:
        return resolve(LEVELS)
    if config.weights is None:
        raise UserError("bad-configuration", f"embedder {TRAINED!r} needs `weights`: a file that `ml train` wrote")
    return Path(config.weights)


def checksum(config: EmbedderConfig) -> str:
    """SHA-256 of the file."""
    return file_checksum(weights_file(config))
