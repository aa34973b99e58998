"""Embedders by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ml.reid import efficientnet, projected, trained
from ml.reid.config import LEVELS, TRAINED, EmbedderConfig
from ml.types import Float2D, Image, UserError


class Embedder(Protocol):
    """Turns crops of vehicles into vectors whose distance says how unlike they look."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int:
        """Length of a vector."""

    def embed(self, crops: Sequence[Image]) -> Float2D:
        """[n, size] float32, L2-normalised, of n RGB crops of any size."""


@runtime_checkable
class Describer(Embedder, Protocol):
    """An embedder that may read type and colour as well."""

    @property
    def describes(self) -> bool:
        """Whether it does."""

    def describe(self, crops: Sequence[Image]) -> tuple[Float2D, Float2D]:
        """What `embed` gives, and the readings [n, 23] of `ml.reid.attributes`."""


@dataclass(frozen=True, slots=True)
class EmbedderCard:
    """How to make an embedder, and what its weights are.

    create    (config, device, folder for exported models or None) -> the embedder
    checksum  of a config: SHA-256 of the weights, for cache keys and model versions
    """

    create: Callable[[EmbedderConfig, str, Path | None], Embedder]
    checksum: Callable[[EmbedderConfig], str]


def _efficientnet_lite0(config: EmbedderConfig, device: str, export_folder: Path | None) -> Embedder:
    return efficientnet.EfficientNetLite0(config, device=device, export_folder=export_folder)


def _projected(config: EmbedderConfig, device: str, export_folder: Path | None) -> Embedder:
    return projected.ProjectedEfficientNet(config, device=device, export_folder=export_folder)


def _trained(config: EmbedderConfig, device: str, export_folder: Path | None) -> Embedder:
    return trained.TrainedEmbedder(config, device=device, export_folder=export_folder)


EMBEDDERS = {
    efficientnet.NAME: EmbedderCard(_efficientnet_lite0, lambda _: efficientnet.checksum()),
    projected.NAME: EmbedderCard(_projected, lambda _: projected.checksum()),
    LEVELS: EmbedderCard(_trained, trained.checksum),
    TRAINED: EmbedderCard(_trained, trained.checksum),
}


def create_embedder(config: EmbedderConfig, *, device: str = "auto", export_folder: Path | None = None) -> Embedder:
    """The embedder `config.name` on a device: "cpu", "cuda", "cuda:1" or "auto" (CUDA where there is one).

    export_folder  keeps models exported for the CPU; without it the export is made anew, in seconds.
    UserError: "unknown-embedder", "weights-missing", "weights-unreadable".
    """
    return _card(config.name).create(config, resolved_device(device), export_folder)


def weights_checksum(config: EmbedderConfig) -> str:
    """SHA-256 of the weights of the embedder that `config` names."""
    return _card(config.name).checksum(config)


def described(embedder: Embedder, crops: Sequence[Image]) -> tuple[Float2D, Float2D | None]:
    """Embeddings [n, size] and, of an embedder that reads type and colour, its readings [n, 23]."""
    if isinstance(embedder, Describer) and embedder.describes:
        return embedder.describe(crops)
    return embedder.embed(crops), None


def resolved_device(device: str) -> str:
    """`device`, with "auto" settled."""
    if device != "auto":
        return device
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _card(name: str) -> EmbedderCard:
    if name not in EMBEDDERS:
        raise UserError("unknown-embedder", f"there is no embedder {name!r}; choose from {', '.join(EMBEDDERS)}")
    return EMBEDDERS[name]
