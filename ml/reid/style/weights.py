"""A trained generator as one file that says what it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import safetensors.torch

from ml.reid.models.carded import read_card_as, save_module
from ml.reid.style.networks import Generator
from ml.types import UserError

FORMAT = "crosstrack-style-1"


@dataclass(frozen=True, slots=True)
class StyleCard:
    """What a file of a generator says of itself.

    width, blocks, residual  as of the recipe        input_size  side of the square pictures that it was trained on
    recipe         name of the training's recipe          data  checksum of the tables of pictures of both domains
    """

    width: int
    blocks: int
    residual: bool
    input_size: int
    recipe: str
    data: str


def save_generator(generator: Generator, card: StyleCard, path: Path) -> None:
    """Write the generator; whole or not at all."""
    save_module(generator, card, path, FORMAT)


def load_generator(path: Path) -> tuple[Generator, StyleCard]:
    """The generator in evaluation mode, and its card. UserError "weights-missing", "weights-unreadable"."""
    card = read_card_as(StyleCard, path, FORMAT, recipe="style")
    generator = Generator(card.width, card.blocks, residual=card.residual)
    try:
        generator.load_state_dict(safetensors.torch.load_file(path))
    except RuntimeError:
        message = f"{path} holds other weights than its header says; train it again."
        raise UserError("weights-unreadable", message) from None
    return generator.eval(), card
