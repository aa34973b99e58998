"""NanoDet learns a drawn vehicle from what people vouch for, and goes on exactly after it was killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import yaml

from ml.cli.main import main
from ml.datasets.scene import read_scene
from ml.detection import DetectorConfig
from ml.detection.registry import create_detector, detector_checksum
from ml.detection.tuning.from_scene import views_of
from ml.detection.tuning.recipe import TuningRecipe, TuningSchedule
from ml.detection.tuning.scoring import detection_sums, found_in_held
from ml.detection.tuning.trainer import fine_tune
from ml.detection.tuning.views import LabelledView
from ml.evaluation.bootstrap import compare_shares
from ml.types import UserError
from tests.vehicles import drawn_scene, picture

pytestmark = pytest.mark.slow

RECIPE = TuningRecipe(
    learned="heads",
    every=3,
    input_height=64,
    input_width=96,
    crop=64,
    scale_jitter=(1.0, 1.2),
    learning_rate=0.003,
    average=0.5,
    schedule=TuningSchedule(epochs=2, steps=20, batch=4, warmup=2),
    checkpoint_every=3,
    threads=1,
)
CONFIG = DetectorConfig(input_height=64, input_width=96, second_look=0.0, threads=1)


@dataclass(frozen=True)
class Tuned:
    scene: Path
    out: Path
    report: Mapping[str, Any]

    def config(self) -> DetectorConfig:
        return replace(CONFIG, weights=str(self.out / "weights.safetensors"))

    def films(self, **changes: Any) -> list[LabelledView]:
        return [replace(film, **changes) for film in views_of(read_scene(self.scene), RECIPE)]


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Tuned:
    folder = tmp_path_factory.mktemp("tuning")
    recipe, out = folder / "recipe.yaml", folder / "out"
    recipe.write_text(yaml.safe_dump(json.loads(json.dumps(RECIPE, default=vars))))
    scene = drawn_scene(folder / "data", frames=100)
    assert main(["train", str(recipe), "--data", str(scene), "--out", str(out)]) == 0
    return Tuned(scene, out, json.loads((out / "report.json").read_text()))


def test_what_was_learned_is_found_in_held_time(tuned: Tuned) -> None:
    lines = [json.loads(line) for line in (tuned.out / "metrics.jsonl").read_text().splitlines()]
    epochs = [line for line in lines if "held" in line]

    assert [line["epoch"] for line in epochs] == [0, 1, 2]
    assert [line["step"] for line in epochs] == [0, 20, 40]
    assert len(lines) == 3 + 40
    assert tuned.report["start"] == epochs[0]["held"]
    assert tuned.report["best"]["ap50"] == max(line["held"]["ap50"] for line in epochs)
    assert tuned.report["best"]["ap50"] > tuned.report["start"]["ap50"] + 0.3
    assert not (tuned.out / ".frames").exists()


def test_new_weights_find_the_vehicle_and_have_a_cache_key_of_their_own(tuned: Tuned) -> None:
    found = create_detector(tuned.config()).detect([picture(70)])[0]

    assert len(found) >= 1
    assert found.features is not None
    assert detector_checksum(tuned.config()) != detector_checksum(CONFIG)
    with safetensors.safe_open(tuned.out / "weights.safetensors", "np") as file:
        assert json.loads(file.metadata()["card"])["epoch"] == tuned.report["best"]["epoch"]
        assert len(file.keys()) == 12 + 1


def test_detectors_are_compared_where_nothing_was_learned(tuned: Tuned) -> None:
    films = tuned.films(held=np.ones(100, np.bool_))

    sums = {name: detection_sums(films, config) for name, config in (("new", tuned.config()), ("old", CONFIG))}

    compared = {name: compare_shares(sums["new"][name], sums["old"][name]) for name in ("ap50", "recall")}
    assert all(each.candidate.value > each.other.value for each in compared.values())
    assert sums["new"]["recall"].shape == (2, 1)
    assert sums["new"]["recall"][1].tolist() == [100]
    assert sums["new"]["precision"].shape == (2, 1)
    frames = found_in_held(films, tuned.config(), most=5)
    assert [each.frame for each in frames] == [55, 65, 75, 85, 95]
    assert all(len(each.truth.boxes) == 1 for each in frames)


def test_without_a_held_vehicle_there_is_nothing_to_compare_on(tuned: Tuned) -> None:
    with pytest.raises(UserError, match="no vehicle is there to compare"):
        detection_sums(tuned.films(), CONFIG)


def test_killed_and_gone_on_gives_the_same_weights(tuned: Tuned, tmp_path: Path) -> None:
    """Killed in the middle of an epoch between two checkpoints, and again at an epoch's end."""

    class Killed(Exception):
        pass

    def dying(at: int) -> Any:
        def progress(done: int, total: int | None, unit: str) -> None:
            if unit == "steps" and done == at:
                raise Killed

        return progress

    for at in (8, 20):
        with pytest.raises(Killed):
            fine_tune(tuned.films(), RECIPE, tmp_path, progress=dying(at))
    report = fine_tune(tuned.films(), RECIPE, tmp_path)

    whole, parts = (safetensors.numpy.load_file(out / "weights.safetensors") for out in (tuned.out, tmp_path))
    assert whole.keys() == parts.keys()
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)
    assert report["best"] == tuned.report["best"]


def test_enough_ends_after_the_epoch_and_another_recipe_needs_another_folder(tuned: Tuned, tmp_path: Path) -> None:
    asked = iter([False, True])

    report = fine_tune(tuned.films(), RECIPE, tmp_path, enough=lambda: next(asked))

    epochs = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert max(line.get("epoch", 0) for line in epochs) == 1
    assert Path(str(report["weights"])).is_file()
    with pytest.raises(UserError, match="another recipe"):
        fine_tune(tuned.films(), replace(RECIPE, seed=1), tmp_path)


def test_video_that_cannot_be_read_is_refused(tuned: Tuned, tmp_path: Path) -> None:
    broken = tmp_path / "vdo.mp4"
    broken.write_bytes(b"not a video")

    with pytest.raises(UserError, match=r"vdo\.mp4"):
        fine_tune(tuned.films(path=broken), RECIPE, tmp_path / "out")


def test_training_that_diverges_says_what_to_change(tuned: Tuned, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lower learning_rate") as refused:
        fine_tune(tuned.films(), replace(RECIPE, learning_rate=1e30), tmp_path)
    assert refused.value.code == "training-diverged"


def test_weights_of_another_kind_are_refused(tuned: Tuned, tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    safetensors.numpy.save_file({"weight": np.zeros(3, np.float32)}, other)

    for refused in (
        lambda: fine_tune(tuned.films(), replace(RECIPE, start=str(other)), tmp_path / "out"),
        lambda: create_detector(replace(CONFIG, weights=str(other))),
    ):
        with pytest.raises(UserError, match="not weights of a fine-tuned NanoDet"):
            refused()
