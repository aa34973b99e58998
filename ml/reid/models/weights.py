"""Trained networks as one file: safetensors, with what the network is in the file's own header."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
from torch import Tensor

from ml.reid.models.carded import read_card_as, save_module, save_state
from ml.reid.models.network import ModelConfig, ReidNetwork
from ml.types import UserError

FORMAT = "crosstrack-reid-1"


@dataclass(frozen=True, slots=True)
class WeightsCard:
    """What a file of weights says of itself.

    input_size  side of the square pictures that it was trained on     recipe  name of the training's recipe
    data        checksum of the table of pictures that it was trained on
    """

    model: ModelConfig
    input_size: int
    recipe: str
    data: str


def save_network(network: ReidNetwork, card: WeightsCard, path: Path) -> None:
    """Write the network, without any classifier; whole or not at all."""
    save_module(network, card, path, FORMAT)


def halve(path: Path, out: Path) -> None:
    """Write the network of `path` with its real numbers in 16 bits: half the size, read back into 32 bits.

    UserError as of `read_card`, or "weights-too-large" for a number that 16 bits cannot hold.
    """
    card = read_card(path)
    state = {name: _halved(name, value) for name, value in safetensors.torch.load_file(path).items()}
    save_state(state, card, out, FORMAT)


def _halved(name: str, value: Tensor) -> Tensor:
    if not value.is_floating_point():
        return value
    made = value.half()
    if not bool(made.isfinite().all()):
        raise UserError("weights-too-large", f"{name} has numbers beyond 65,504; keep the file in 32 bits.")
    return made


def read_card(path: Path) -> WeightsCard:
    """What the file says of itself. UserError "weights-missing", "weights-unreadable"."""
    return read_card_as(WeightsCard, path, FORMAT, recipe="reid")


def load_network(path: Path) -> tuple[ReidNetwork, WeightsCard]:
    """The network, in evaluation mode, and its card. UserError as of `read_card`."""
    card = read_card(path)
    network = ReidNetwork(card.model)
    fill(network, path)
    return network.eval(), card


def fill(network: ReidNetwork, path: Path) -> None:
    """Load the file's weights into a network of the same model. UserError as of `read_card`, or "weights-differ"."""
    read_card(path)
    try:
        network.load_state_dict(safetensors.torch.load_file(path))
    except RuntimeError:
        message = f"{path} holds another model than the recipe's; make `model` the same as {read_card(path).model}."
        raise UserError("weights-differ", message) from None
