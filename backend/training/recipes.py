"""Recipes that people may choose from: those of the vision library that are made for a scene's own labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from backend.config.problems import BadInput
from backend.tracking.presets import leading_comments
from backend.training.models import ModelKind

FOR_SCENES = "scene*.yaml"


@dataclass(frozen=True, slots=True)
class SceneRecipe:
    """`trains`: which kind of network; `epochs`: of the recipe itself, a training may have fewer."""

    name: str
    trains: ModelKind
    title: str
    description: str
    epochs: int


def recipe_list() -> list[SceneRecipe]:
    """All of them, by what they train and by name."""
    folders = ((ModelKind.EMBEDDING, settings.RECIPES_DIR), (ModelKind.DETECTOR, settings.DETECTOR_RECIPES_DIR))
    return [_read(path, kind) for kind, folder in folders for path in sorted(folder.glob(FOR_SCENES))]


def recipe_path(*, name: str, trains: str) -> Path:
    """Where the file of a recipe is, for the kind of network that it trains."""
    folder = settings.DETECTOR_RECIPES_DIR if trains == ModelKind.DETECTOR else settings.RECIPES_DIR
    return Path(folder) / f"{name}.yaml"


def recipe_get(name: str) -> SceneRecipe:
    """Raises BadInput that names those there are."""
    recipes = {recipe.name: recipe for recipe in recipe_list()}
    if name not in recipes:
        raise BadInput("recipe", f"There is no recipe “{name}”; choose one of {', '.join(recipes)}.")
    return recipes[name]


def _read(path: Path, trains: ModelKind) -> SceneRecipe:
    """Title, then what people should know; after an empty line of the comment comes what is for those who train."""
    text = path.read_text(encoding="utf-8")
    title, *description = leading_comments(text.partition("\n#\n")[0])
    content: dict[str, Any] = yaml.safe_load(text)
    return SceneRecipe(path.stem, trains, title.rstrip("."), " ".join(description), content["schedule"]["epochs"])
