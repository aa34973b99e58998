"""Starting, watching and stopping trainings."""

from __future__ import annotations

from typing import Any

import pytest

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.jobs.models import Job, JobKind, JobState, Queue
from backend.labels.models import LabelSet
from backend.training.models import TrainingPoint, TrainingRun
from backend.training.recipes import recipe_get, recipe_list
from backend.training.selectors import (
    SECONDS_A_TRACKLET,
    START_EPOCHS,
    budget_minutes,
    estimated_seconds,
    training_points,
)
from backend.training.services import Point, budget_set, training_create, training_points_replace, training_stop
from tests.unit.backend.training.conftest import make_label_set, make_training, make_version
from tests.world import World


def create(world: World, label_set: LabelSet, role: str, **changes: Any) -> TrainingRun:
    wanted = {"label_set_id": label_set.pk, "recipe": "scene", "minutes": 10, **changes}
    return training_create(actor=world.people[role], scene=world.scene, **wanted)


def test_people_read_what_a_recipe_does_and_not_its_settings() -> None:
    recipe = recipe_get("scene")
    assert recipe.title == "Quick: the last step learns the scene"
    assert "minutes on two cores" in recipe.description
    assert "Adam" not in recipe.description


def test_the_recipe_that_stands_first_is_done_in_one_step(world: World, label_set: LabelSet) -> None:
    first = recipe_list()[0]
    assert (first.name, first.epochs) == ("scene-adapt", 0)
    assert create(world, label_set, "analyst", recipe=first.name).epochs == 0


def test_an_analyst_starts_a_training_within_the_budget(world: World, label_set: LabelSet) -> None:
    first, second = (create(world, label_set, "analyst", epochs=3) for _ in range(2))
    assert (first.number, second.number, first.epochs, first.start) == (1, 2, 3, None)
    assert first.job is not None
    assert (first.job.queue, first.job.parameters) == (Queue.TRAIN, {"training": first.pk})


def test_what_must_not_be_started_is_refused(world: World, label_set: LabelSet) -> None:
    wrong: list[tuple[str, dict[str, object], type[Exception]]] = [
        ("stranger", {}, NotFound),
        ("viewer", {}, Refused),
        ("analyst", {"minutes": 31}, Refused),
        ("analyst", {"minutes": 0}, BadInput),
        ("manager", {"epochs": 0}, BadInput),
        ("manager", {"recipe": "levels"}, BadInput),
        ("manager", {"label_set_id": 999}, BadInput),
        ("manager", {"start": 2}, NotFound),
    ]
    for role, changes, refusal in wrong:
        with pytest.raises(refusal):
            create(world, label_set, role, **changes)
    with pytest.raises(Conflict, match="3 vehicles seen by several cameras"):
        create(world, make_label_set(world, number=2, shared=3), "manager")
    assert not TrainingRun.objects.exists()


def test_managers_set_the_budget_and_are_not_bound_by_it(world: World, label_set: LabelSet) -> None:
    with pytest.raises(Refused):
        budget_set(actor=world.people["analyst"], scene=world.scene, minutes=60)
    budget_set(actor=world.people["manager"], scene=world.scene, minutes=8)
    assert budget_minutes(scene=world.scene) == 8
    with pytest.raises(Refused, match="8 minutes"):
        create(world, label_set, "analyst", minutes=9)
    assert create(world, label_set, "manager", minutes=9).minutes == 9


def test_a_training_is_stopped_by_a_manager_or_who_started_it_while_it_goes_on(
    world: World, label_set: LabelSet
) -> None:
    training = make_training(world, label_set)
    with pytest.raises(Refused):
        training_stop(actor=world.people["analyst"], training=training)
    asked = training_stop(actor=world.people["manager"], training=training).stop_asked_at
    assert asked is not None
    assert training_stop(actor=world.people["manager"], training=training).stop_asked_at == asked
    Job.objects.filter(kind=JobKind.TRAIN).update(state=JobState.SUCCEEDED)
    training = TrainingRun.objects.get()
    with pytest.raises(Conflict, match="already ended"):
        training_stop(actor=world.people["manager"], training=training)


def test_lines_that_are_done_again_take_the_place_of_the_first_ones(world: World, label_set: LabelSet) -> None:
    training = make_training(world, label_set)
    training_points_replace(training=training, first=0, points=[Point(0, 0, held_map=0.1), Point(1, loss=2), Point(2)])
    training_points_replace(training=training, first=1, points=[Point(1, loss=2.0), Point(1, 1, held_map=0.3)])
    found = training_points(training=training, after=1)
    assert [(point.line, point.loss, point.epoch, point.held_map) for point in found] == [
        (1, 2.0, None, None),
        (2, None, 1, 0.3),
    ]
    assert TrainingPoint.objects.count() == 3


def test_the_estimate_goes_by_what_trainings_took(world: World, label_set: LabelSet) -> None:
    first = estimated_seconds(label_set=label_set, recipe="scene")
    assert first == pytest.approx(40 * (20 + START_EPOCHS) * SECONDS_A_TRACKLET)
    job = make_version(world, label_set).training.job
    assert job is not None
    times = {"started_at": "2026-01-01T00:00:00Z", "finished_at": "2026-01-01T00:02:00Z", "attempt": 1}
    Job.objects.filter(pk=job.pk).update(**times)
    assert estimated_seconds(label_set=label_set, recipe="scene") == pytest.approx(120)
    assert estimated_seconds(label_set=label_set, recipe="scene", epochs=5) == pytest.approx(60)
    TrainingRun.objects.update(recipe="another")
    assert estimated_seconds(label_set=label_set, recipe="scene") == first
    with pytest.raises(BadInput, match="no recipe"):
        estimated_seconds(label_set=label_set, recipe="nonsense")
