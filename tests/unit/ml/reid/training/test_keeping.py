"""What comes out of a training that keeps its best, and of one that is told that it is enough."""

import json
from pathlib import Path

import pytest
import safetensors.torch

from ml.datasets.reid import ReidSet
from ml.reid.training.checkpoint import BEST, METRICS, WEIGHTS, TrainingFolder
from ml.reid.training.recipe import DataConfig, ReidRecipe, ScheduleConfig
from ml.reid.training.trainer import train_reid
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    return painted_set(tmp_path_factory.mktemp("painted"))


def keeping(**changes: object) -> ReidRecipe:
    settings = {"data": DataConfig(held=0.5), "keep_best": True, "validate_every": 1, **changes}
    return tiny_recipe(**settings)


def noted(out: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (out / METRICS).read_text().splitlines()]


def test_told_that_it_is_enough_no_epoch_begins_and_the_start_comes_out(data: ReidSet, tmp_path: Path) -> None:
    train_reid(data, keeping(), tmp_path, device="cpu", enough=lambda: True)
    assert [line["step"] for line in noted(tmp_path)] == [0]
    assert (tmp_path / WEIGHTS).read_bytes() == (tmp_path / BEST).read_bytes()


def test_the_best_comes_out_whichever_epoch_it_was_of(data: ReidSet, tmp_path: Path) -> None:
    recipe = keeping(schedule=ScheduleConfig(epochs=3, warmup=0))
    folder = TrainingFolder(tmp_path, recipe, "pictures")
    assert folder.best_map() < 0
    for step, score in ((0, 0.2), (1, 0.5), (2, 0.4)):
        folder.note({"step": step, "held": {"map": score}})
        folder.note({"step": step, "loss": 1.0})
    assert folder.best_map() == 0.5

    out = tmp_path / "out"
    train_reid(data, recipe, out, device="cpu")
    assert len([line for line in noted(out) if "held" in line]) == 4
    best, last = (safetensors.torch.load_file(out / name) for name in (BEST, WEIGHTS))
    assert all(best[name].equal(last[name]) for name in best)


def test_a_best_takes_held_vehicles() -> None:
    with pytest.raises(UserError, match="held"):
        keeping(data=DataConfig(held=0))
