"""What is learned of a picture."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.reid import ReidTable
from ml.reid.models import ModelConfig
from ml.reid.models.weights import load_network
from ml.reid.training.checkpoint import METRICS, WEIGHTS
from ml.reid.training.labels import Labelled, classed, classed_like
from ml.reid.training.pictures import choose_pictures
from ml.reid.training.recipe import CAMERA, ORIENTATION, BatchConfig, DataConfig, LossConfig, ScheduleConfig
from ml.reid.training.trainer import train_reid
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe


def test_labels_are_numbered_without_gaps_and_unknown_ones_stay_unknown() -> None:
    table = ReidTable.of(
        [Path(name) for name in "abcd"],
        [7, 7, 30, 9],
        domain="own",
        vehicle_type=[4, 4, 2, -1],
        colour=[-1, 11, 11, 11],
    )
    labels, classes = Labelled.of(table)
    assert labels.tolist() == [[0, 1, -1], [0, 1, 0], [2, 0, 0], [1, -1, 0]]
    assert classes == (3, 2, 1)


def test_branches_without_attributes_to_learn_are_refused(tmp_path: Path) -> None:
    recipe = tiny_recipe(model=ModelConfig(backbone="osnet-x0.25", last_stride=2, branches=4))
    with pytest.raises(UserError, match=r"model\.branches") as error:
        choose_pictures(painted_set(tmp_path), recipe)
    assert error.value.code == "no-attributes"


def test_a_training_with_branches_scores_both_signatures(tmp_path: Path) -> None:
    data = painted_set(tmp_path)
    kinds = (data.train.identity % 2).astype(np.int32)
    data = replace(data, train=replace(data.train, vehicle_type=kinds, colour=kinds))
    model = ModelConfig(backbone="osnet-x0.25", last_stride=2, branches=4, signature="all")

    report = train_reid(
        data, tiny_recipe(model=model, schedule=ScheduleConfig(epochs=1)), tmp_path / "out", device="cpu"
    )

    test = report["test"]
    assert isinstance(test, dict)
    assert set(test["signatures"]) == {"vehicle", "all"}
    assert test["map"] == test["signatures"]["all"]["map"]
    lines = (tmp_path / "out" / METRICS).read_text(encoding="utf-8").splitlines()
    assert {"vehicle_type", "colour"} <= set(json.loads(lines[0]))
    network, _ = load_network(tmp_path / "out" / WEIGHTS)
    assert network.size == 12


def seen(**columns: object) -> ReidTable:
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]  # every column is a sequence
    return ReidTable.of([Path(str(row)) for row in range(count)], [5] * count, domain="own", **columns)  # type: ignore[arg-type]


def test_orientations_are_36_bins_and_unknown_ones_are_left_out() -> None:
    made = classed(seen(orientation_deg=[0, 9.9, 10, 359.9, -0.1, 360, np.nan]), ORIENTATION)
    assert made.identity.tolist() == [0, 0, 1, 35, 35, 0]


def test_cameras_have_the_numbers_that_they_were_learned_by() -> None:
    learned = classed(ReidTable.union([seen(camera=[0, 1, -1], cameras=("c1", "c2"))]), CAMERA)
    assert learned.identity.tolist() == [0, 1]
    other = seen(camera=[0, 1, 2, -1], cameras=("c2", "c3", "c1"))
    assert classed_like(other, learned, CAMERA).identity.tolist() == [1, 0]


def test_a_class_that_is_known_of_no_picture_is_refused() -> None:
    with pytest.raises(UserError, match="Of none of the 2 pictures the orientation is known"):
        classed(seen(camera=[0, 0], cameras=("c1",)), ORIENTATION)


def test_a_camera_model_tells_cameras_apart_and_says_how_well(tmp_path: Path) -> None:
    recipe = tiny_recipe(
        data=DataConfig(classes=CAMERA, held=0.3), loss=LossConfig(alpha=0), batch=BatchConfig("naive", 4, 2),
        schedule=ScheduleConfig(epochs=6, warmup=0.5),
    )  # fmt: skip
    report = train_reid(painted_set(tmp_path), recipe, tmp_path / "out", device="cpu")
    assert report["learned"]["classes"] == 2  # type: ignore[index]  # a mapping, as written
    test = report["test"]
    assert isinstance(test, dict)
    assert test["pictures"] == 16
    assert 0.5 <= test["same_class"] <= 1
