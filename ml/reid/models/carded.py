"""Networks as safetensors files whose header says what they are: its one entry is a card, under the format's name.

There is one entry only, since several would be written in any order.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import safetensors
import safetensors.torch
from torch import Tensor, nn

from ml.types import UserError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Card = TypeVar("Card", bound="DataclassInstance")


def save_module(module: nn.Module, card: DataclassInstance, path: Path, form: str) -> None:
    """Write the module's weights with its card, whole or not at all. form  name of the format"""
    state = {name: value.detach().cpu().contiguous() for name, value in module.state_dict().items()}
    save_state(state, card, path, form)


def save_state(state: dict[str, Tensor], card: DataclassInstance, path: Path, form: str) -> None:
    """Write tensors by name with their card, whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    safetensors.torch.save_file(state, partial, metadata={form: json.dumps(asdict(card))})
    partial.replace(path)


def read_card_as(card: type[Card], path: Path, form: str, *, recipe: str) -> Card:
    """The card of a file in this format.

    recipe  the kind of recipe whose trainings write it

    UserError "weights-missing", "weights-unreadable".
    """
    from ml.config import config_from  # which imports this package's settings

    if not path.is_file():
        raise UserError("weights-missing", f"{path}: there is no such file of weights; check the path.")
    try:
        with safetensors.safe_open(path, framework="pt") as stored:
            metadata = stored.metadata() or {}
    except (safetensors.SafetensorError, OSError) as error:
        raise UserError("weights-unreadable", f"{path} is not a safetensors file: {error}.") from None
    if form not in metadata:
        message = f"{path} was not written by `python -m ml train` with a recipe of kind {recipe}; name such a file."
        raise UserError("weights-unreadable", message)
    return config_from(card, json.loads(metadata[form]), str(path))
