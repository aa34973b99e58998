"""Each recipe in its small form: how well what it makes finds held vehicles again, and how large that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch

from ml.config import config_from, read_yaml
from ml.reid.models import ReidNetwork
from ml.reid.training.checkpoint import WEIGHTS
from ml.reid.training.recipe import IDENTITY, ReidRecipe
from tests.benchmarks.papers.judging import mean, spread
from tests.benchmarks.papers.table import OF_RECIPES, RECIPES, PaperTable, Row, table_in
from tests.benchmarks.papers.training import Bench


def recipes_table() -> PaperTable:
    return table_in(OF_RECIPES)


def identity_recipes() -> dict[str, ReidRecipe]:
    """The recipes of the product that tell vehicles apart, by name."""
    found = {}
    for path in sorted(RECIPES.glob("*.yaml")):
        settings = read_yaml(path)
        if isinstance(settings, Mapping) and settings.get("kind") == "reid":
            recipe = config_from(ReidRecipe, settings, str(path))
            if recipe.data.classes == IDENTITY:
                found[recipe.name] = recipe
    return found


def size(recipes: Sequence[ReidRecipe]) -> int:
    """Parameters of the recipes' networks at their own sizes."""
    with torch.device("meta"):  # shapes without numbers
        return sum(size_of(ReidNetwork(recipe.model)) for recipe in recipes)


def size_of(network: ReidNetwork) -> int:
    return sum(weight.numel() for weight in network.parameters())


def weights(bench: Bench, table: PaperTable, row: Row) -> list[Path]:
    """The files of a row's networks that its first seed's vectors come from."""
    parts = [table.row(key) for key in row.combine] or [row]
    return [bench.trained(table, part, 0)[-1] / WEIGHTS for part in parts]


def shown(row: Row, table: PaperTable, found: Sequence[Mapping[str, float]]) -> str:
    """The cells of its title and scores, shares: the mean over the seeds, with the spread of the first."""
    if not found:
        said = f"not run: {row.why}" if row.why else "not run"
        return f"| {row.title}, {said} |" + " |" * len(table.figures)
    columns = [[one[name] for one in found] for name in table.figures]
    first, *others = (f"{mean(values):.3f}" for values in columns)
    return f"| {row.title} | {first} ({spread(columns[0]):.3f}) | {' | '.join(others)} |"
