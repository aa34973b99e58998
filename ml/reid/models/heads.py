"""Heads for type and colour on what an embedding network pools, and the file that they come in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from ml.reid.attributes import READINGS, VEHICLE_TYPES
from ml.reid.models.carded import read_card_as, save_module
from ml.reid.models.network import ReidNetwork
from ml.types import UserError

FORMAT = "crosstrack-attributes-1"
SPLIT = [len(VEHICLE_TYPES), READINGS - len(VEHICLE_TYPES)]
UNSEEN = -100.0  # the logit of a type or colour that was not learned: its probability is 0


@dataclass(frozen=True, slots=True)
class HeadsCard:
    """What a file of heads says of itself.

    backbone    `backbone_digest` of the network that it was fitted to     input_size  side of its pictures
    recipe      name of the training's recipe          data  checksum of the table of pictures that it was fitted to
    """

    backbone: str
    input_size: int
    recipe: str
    data: str


class AttributeHeads(nn.Module):
    """Pooled values [n, d] to probabilities [n, 23]: each type's, then each colour's (`ml.reid.attributes`)."""

    def __init__(self, pooled: int) -> None:
        super().__init__()
        self.logits = nn.Linear(pooled, READINGS)

    def forward(self, pooled: Tensor) -> Tensor:
        types, colours = self.logits(pooled).split(SPLIT, dim=1)
        return torch.cat([types.softmax(dim=1), colours.softmax(dim=1)], dim=1)


class Describing(nn.Module):
    """Pictures to embedding and attributes side by side, [n, size + 23]; the backbone runs once."""

    def __init__(self, network: ReidNetwork, heads: AttributeHeads) -> None:
        super().__init__()
        self.network, self.heads = network, heads

    def forward(self, pictures: Tensor) -> Tensor:
        pooled = self.network.pooled(pictures)
        return torch.cat([self.network.embed_pooled(pooled), self.heads(pooled)], dim=1)


def backbone_digest(network: ReidNetwork) -> str:
    """SHA-256 of the backbone and of how it is pooled; the same in 16 bits as in 32."""
    found = hashlib.sha256(f"{network.config.backbone} {network.config.last_stride} {network.config.neck}".encode())
    for name, value in sorted(network.backbone.state_dict().items()):
        found.update(name.encode())
        found.update((value.half() if value.is_floating_point() else value).cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


def save_heads(heads: AttributeHeads, card: HeadsCard, path: Path) -> None:
    """Write the heads; whole or not at all."""
    save_module(heads, card, path, FORMAT)


def load_heads(path: Path) -> tuple[AttributeHeads, HeadsCard]:
    """The heads in evaluation mode, and their card. UserError "weights-missing", "weights-unreadable"."""
    card, state = read_card_as(HeadsCard, path, FORMAT, recipe="attributes"), safetensors.torch.load_file(path)
    shape = state["logits.weight"].shape if "logits.weight" in state else ()
    if len(shape) != 2 or shape[0] != READINGS:
        message = f"{path} has no weights of {READINGS} types and colours; fit the heads again."
        raise UserError("weights-unreadable", message)
    heads = AttributeHeads(shape[1])
    heads.load_state_dict(state)
    return heads.eval(), card


def fit_together(network: ReidNetwork, input_size: int, card: HeadsCard) -> bool:
    """Whether the heads were fitted to what this network pools of pictures of this size."""
    return input_size == card.input_size and backbone_digest(network) == card.backbone
