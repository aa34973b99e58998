"""Recipes that people may choose from: those of the vision library that are made for a scene's own labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from backend.config.problems import BadInput
from backend.tracking.presets import leading_comments

FOR_SCENES = "scene*.yaml"


@dataclass(frozen=True, slots=True)
class SceneRecipe:
    """`epochs`: of the recipe itself; a training may have fewer."""

    name: str
    title: str
    description: str
    epochs: int


def recipe_list() -> list[SceneRecipe]:
    """All of them, by name."""
    return [_read(path) for path in sorted(settings.RECIPES_DIR.glob(FOR_SCENES))]


def recipe_get(name: str) -> SceneRecipe:
    """Raises BadInput that names those there are."""
    recipes = {recipe.name: recipe for recipe in recipe_list()}
    if name not in recipes:
        raise BadInput("recipe", f"There is no recipe “{name}”; choose one of {', '.join(recipes)}.")
    return recipes[name]


def _read(path: Path) -> SceneRecipe:
    """Title, then what people should know; after an empty line of the comment comes what is for those who train."""
    text = path.read_text(encoding="utf-8")
    title, *description = leading_comments(text.partition("\n#\n")[0])
    content: dict[str, Any] = yaml.safe_load(text)
    return SceneRecipe(path.stem, title.rstrip("."), " ".join(description), content["schedule"]["epochs"])
