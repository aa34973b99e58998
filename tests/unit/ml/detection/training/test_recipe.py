"""Recipes: what is refused, and the learning rate by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import ml.detection
from ml.config import config_from, read_yaml
from ml.detection.training.recipe import DetectorRecipe
from ml.types import UserError


def test_the_learning_rate_rises_stays_and_drops() -> None:
    recipe = DetectorRecipe(steps=100, learning_rate=0.01, warmup=10, drop_at=(0.5, 0.9))
    rates = [recipe.learning_rate_at(step) for step in (0, 4, 9, 49, 50, 89, 90)]
    assert rates == pytest.approx([0.001, 0.005, 0.01, 0.01, 0.001, 0.001, 0.0001])
    assert DetectorRecipe(warmup=0).learning_rate_at(0) == DetectorRecipe().learning_rate


def test_the_learning_rate_falls_along_half_a_cosine() -> None:
    recipe = DetectorRecipe(steps=110, learning_rate=0.01, warmup=10, schedule="cosine")
    rates = [recipe.learning_rate_at(step) for step in (0, 9, 10, 60, 85, 110)]
    assert rates == pytest.approx([0.001, 0.01, 0.01, 0.005, 0.01 * (1 - 2**-0.5) / 2, 0], abs=1e-9)


def test_the_shipped_recipe_can_be_read() -> None:
    path = Path(ml.detection.__file__).parent / "recipes" / "from-scratch.yaml"
    recipe = config_from(DetectorRecipe, read_yaml(path), str(path))
    assert recipe.weights == "none"
    assert recipe.steps > recipe.warmup


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"kind": "reid"}, "kind is 'reid'; choose from detector"),
        ({"name": "nanodet"}, "choose from maskrcnn-resnet50"),
        ({"classes": "all"}, "choose from group, types"),
        ({"steps": 0}, "steps is 0; it must be 1 or more"),
        ({"drop_at": [1.0]}, "drop_at is 1.0"),
        ({"max_size": 100}, "max_size is 100"),
        ({"scale_jitter": [1.2, 0.8]}, "scale_jitter"),
        ({"crop": 100}, "crop is 100; it must be 0 or a multiple of 32"),
        ({"crop": 32, "batch": 1}, "batch is 1; it must be 2 or more"),
        ({"optimizer": "adam"}, "choose from sgd, adamw"),
        ({"schedule": "linear"}, "choose from steps, cosine"),
        ({"anchors": [8, 16]}, "give 5 numbers above 0"),
        ({"anchor_ratios": [0.5, 0, 1]}, "give 3 numbers above 0"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"epochs": 3}, "unknown setting 'epochs'"),
        ({"batch": "all"}, "batch: expected a whole number"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(UserError, match=reason) as refused:
        config_from(DetectorRecipe, settings, "recipe.yaml")
    assert refused.value.code == "bad-configuration"
