"""Recipes: what is refused, and the learning rate by hand."""

from __future__ import annotations

import pytest

from ml.config import config_from
from ml.detection.training.recipe import DetectorRecipe
from ml.types import UserError


def test_the_learning_rate_rises_stays_and_drops() -> None:
    recipe = DetectorRecipe(steps=100, learning_rate=0.01, warmup=10, drop_at=(0.5, 0.9))
    rates = [recipe.learning_rate_at(step) for step in (0, 4, 9, 49, 50, 89, 90)]
    assert rates == pytest.approx([0.001, 0.005, 0.01, 0.01, 0.001, 0.001, 0.0001])
    assert DetectorRecipe(warmup=0).learning_rate_at(0) == DetectorRecipe().learning_rate


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
        ({"learning_rate": 0}, "learning_rate"),
        ({"epochs": 3}, "unknown setting 'epochs'"),
        ({"batch": "all"}, "batch: expected a whole number"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(UserError, match=reason) as refused:
        config_from(DetectorRecipe, settings, "recipe.yaml")
    assert refused.value.code == "bad-configuration"
