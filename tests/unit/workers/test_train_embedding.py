"""Pictures that several workers of a machine want are cut once; which of them a recipe learns from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from ml.reid.training.recipe import AdaptConfig, ScheduleConfig
from ml.types import no_progress
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe
from workers.train_embedding import learned_from, made_once

LIMIT_S = 60.0


def filled(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "picture").write_text(text)


def test_a_worker_waits_for_what_another_one_is_making(tmp_path: Path) -> None:
    folder, begun, waited = tmp_path / "sets" / "one", Event(), Event()

    def slowly(aside: Path) -> None:
        filled(aside, "first")
        begun.set()
        assert waited.wait(LIMIT_S)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(made_once, folder, slowly, no_progress)
        assert begun.wait(LIMIT_S)
        second = pool.submit(made_once, folder, lambda aside: filled(aside, "second"), lambda *_: waited.set())
        first.result(LIMIT_S)
        second.result(LIMIT_S)
    assert (folder / "picture").read_text() == "first"


def test_what_a_killed_worker_has_left_is_made_anew(tmp_path: Path) -> None:
    filled(tmp_path / "one.partial", "half")

    def failing(aside: Path) -> None:
        filled(aside, "half")
        raise OSError("killed")

    with pytest.raises(OSError, match="killed"):
        made_once(tmp_path / "one", failing, no_progress)
    assert not (tmp_path / "one").exists()
    made_once(tmp_path / "one", lambda aside: filled(aside, "whole"), no_progress)
    made_once(tmp_path / "one", lambda aside: filled(aside, "again"), no_progress)
    assert (tmp_path / "one" / "picture").read_text() == "whole"


def test_a_vehicle_of_one_camera_is_learned_from_in_closed_form_alone(tmp_path: Path) -> None:
    labelled = painted_set(tmp_path, vehicles=3)
    lone = (labelled.train.identity != 2) | (labelled.train.camera == 0)
    labelled = replace(labelled, train=labelled.train.take(lone))
    closed = tiny_recipe(adapt=AdaptConfig(prior="known"), schedule=ScheduleConfig(epochs=0))
    vehicles = [set(learned_from(labelled, recipe).train.identity.tolist()) for recipe in (closed, tiny_recipe())]
    assert vehicles == [{0, 1, 2}, {0, 1}]
