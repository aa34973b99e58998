"""A training killed at any moment, again and again, ends with the weights of one that was left alone.

`python -m pytest tests/integration/test_reid_training_kills.py -m soak`
"""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from ml.reid.training.recipe import BatchConfig, DataConfig, ReidRecipe, ScheduleConfig
from tests.integration.test_reid_training import command_line, lines, written_recipe, written_set
from tests.unit.ml.reid.training.painted import tiny_recipe

pytestmark = [pytest.mark.soak, pytest.mark.slow, pytest.mark.timeout(900)]

KILLS = 3  # of each training that is not left alone
TRAININGS = 4  # of each kind
LEARNED = tiny_recipe(
    data=DataConfig(held=0.25),
    batch=BatchConfig(identities=4, pictures=3),
    schedule=ScheduleConfig(epochs=12, warmup=2),
    validate_every=3,
    keep_best=True,
    checkpoint_every=1,  # so that many moments are those of a checkpoint
)
KINDS = {
    "whole network": LEARNED,
    "pictures prepared by others": replace(LEARNED, workers=1),
    "backbone stands still": replace(
        LEARNED, kept_looks=2, schedule=replace(LEARNED.schedule, epochs=40, freeze_backbone=40)
    ),
}


@dataclass(frozen=True)
class Alone:
    """A training that nobody disturbed, and how long it took."""

    recipe: ReidRecipe
    data: Path
    out: Path
    seconds: float


@pytest.fixture(scope="module", params=KINDS)
def alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Alone:
    folder = tmp_path_factory.mktemp("alone")
    recipe: ReidRecipe = KINDS[request.param]
    data, out = written_set(folder), folder / "out"
    began = time.monotonic()
    assert started(recipe, data, out).wait() == 0
    return Alone(recipe, data, out, time.monotonic() - began)


def started(recipe: ReidRecipe, data: Path, out: Path) -> subprocess.Popen[bytes]:
    """`ml train` as a process; looks that it keeps lie beside `out`, for no other training."""
    kept = str(out.with_name(f"{out.name}-kept")) if recipe.kept_looks else None
    return command_line(written_recipe(out.with_suffix(".yaml"), replace(recipe, kept_in=kept)), data, out)


@pytest.mark.parametrize("number", range(TRAININGS))
def test_killed_at_random_moments_it_ends_the_same(alone: Alone, number: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    moments = np.random.default_rng(number).uniform(0, alone.seconds, KILLS)
    for moment in moments:
        process = started(alone.recipe, alone.data, out)
        try:
            assert process.wait(moment) == 0  # it was done before, which may be
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert started(alone.recipe, alone.data, out).wait() == 0
    name = "weights.safetensors"
    assert (out / name).read_bytes() == (alone.out / name).read_bytes()
    assert steps_of(out) == steps_of(alone.out)


def steps_of(out: Path) -> list[dict[str, object]]:
    """The lines of every step and score, without how fast it went."""
    noted = lines(out / "metrics.jsonl")
    return [{name: value for name, value in line.items() if name != "images_per_second"} for line in noted]
