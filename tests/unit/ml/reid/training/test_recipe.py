"""Recipes that come with the library, and settings that are refused."""

from pathlib import Path

import pytest

import ml.reid
from ml.config import config_from, read_yaml
from ml.reid.training.recipe import ReidRecipe
from ml.types import UserError

RECIPES = sorted((Path(ml.reid.__file__).parent / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_is_a_page_of_prose_and_settings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    recipe = config_from(ReidRecipe, read_yaml(path), str(path))
    assert recipe.name == path.stem
    assert text.startswith("# ")
    assert len(text.splitlines()) < 75


def test_there_are_recipes() -> None:
    assert {"bot", "electricity", "small"} <= {path.stem for path in RECIPES}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"epochs": 3}, "unknown setting 'epochs'"),
        ({"schedule": {"epoch": 3}}, "schedule: unknown setting 'epoch'"),
        ({"kind": "detector"}, "kind"),
        ({"optimizer": {"name": "lion"}}, "sgd, adam, adagrad"),
        ({"loss": {"alpha": 0, "beta": 0}}, "above 0"),
        ({"batch": {"sampler": "lucky"}}, "identity, naive, balanced, domains"),
        ({"data": {"held": 1.0}}, "below 1"),
        ({"model": {"last_stride": 3}}, "1 or 2"),
        ({"input_size": 8}, "32..1024"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        config_from(ReidRecipe, settings, "r.yaml")
