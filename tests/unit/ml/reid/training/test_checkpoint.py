"""A training that stops at any step goes on to the same weights, whatever its optimizer."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ml.datasets.reid import ReidSet
from ml.reid.training.checkpoint import CHECKPOINT, METRICS, TrainingFolder
from ml.reid.training.pictures import choose_pictures
from ml.reid.training.recipe import LossConfig, OptimizerConfig, ReidRecipe
from ml.reid.training.trainer import Training
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    return painted_set(tmp_path_factory.mktemp("painted"), vehicles=3)


class Stopped(Exception):
    pass


def begun(data: ReidSet, recipe: ReidRecipe, out: Path) -> Training:
    pictures = choose_pictures(data, recipe)
    return Training(recipe, pictures, TrainingFolder(out, recipe, pictures.digest()), CPU)


def finish(training: Training, epochs: int, *, stop_at: int | None = None) -> None:
    def progress(done: int, total: int | None, unit: str) -> None:
        if done == stop_at:
            raise Stopped

    while training.place.epoch < epochs:
        training.run_epoch(progress)


@pytest.mark.parametrize("name", ["sgd", "adam", "adagrad"])
def test_stopped_and_gone_on_gives_the_same_weights(data: ReidSet, tmp_path: Path, name: str) -> None:
    recipe = tiny_recipe(optimizer=OptimizerConfig(name=name, learning_rate=0.001), loss=LossConfig(center=0.01))
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    finish(begun(data, recipe, whole), 2)
    with pytest.raises(Stopped):
        finish(begun(data, recipe, parts), 2, stop_at=1)
    second = begun(data, recipe, parts)
    assert (second.place.epoch, second.place.batch, second.place.step) == (0, 1, 1)
    finish(second, 2)
    assert (whole / CHECKPOINT).read_bytes() == (parts / CHECKPOINT).read_bytes()
    steps = [line for line in (parts / METRICS).read_text().splitlines() if "loss" in line]
    assert steps == [line for line in (whole / METRICS).read_text().splitlines() if "loss" in line]
    assert len(steps) == 4


def test_another_recipe_or_other_pictures_are_refused(data: ReidSet, tmp_path: Path) -> None:
    recipe = tiny_recipe()
    finish(begun(data, recipe, tmp_path), 1)
    with pytest.raises(UserError, match="another recipe"):
        begun(data, replace(recipe, seed=1), tmp_path)
    with pytest.raises(UserError, match="other pictures"):
        begun(painted_set(tmp_path / "other", vehicles=4), recipe, tmp_path)
    assert begun(data, replace(recipe, workers=1), tmp_path).place.epoch == 1


def test_a_damaged_checkpoint_is_named(data: ReidSet, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"half a file")
    with pytest.raises(UserError, match="delete it to start again") as error:
        begun(data, tiny_recipe(), tmp_path)
    assert error.value.code == "checkpoint-unreadable"


def test_half_a_line_of_metrics_is_dropped(data: ReidSet, tmp_path: Path) -> None:
    recipe = tiny_recipe()
    finish(begun(data, recipe, tmp_path), 1)
    whole = (tmp_path / METRICS).read_text()
    (tmp_path / METRICS).write_text(whole + '{"step": 3, "lo')
    begun(data, recipe, tmp_path)
    assert (tmp_path / METRICS).read_text() == whole


def test_a_loss_that_is_no_number_stops_the_training(data: ReidSet, tmp_path: Path) -> None:
    training = begun(data, tiny_recipe(), tmp_path)
    with torch.no_grad():
        next(training.network.parameters()).fill_(torch.nan)
    with pytest.raises(UserError, match="at step 0") as error:
        finish(training, 1)
    assert error.value.code == "training-diverged"
