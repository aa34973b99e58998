"""Heads for type and colour on what an embedding network pools; the network itself stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from ml.datasets.reid import ReidSet, ReidTable
from ml.datasets.reid.table import UNKNOWN
from ml.datasets.text import write_lines
from ml.detection.networks import device_named
from ml.evaluation.classes import ClassScore, score_classes
from ml.locks import alone_in
from ml.reid.attributes import VEHICLE_TYPES
from ml.reid.config import LEVELS, EmbedderConfig
from ml.reid.models.heads import AttributeHeads, HeadsCard, backbone_digest, save_heads
from ml.reid.models.weights import load_network
from ml.reid.trained import weights_file
from ml.reid.training.checkpoint import REPORT, WEIGHTS
from ml.reid.training.fitting import NAMES, Directions, alike_weights, as_module, fit_head, numbered, sample_of
from ml.reid.training.pictures import Pictures
from ml.reid.training.projecting import pooled_features
from ml.types import Float2D, Progress, UserError, no_progress, require_setting

KIND = "attributes"

_require = partial(require_setting, "training")


@dataclass(frozen=True, slots=True)
class AttributesRecipe:
    """How heads for type and colour are fitted.

    name       of what comes out
    network    a file of weights that the heads are for; None for the embedding that comes with the project
    size       principal components of what is pooled that the heads learn from
    penalties  of the squared weights; the one with the least log loss on held vehicles is taken
    others     what a vehicle of a domain after the first counts: a rendered one beside a real one's 1
    balance    rare types and colours count more: times (share of their class) ** -balance; 0 for as they come
    folds      parts of the first domain's vehicles; each is held once while the heads learn from the others
    seed       of the parts
    """

    kind: str = KIND
    name: str = KIND
    network: str | None = None
    size: int = 1024
    penalties: tuple[float, ...] = (0.05, 0.2)
    others: float = 0.3
    balance: float = 0.5
    folds: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        _require(self.size >= 1, "size", self.size, "1 or more")
        _require(bool(self.penalties), "penalties", 0, "one or more")
        _require(min(self.penalties) > 0, "penalties", min(self.penalties), "above 0")
        _require(self.others >= 0, "others", self.others, "0 or more")
        _require(0 <= self.balance <= 1, "balance", self.balance, "within 0..1")
        _require(self.folds >= 2, "folds", self.folds, "2 or more")


def train_attributes(
    data: ReidSet, recipe: AttributesRecipe, out: Path, *, device: str = "auto", progress: Progress = no_progress
) -> dict[str, object]:
    """Fit the heads to the set's training and rendered pictures; weights.safetensors and report.json in `out`.

    The set's types and colours are numbered as VeRi's. Every vehicle counts the same, however many pictures it has, and
    pictures take part as they are and mirrored. Penalty and temperature come from held vehicles; the heads that are
    written learn from all. Test pictures are scored where the set says what they show.

    UserError: "no-training-data", "no-attributes", "bad-numbers", "too-few-identities", and of the network's weights.
    """
    place = device_named(device)
    table = _learned(data)
    network, card = load_network(_network_file(recipe))
    network = network.to(place)

    def pooled(pictures: ReidTable) -> Float2D:
        return pooled_features(network, pictures, side=card.input_size, device=place, progress=progress)

    with alone_in(out):
        features = pooled(table)
        directions = Directions.of(features, np.tile(table.domain == table.domain[0], 2), recipe.size)
        moved = directions.apply(features)
        fitted = {name: fit_head(sample_of(moved, table, name, recipe), recipe) for name in NAMES}
        heads = as_module({name: head.head for name, head in fitted.items()}, directions)
        content = Pictures(table, table.take(np.zeros(len(table), np.bool_))).digest()
        save_heads(heads, HeadsCard(backbone_digest(network), card.input_size, recipe.name, content), out / WEIGHTS)
        report = {
            "data": data.name,
            "recipe": asdict(recipe),
            "learned": {"pictures": len(table), "numbers": _numbers(data)},
            "held": {name: head.as_dict() for name, head in fitted.items()},
            "test": {name: score.as_dict() for name, score in tested(data, heads, pooled).items()},
        }
        write_lines(out / REPORT, json.dumps(report, indent=1).splitlines())
    return {**report, "weights": str(out / WEIGHTS)}


def tested(data: ReidSet, heads: AttributeHeads, pooled: Callable[[ReidTable], Float2D]) -> dict[str, ClassScore]:
    """What the heads say of the set's gallery, every vehicle counting the same; nothing where it keeps that back."""
    table = data.gallery
    known = [name for name in NAMES if len(table) and (getattr(table, name) != UNKNOWN).all()]
    if not known or (table.identity == UNKNOWN).any():
        return {}
    with torch.inference_mode():
        readings = heads.cpu()(torch.from_numpy(pooled(table)[: len(table)])).numpy()
    parts = dict(zip(NAMES, np.split(readings, [len(VEHICLE_TYPES)], axis=1), strict=True))
    weights = alike_weights(table.identity)
    return {name: score_classes(parts[name], numbered(table, name), weights) for name in known}


def _network_file(recipe: AttributesRecipe) -> Path:
    return weights_file(EmbedderConfig(name=LEVELS)) if recipe.network is None else Path(recipe.network)


def _learned(data: ReidSet) -> ReidTable:
    """The pictures that are learned from, every one with its type and its colour."""
    parts = [part for part in (data.train, data.synthetic) if len(part)]
    if not parts:
        raise UserError("no-training-data", f"{data.name} has no training pictures.")
    table = ReidTable.union(parts)
    table.dense_identities()  # which refuses pictures of nobody
    without = sum(int((getattr(table, name) == UNKNOWN).sum()) for name in NAMES)
    if without:
        message = (
            f"{without} types and colours of {data.name}'s {len(table)} training pictures are unknown; label them."
        )
        raise UserError("no-attributes", message)
    return table


def _numbers(data: ReidSet) -> dict[str, list[int]]:
    """The set's own numbers of the vehicles that are learned from, as of other trainings."""
    return {
        name: np.unique(table.identity).tolist() for name, table in (("real", data.train), ("rendered", data.synthetic))
    }
