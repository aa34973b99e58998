"""A network learns painted vehicles, embeds others, and goes on exactly after kill -9."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from django.conf import settings
from safetensors.torch import load_file

from ml.cli.main import main
from ml.config import PipelineConfig
from ml.datasets.reid import ReidTable, read_picture
from ml.pipeline.models import Models
from ml.reid import EmbedderConfig
from ml.reid.training.recipe import BatchConfig, DataConfig, ReidRecipe, ScheduleConfig
from ml.types import Float2D
from tests.services import wait_for
from tests.unit.ml.reid.training.painted import painted_table, tiny_recipe

pytestmark = pytest.mark.slow

VEHICLES = 12


@dataclass(frozen=True)
class Trained:
    weights: Path
    report: Mapping[str, Any]
    metrics: list[dict[str, Any]]


def written_set(folder: Path) -> Path:
    """Painted vehicles in VeRi's layout: 12 to learn from, 4 others to find again."""
    for part, identities in (("train", range(1, VEHICLES + 1)), ("test", range(101, 105))):
        table = painted_table(folder / "painted", identities)
        for path in table.paths:
            identity, camera, number = path.stem.split("_")
            kind = "query" if part == "test" and number == "0" else part
            target = folder / "set" / f"image_{kind}" / f"{identity}_c00{int(camera) + 1}_0000000{number}_0.jpg"
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)  # pictures are told by their content, not by the ending of their names
    return folder / "set"


def written_recipe(path: Path, recipe: ReidRecipe) -> Path:
    path.write_text(yaml.safe_dump(json.loads(json.dumps(asdict(recipe)))))
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_set(tmp_path_factory.mktemp("painted"))


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    recipe = tiny_recipe(
        data=DataConfig(held=0.25),
        batch=BatchConfig(identities=6, pictures=4),
        schedule=ScheduleConfig(epochs=15, warmup=2, cosine=True),
        workers=1,
    )
    out = folder / "out"
    command = ["train", str(written_recipe(folder / "tiny.yaml", recipe)), "--data", str(data), "--out", str(out)]
    assert main([*command, "--device", "cpu"]) == 0
    return Trained(
        out / "weights.safetensors", json.loads((out / "report.json").read_text()), lines(out / "metrics.jsonl")
    )


def test_loss_falls_and_the_report_says_what_was_learned(trained: Trained) -> None:
    losses = [line["loss"] for line in trained.metrics if "loss" in line]
    assert np.mean(losses[-4:]) < 0.7 * np.mean(losses[:4])
    learned = trained.report["learned"]
    assert (learned["pictures"], learned["vehicles"], learned["mined"]) == (36, 9, 0)
    assert len(learned["numbers"]["real"]) == 9
    assert set(learned["numbers"]["real"]) < set(range(1, VEHICLES + 1))
    assert learned["numbers"]["rendered"] == []
    assert trained.report["held"] == {"pictures": 12, "vehicles": 3}
    assert trained.report["test"]["queries"] == 8
    assert trained.metrics[-1]["held"]["map"] > 0.5


def vectors(weights: Path, data: Path) -> tuple[ReidTable, Float2D]:
    from ml.datasets.reid import read_reid

    found = read_reid(data)
    table = ReidTable.union([found.gallery])
    config = PipelineConfig(embedder=EmbedderConfig(name="trained", weights=str(weights)))
    pictures = [read_picture(table, row) for row in range(len(table))]
    return table, Models(config, "cpu").embedder().embed(pictures)


def test_unseen_vehicles_are_nearest_to_themselves_in_the_other_camera(trained: Trained, data: Path) -> None:
    table, features = vectors(trained.weights, data)
    first, second = (np.flatnonzero(table.camera == camera) for camera in (0, 1))
    nearest = second[(features[first] @ features[second].T).argmax(axis=1)]
    assert (table.identity[nearest] == table.identity[first]).mean() >= 0.75


def command_line(recipe: Path, data: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ml", "train", str(recipe), "--data", str(data), "--out", str(out)]
    quiet = subprocess.DEVNULL
    variables = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [*command, "--device", "cpu"], cwd=settings.BASE_DIR, env=variables, stdout=quiet, stderr=quiet
    )


def test_killed_it_goes_on_to_the_same_weights(data: Path, tmp_path: Path) -> None:
    recipe = tiny_recipe(schedule=ScheduleConfig(epochs=8, warmup=1), checkpoint_every=3)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    at_once = written_recipe(tmp_path / "tiny.yaml", recipe)
    assert main(["train", str(at_once), "--data", str(data), "--out", str(whole), "--device", "cpu"]) == 0

    process = command_line(at_once, data, parts)
    metrics = parts / "metrics.jsonl"
    wait_for(lambda: metrics.is_file() and metrics.read_text().count("\n") >= 5, seconds=120, what="five steps")
    process.kill()
    process.wait()
    assert not (parts / "weights.safetensors").exists()
    assert command_line(at_once, data, parts).wait() == 0

    assert (parts / "weights.safetensors").read_bytes() == (whole / "weights.safetensors").read_bytes()
    steps = [line for line in lines(metrics) if "loss" in line]
    assert steps == [line for line in lines(whole / "metrics.jsonl") if "loss" in line]


def test_a_training_can_start_from_another_s_weights(trained: Trained, data: Path, tmp_path: Path) -> None:
    recipe = replace(tiny_recipe(), start=str(trained.weights), schedule=ScheduleConfig(epochs=1, freeze_backbone=1))
    out = tmp_path / "out"
    command = ["train", str(written_recipe(tmp_path / "next.yaml", recipe)), "--data", str(data), "--out", str(out)]
    assert main([*command, "--device", "cpu"]) == 0

    from ml.reid.models.weights import load_network

    before, after = (load_network(path)[0].state_dict() for path in (trained.weights, out / "weights.safetensors"))
    moved = {name.split(".")[0] for name in before if not np.array_equal(before[name].numpy(), after[name].numpy())}
    assert moved == {"norm"}


def test_what_is_wrong_is_said_on_one_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recipe = written_recipe(tmp_path / "r.yaml", tiny_recipe(batch=BatchConfig(identities=50)))
    assert main(["train", str(recipe), "--data", str(data), "--out", str(tmp_path / "out")]) == 2
    assert "batches of 50" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_mined_pictures_join_a_training(data: Path, trained: Trained, tmp_path: Path) -> None:
    labels = tmp_path / "mined.csv"
    command = ["mine", str(data), "--weights", str(trained.weights), "--d-n", "0.4", "--d-p", "0.4", "--device", "cpu"]
    assert main([*command, "--out", str(labels)]) == 0
    listed = len(labels.read_text(encoding="utf-8").splitlines()) - 1
    assert listed > 0

    recipe = tiny_recipe(data=DataConfig(held=0.0, mined=str(labels)), schedule=ScheduleConfig(epochs=1))
    out = tmp_path / "out"
    command = ["train", str(written_recipe(tmp_path / "more.yaml", recipe)), "--data", str(data), "--out", str(out)]
    assert main([*command, "--device", "cpu"]) == 0

    learned = json.loads((out / "report.json").read_text(encoding="utf-8"))["learned"]
    assert learned["mined"] == listed
    assert learned["pictures"] == VEHICLES * 4 + listed


def test_two_processes_train_as_one_does(data: Path, tmp_path: Path) -> None:
    still = ScheduleConfig(epochs=2, warmup=0, freeze_statistics=True)
    recipe = written_recipe(tmp_path / "tiny.yaml", tiny_recipe(data=DataConfig(held=0.25), schedule=still))
    both = ["--standalone", "--nproc-per-node", "2", "-m", "ml"]
    weights, steps = [], []
    for name, start in (("one", ["-m", "ml"]), ("two", ["-m", "torch.distributed.run", *both])):
        out = tmp_path / name
        command = [sys.executable, *start, "train", str(recipe), "--data", str(data), "--out", str(out)]
        made = subprocess.run([*command, "--device", "cpu"], capture_output=True, text=True, check=False, timeout=300)
        assert made.returncode == 0, made.stderr
        weights.append(load_file(out / "weights.safetensors"))
        steps.append([line["step"] for line in lines(out / "metrics.jsonl") if "loss" in line])
    assert steps[0] == steps[1] == list(range(1, 13))
    assert any(not torch.equal(weights[0][name], weights[1][name]) for name in weights[0])  # two did run, in other sums
    for name, value in weights[0].items():
        torch.testing.assert_close(
            weights[1][name], value, atol=1e-4, rtol=1e-3, msg=lambda said, name=name: f"{name}: {said}"
        )
