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
from ml.reid.training.labels import Labelled
from ml.reid.training.pictures import choose_pictures
from ml.reid.training.recipe import ScheduleConfig
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
