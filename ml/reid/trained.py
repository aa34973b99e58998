"""Networks that were trained here: the one that comes with the project, and any other by its file of weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ml.reid.attributes import READINGS
from ml.reid.config import ATTRIBUTES, LEVELS, TRAINED, EmbedderConfig
from ml.reid.running import network_on
from ml.types import Float2D, Image, UserError
from ml.weights import checksum as file_checksum
from ml.weights import resolve

if TYPE_CHECKING:
    from ml.reid.models.heads import Describing
    from ml.reid.models.network import ReidNetwork


class TrainedEmbedder:
    """What `python -m ml train` wrote with a recipe of kind reid; pictures are as large as it was trained on.

    describes  whether there are heads that read type and colour
    """

    def __init__(self, config: EmbedderConfig, *, device: str, export_folder: Path | None = None) -> None:
        from ml.reid.models.network import EmbeddingOnly
        from ml.reid.models.weights import load_network

        path = weights_file(config)
        network, card = load_network(path)
        heads = _heads(config, network, card.input_size)
        self.name, self.size, self.describes = config.name, network.size, heads is not None
        self._side, self._batch = card.input_size, config.batch
        self._mean, self._std = network.backbone.mean, network.backbone.std
        name = f"{card.model.backbone.replace('/', '-')}-{file_checksum(path)[:12]}"
        made = EmbeddingOnly(network) if heads is None else heads
        if heads is not None:
            name = f"{name}-{attributes_checksum(config)[:12]}"
        self._run = network_on(device, made.eval, name=name, side=self._side, export_folder=export_folder)

    def embed(self, crops: Sequence[Image]) -> Float2D:
        """[n, size] float32, L2-normalised, of n RGB crops of any size."""
        return self.describe(crops)[0]

    def describe(self, crops: Sequence[Image]) -> tuple[Float2D, Float2D]:
        """Embeddings as of `embed`, and the readings [n, 23] of `ml.reid.attributes`, [n, 0] where it reads none."""
        parts = [np.zeros((0, self.size + READINGS * self.describes), np.float32)]
        for start in range(0, len(crops), self._batch):
            pictures = [stretched(crop, self._side) for crop in crops[start : start + self._batch]]
            parts.append(self._run(network_input(np.stack(pictures), self._mean, self._std)))
        features, readings = np.split(np.concatenate(parts), [self.size], axis=1)
        normalised: Float2D = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
        return normalised, readings


def _heads(config: EmbedderConfig, network: ReidNetwork, side: int) -> Describing | None:
    """The network with its heads; None where none are wanted, or the shipped ones belong to another network.

    UserError "weights-differ" where heads of one's own do.
    """
    from ml.reid.models.heads import Describing, fit_together, load_heads

    path = attributes_file(config)
    if path is None:
        return None
    heads, card = load_heads(path)
    if fit_together(network, side, card):
        return Describing(network, heads)
    if config.attribute_weights is None:
        return None
    message = f"{path} was fitted to another network; fit heads to this one with a recipe of kind attributes."
    raise UserError("weights-differ", message)


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


def attributes_file(config: EmbedderConfig) -> Path | None:
    """The file of heads that the settings ask for; None where they ask for none.

    UserError: "weights-missing" and "weights-damaged" of the shipped ones.
    """
    if not config.attributes or config.name not in (LEVELS, TRAINED):
        return None
    return resolve(ATTRIBUTES) if config.attribute_weights is None else Path(config.attribute_weights)


def attributes_checksum(config: EmbedderConfig) -> str:
    """SHA-256 of that file, empty where there is none."""
    path = attributes_file(config)
    return "" if path is None else file_checksum(path)
