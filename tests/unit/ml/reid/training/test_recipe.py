"""Recipes that come with the library, and settings that are refused."""

from pathlib import Path
from typing import Any

import pytest
import torch

import ml.reid
from ml.config import config_from, read_yaml
from ml.reid.models import ReidNetwork
from ml.reid.style.recipe import StyleRecipe
from ml.reid.training.attributes import AttributesRecipe
from ml.reid.training.labels import Classes
from ml.reid.training.objective import Objective
from ml.reid.training.optimizing import Optimizing
from ml.reid.training.recipe import ReidRecipe
from ml.types import UserError

EVERY = sorted((Path(ml.reid.__file__).parent / "recipes").glob("*.yaml"))
KINDS: dict[str, type[Any]] = {"reid": ReidRecipe, "attributes": AttributesRecipe, "style": StyleRecipe}
RECIPES = [path for path in EVERY if read_yaml(path)["kind"] == "reid"]  # type: ignore[index]  # a mapping


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.stem)
def test_a_recipe_is_a_page_of_prose_and_settings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    settings: Any = read_yaml(path)
    assert config_from(KINDS[settings["kind"]], settings, "").name == path.stem
    assert text.startswith("# ")
    assert len(text.splitlines()) < 75


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_s_network_and_optimizer_can_be_made(path: Path) -> None:
    recipe = config_from(ReidRecipe, read_yaml(path), str(path))
    with torch.device("meta"):  # shapes without numbers: all that is asked here
        network = ReidNetwork(recipe.model)
        Optimizing(
            network, Objective(network, Classes(10, 3, 3), recipe.loss), recipe.optimizer, recipe.schedule
        ).begin_epoch(0)
    assert any(weight.requires_grad for weight in network.parameters())


def test_the_second_stage_of_multi_domain_learning_fits_the_first() -> None:
    stages = [config_from(ReidRecipe, read_yaml(path), str(path)) for path in RECIPES if path.stem.startswith("mdl-")]
    assert [stage.name for stage in stages] == ["mdl-both", "mdl-target"]
    assert stages[0].model == stages[1].model
    assert stages[1].start.startswith(f"{stages[0].name}/")


@pytest.mark.parametrize(
    ("setting", "value"), [("size", 0), ("penalties", ()), ("penalties", (0.1, 0.0)), ("others", -1.0), ("folds", 1)]
)
def test_settings_that_no_heads_can_be_fitted_with_are_refused(setting: str, value: object) -> None:
    with pytest.raises(UserError, match=f"training setting {setting}"):
        AttributesRecipe(**{setting: value})  # type: ignore[arg-type]


def test_there_are_recipes() -> None:
    assert {"bot", "electricity", "multi-guided", "small", "vehiclenet"} <= {path.stem for path in RECIPES}


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
        ({"model": {"signature": "all"}}, "choose from vehicle"),
        ({"schedule": {"epochs": 0}}, "1 or more"),
        ({"data": {"classes": "lane"}}, "identity, camera, orientation"),
        ({"data": {"classes": "camera"}, "keep_best": True}, "false for data.classes camera"),
        ({"data": {"classes": "orientation"}, "augment": {"flip": 0.5}}, "a mirror image faces elsewhere"),
    ],
)
def test_wrong_settings_are_refused_by_name(settings: dict[str, object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        config_from(ReidRecipe, settings, "r.yaml")
