"""Measure how the shipped embedding's features differ within and between the vehicles that it learned from.

    python -m ml.reid.fit_scatter REID_DIR --out fixtures/weights/efficientnet-lite0-scatter.safetensors

REID_DIR is the set that the recipe `levels` was trained on: its own and its rendered training pictures, each as it is
and mirrored, a rendered one counting as the recipe says. A scene's labels are added to this (recipe `scene-adapt`).
Beside the file its card, a .json of the same name: checksum, and the numbers of all vehicles that it has seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, ReidTable, read_reid
from ml.reid.config import LEVELS
from ml.reid.models import ReidNetwork
from ml.reid.models.heads import backbone_digest
from ml.reid.models.weights import load_network
from ml.reid.scatter import Prior, PriorCard, Scatter, save_prior
from ml.reid.training.pictures import choose_pictures, learned_vehicles
from ml.reid.training.projecting import domain_weights, pooled_features, value_scale
from ml.reid.training.recipe import ReidRecipe
from ml.types import Float2D
from ml.weights import checksum, resolve

RECIPE = Path(__file__).parent / "recipes" / "levels.yaml"
RANK = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    recipe = config_from(ReidRecipe, read_yaml(RECIPE), str(RECIPE))
    data = read_reid(options.data)
    pictures = choose_pictures(data, recipe)
    network, card = load_network(resolve(LEVELS))
    table = pictures.learned
    features = pooled_features(network, table, side=card.input_size, device=torch.device("cpu"))
    prior = measured(features, table, recipe, network, pictures.digest())
    save_prior(prior, options.out, rank=RANK)
    card_file(options.out).write_text(json.dumps(card_of(options.out, data, recipe), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{options.out}: {len(table)} pictures\n")


def card_file(weights: Path) -> Path:
    """Where the card of a file of scatter lies."""
    return weights.with_suffix(".json")


def card_of(weights: Path, data: ReidSet, recipe: ReidRecipe) -> dict[str, object]:
    """What people and tests want to know of the file `weights` that `save_prior` wrote of the recipe's pictures."""
    table, numbers = choose_pictures(data, recipe).learned, learned_vehicles(data, recipe)
    learned = {"pictures": len(table), "vehicles": sum(map(len, numbers.values())), "numbers": numbers}
    return {"weights": weights.name, "sha256": checksum(weights), "data": data.name, "rank": RANK, "learned": learned}


def measured(features: Float2D, table: ReidTable, recipe: ReidRecipe, network: ReidNetwork, data: str) -> Prior:
    """Of features [2 n, d] as `pooled_features` gives them of `table`; `data` is the pictures' checksum."""
    domains, vehicles = np.tile(table.domain, 2), np.tile(table.identity, 2)
    scale = value_scale(features, domains)
    scaled = features.astype(np.float64) / scale
    parts = [
        Scatter.of(scaled[rows], vehicles[rows], np.full(int(rows.sum()), weight))
        for rows, weight in ((domains == domain, weight) for domain, weight in domain_weights(table, recipe.projection))
    ]
    scatter = Scatter.united(parts)
    card = PriorCard(backbone_digest(network), recipe.input_size, data, scatter.weight)
    mean = scaled[domains == domains[0]].mean(axis=0).astype(np.float32)
    return Prior(scatter, mean, scale.astype(np.float32), card)


if __name__ == "__main__":
    main()
