from pathlib import Path

import pytest

import ml.detection.tuning
from ml.config import config_from, read_yaml
from ml.detection.tuning.recipe import TuningRecipe, TuningSchedule
from ml.types import UserError

RECIPES = Path(ml.detection.tuning.__file__).parents[1] / "recipes"


def test_rate_rises_and_falls_along_half_a_cosine() -> None:
    """Two steps of warm-up, then at 2, 4, 6 of 2..6: the whole, a half, nothing."""
    schedule = TuningSchedule(epochs=3, steps=2, warmup=2)

    assert [schedule.share_at(step) for step in (0, 1, 2, 4, 6)] == pytest.approx([0.5, 1, 1, 0.5, 0])


def test_recipe_for_scenes_is_read() -> None:
    path = RECIPES / "scene-detector.yaml"

    recipe = config_from(TuningRecipe, read_yaml(path), str(path))

    assert (recipe.name, recipe.schedule.epochs) == ("scene-detector", 6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"crop": 100}, "crop is 100; it must be a multiple of 32"),
        ({"learned": "some"}, "learned is 'some'; choose from heads, neck, all"),
        ({"kind": "detector"}, "kind is 'detector'; choose from nanodet"),
        ({"average": 1.0}, "average is 1.0; it must be at least 0 and below 1"),
        ({"schedule": {"epochs": 0}}, "schedule.epochs is 0; it must be 1 or more"),
        ({"loss": {"overlap": -1.0}}, "loss.overlap is -1.0; it must be 0 or more"),
        ({"scale_jitter": [1.2, 0.8]}, "rising"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: object, message: str) -> None:
    with pytest.raises(UserError, match=message) as refused:
        config_from(TuningRecipe, settings, "mine.yaml")
    assert refused.value.code == "bad-configuration"
