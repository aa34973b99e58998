"""What a training's row says of a recipe for detectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.media.storage import save_bytes
from backend.training.models import ModelKind, ModelVersion, TrainingRun
from ml.types import UserError
from tests.tiny_tuning import NAME, write_recipe
from workers.train_detector import recipe_of


@pytest.fixture(autouse=True)
def tiny(tmp_path: Path, settings: Any) -> None:
    settings.DETECTOR_RECIPES_DIR = write_recipe(tmp_path)
    settings.STAGE_CACHE_DIR = tmp_path


def training(epochs: int, start: ModelVersion | None = None, recipe: str = NAME) -> TrainingRun:
    return TrainingRun(recipe=recipe, trains=ModelKind.DETECTOR, epochs=epochs, start=start)


def test_a_training_has_its_own_epochs_up_to_those_of_the_recipe() -> None:
    assert [recipe_of(training(epochs)).schedule.epochs for epochs in (2, 9)] == [2, 3]
    assert recipe_of(training(2)).start == "published"


def test_a_training_begins_with_the_weights_of_the_version_that_is_named() -> None:
    version = ModelVersion(file=save_bytes("scenes/1/models/abc.safetensors", b"learned before"))
    assert Path(recipe_of(training(2, version)).start).read_bytes() == b"learned before"


def test_a_recipe_that_is_no_longer_there_is_named() -> None:
    with pytest.raises(UserError, match=r"scene-gone\.yaml does not exist"):
        recipe_of(training(2, recipe="scene-gone"))
