"""What a training starts from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch

from ml.detection.networks import Anchors, anchors_of, build_network, load_state, use_anchors
from ml.detection.training.recipe import PUBLISHED, RANDOM, DetectorRecipe
from ml.types import UserError
from ml.weights import CARDS, installed, resolve

_IMAGENET = {
    "maskrcnn-resnet50": "resnet50-imagenet",
    "maskrcnn-resnet101": "resnet101-imagenet",
    "maskrcnn-resnext101": "resnext101-32x8d-imagenet",
}


class Start(NamedTuple):
    """A network before its first step, the anchors it has, and in words what it starts from."""

    network: Any
    anchors: Anchors
    words: str


def starting_network(recipe: DetectorRecipe) -> Start:
    """What `recipe` trains. A network with random weights learns in every layer.

    Raises UserError weights-missing, -damaged or -unreadable.
    """
    network, source, words = _started(recipe)
    before = anchors_of(source) if source else Anchors()
    anchors = Anchors(recipe.anchors or before.sizes, recipe.anchor_ratios or before.ratios)
    use_anchors(network, anchors)
    return Start(network, anchors, words)


def _started(recipe: DetectorRecipe) -> tuple[Any, Path | None, str]:
    """(network, the file of its weights, what it starts from in words)"""
    torch.manual_seed(recipe.seed)
    build = partial(
        build_network,
        recipe.name,
        min_size=recipe.min_size,
        max_size=recipe.max_size,
        rois=recipe.rois,
        proposals=recipe.proposals,
    )
    if recipe.weights not in (PUBLISHED, RANDOM):
        path = Path(recipe.weights)
        if not path.is_file():
            raise UserError("weights-missing", f"{path}: there is no such file of weights; check `weights`.")
        return _loaded(build(), path), path, f"the weights {path.name}"
    if recipe.weights == PUBLISHED and _there(recipe.name):
        path = resolve(recipe.name)
        return _loaded(build(), path), path, f"the published COCO weights {recipe.name}"
    imagenet = _IMAGENET[recipe.name]
    if recipe.weights == PUBLISHED and _there(imagenet):
        return build(backbone=resolve(imagenet)), None, f"the ImageNet backbone {imagenet}"
    return build(from_scratch=True), None, "random weights"


def _loaded(network: Any, path: Path) -> Any:
    load_state(network, path)
    return network


def _there(name: str) -> bool:
    return name in CARDS and installed(name) is not None
