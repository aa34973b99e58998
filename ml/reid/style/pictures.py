"""The two domains' pictures: which they are, and how they go into the networks and come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ml.datasets.reid import ReidSet, ReidTable, read_picture
from ml.reid.augment import mirrored
from ml.reid.style.recipe import StyleRecipe
from ml.reid.trained import network_input, stretched
from ml.reid.training.pictures import Pictures, require_readable
from ml.types import Image, UserError

_MIDDLE = (127.5, 127.5, 127.5)  # 0..255 becomes -1..1


@dataclass(frozen=True, slots=True)
class Domains:
    """source  rendered pictures, whose style is changed        target  real ones, whose style it becomes"""

    source: ReidTable
    target: ReidTable

    def digest(self) -> str:
        """SHA-256 over both, as of the pictures of a `ml.reid.training.pictures.Pictures`."""
        return Pictures(self.source, self.target).digest()


def domains(data: ReidSet) -> Domains:
    """The set's rendered pictures and its own training pictures.

    UserError: "no-rendered-pictures", "no-real-pictures", or "picture-unreadable", naming the first ten.
    """
    if not len(data.synthetic):
        message = f"{data.name} has no rendered pictures whose style could be changed; add a set of them by --beside."
        raise UserError("no-rendered-pictures", message)
    if not len(data.train):
        message = f"{data.name} has no training pictures of its own, whose style is to be learned."
        raise UserError("no-real-pictures", message)
    require_readable((data.synthetic, data.train))
    return Domains(data.synthetic, data.train)


def drawn(table: ReidTable, draw: np.random.Generator, recipe: StyleRecipe) -> Tensor:
    """[batch, 3, side, side] in -1..1: any of the table's pictures, some mirrored."""
    rows = draw.integers(len(table), size=recipe.batch).tolist()
    turned = (draw.random(recipe.batch) < recipe.flip).tolist()
    pictures = [stretched(read_picture(table, row), recipe.input_size) for row in rows]
    return as_input([mirrored(picture) if turn else picture for picture, turn in zip(pictures, turned, strict=True)])


def as_input(pictures: Sequence[Image]) -> Tensor:
    """[h, w, 3] RGB pictures of one size to [n, 3, h, w] float in -1..1."""
    return torch.from_numpy(network_input(np.stack(pictures), _MIDDLE, _MIDDLE))


def as_pictures(made: Tensor) -> list[Image]:
    """[n, 3, h, w] in -1..1 to [h, w, 3] RGB pictures."""
    levels = ((made.detach().cpu().permute(0, 2, 3, 1) + 1) * 127.5).round().clamp(0, 255).byte().numpy()
    return [np.asarray(picture, np.uint8) for picture in levels]
