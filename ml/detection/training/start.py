"""What a training starts from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import torch

from ml.detection.networks import build_network, load_state
from ml.detection.training.recipe import PUBLISHED, RANDOM, DetectorRecipe
from ml.types import UserError
from ml.weights import CARDS, installed, resolve

_IMAGENET = {
    "maskrcnn-resnet50": "resnet50-imagenet",
    "maskrcnn-resnet101": "resnet101-imagenet",
    "maskrcnn-resnext101": "resnext101-32x8d-imagenet",
}


def starting_network(recipe: DetectorRecipe) -> tuple[Any, str]:
    """(network, what it starts from in words). A network with random weights learns in every layer.

    Raises UserError weights-missing, -damaged or -unreadable.
    """
    torch.manual_seed(recipe.seed)
    build = partial(build_network, recipe.name, min_size=recipe.min_size, max_size=recipe.max_size, rois=recipe.rois)
    if recipe.weights not in (PUBLISHED, RANDOM):
        path = Path(recipe.weights)
        if not path.is_file():
            raise UserError("weights-missing", f"{path}: there is no such file of weights; check `weights`.")
        return _loaded(build(), path), f"the weights {path.name}"
    if recipe.weights == PUBLISHED and _there(recipe.name):
        return _loaded(build(), resolve(recipe.name)), f"the published COCO weights {recipe.name}"
    imagenet = _IMAGENET[recipe.name]
    if recipe.weights == PUBLISHED and _there(imagenet):
        return build(backbone=resolve(imagenet)), f"the ImageNet backbone {imagenet}"
    return build(from_scratch=True), "random weights"


def _loaded(network: Any, path: Path) -> Any:
    load_state(network, path)
    return network


def _there(name: str) -> bool:
    return name in CARDS and installed(name) is not None
