"""Rendered pictures in the style of the set's real ones: a network trained once for all rows and seeds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet
from ml.datasets.reid.vehiclex import FOLDER, read_rendered
from ml.reid.style.recipe import StyleRecipe
from ml.reid.style.trainer import train_style
from ml.reid.style.translating import translate_set
from ml.reid.training.checkpoint import WEIGHTS
from tests.benchmarks.papers.table import FULL, RECIPES, SMALL

STYLED = "styled"  # among a row's sources
PAGES = {SMALL: "style-small", FULL: "style"}


def with_styled(data: ReidSet, *, form: str, folder: Path, device: str) -> ReidSet:
    """The set with its rendered pictures in the style of its own; what was broken off goes on, what is done is kept.

    folder  where trainings and sets are kept
    """
    recipe = style_recipe(form)
    out = styled_folder(folder, recipe)
    if not (out / FOLDER).is_dir():
        trained = out.with_name(f"{out.name}-network")
        train_style(data, recipe, trained, device=device)
        translate_set(data.synthetic.paths[0].parents[1], trained / WEIGHTS, out, device=device)
    return replace(data, synthetic=read_rendered(out, data.synthetic.domains[0]))


def style_recipe(form: str) -> StyleRecipe:
    path = RECIPES / f"{PAGES[form]}.yaml"
    return config_from(StyleRecipe, read_yaml(path), str(path))


def styled_folder(folder: Path, recipe: StyleRecipe) -> Path:
    """Where the pictures of a recipe with these settings are kept."""
    about = json.dumps(asdict(recipe), sort_keys=True).encode()
    return folder / f"{STYLED}-{hashlib.sha256(about).hexdigest()[:12]}"
