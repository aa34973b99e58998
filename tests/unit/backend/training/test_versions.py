"""Versions of a scene's model: which is active, and what makes it so."""

from __future__ import annotations

import pytest

from backend.config.problems import Conflict, NotFound, Refused
from backend.jobs.models import JobKind
from backend.labels.models import LabelSet
from backend.scenes.models import Scene
from backend.tracking.models import Run
from backend.tracking.presets import preset_get
from backend.tracking.services import run_create
from backend.training.active import SHIPPED_EMBEDDER
from backend.training.models import ModelKind
from backend.training.selectors import sets_learned_from, version_list
from backend.training.services import comparison_set, comparison_start, model_promote, model_roll_back
from tests.unit.backend.training.conftest import make_label_set, make_training, make_version
from tests.world import World


def states(world: World, kind: ModelKind = ModelKind.EMBEDDING) -> dict[int, str]:
    return {listed.number: listed.state for listed in version_list(scene=world.scene, kind=kind)}


def embedder(run: Run | None) -> tuple[str, str | None]:
    assert run is not None
    chosen = run.config["embedder"]
    return chosen["name"], chosen.get("weights")


def test_what_comes_with_crosstrack_is_version_1_and_active_at_first(world: World, label_set: LabelSet) -> None:
    assert states(world) == {1: "active"}
    assert make_version(world, label_set).number == 2
    assert states(world) == {2: "candidate", 1: "active"}


def test_a_version_has_learned_from_the_sets_of_those_it_began_with(world: World, label_set: LabelSet) -> None:
    first, other = make_version(world, label_set, weights="a"), make_label_set(world)
    second = make_version(world, other, weights="b")
    assert sets_learned_from(versions=[None]) == []
    assert sets_learned_from(versions=[second]) == [other]
    second.parent = first
    assert sets_learned_from(versions=[second, first]) == [other, label_set]


def test_a_promotion_starts_a_run_by_the_version_and_later_runs_go_by_it(world: World, label_set: LabelSet) -> None:
    version = make_version(world, label_set)
    promotion = model_promote(actor=world.people["manager"], scene=world.scene, number=2)
    assert embedder(promotion.run) == ("trained", version.file)
    assert promotion.run is not None
    assert promotion.run.config["tracker"] == preset_get("cpu-light").config["tracker"]
    assert states(world) == {2: "active", 1: "archived"}
    later = run_create(actor=world.people["manager"], scene=world.scene, preset="cpu-distant")
    assert embedder(later) == ("trained", version.file)


def test_a_roll_back_goes_to_the_version_before(world: World, label_set: LabelSet) -> None:
    manager = world.people["manager"]
    with pytest.raises(Conflict, match="nothing to go back to"):
        model_roll_back(actor=manager, scene=world.scene)
    first, _ = make_version(world, label_set, weights="a"), make_version(world, label_set, weights="b")
    for number in (2, 3):
        model_promote(actor=manager, scene=world.scene, number=number)
    assert states(world) == {3: "active", 2: "archived", 1: "archived"}
    back = model_roll_back(actor=manager, scene=world.scene)
    assert (back.version, back.is_rollback) == (first, True)
    assert embedder(back.run) == ("trained", first.file)
    shipped = model_promote(actor=manager, scene=world.scene, number=1)
    assert embedder(shipped.run) == (SHIPPED_EMBEDDER, None)
    assert states(world) == {3: "archived", 2: "archived", 1: "active"}


def test_only_managers_promote_and_only_what_is_not_active(world: World, label_set: LabelSet) -> None:
    make_version(world, label_set)
    for role, refusal in (("analyst", Refused), ("stranger", NotFound)):
        with pytest.raises(refusal):
            model_promote(actor=world.people[role], scene=world.scene, number=2)
        with pytest.raises(refusal):
            model_roll_back(actor=world.people[role], scene=world.scene)
    with pytest.raises(Conflict, match="active one already"):
        model_promote(actor=world.people["manager"], scene=world.scene, number=1)
    with pytest.raises(NotFound):
        model_promote(actor=world.people["manager"], scene=world.scene, number=3)


def test_a_scene_without_a_run_has_none_to_repeat(world: World, label_set: LabelSet) -> None:
    make_version(world, label_set)
    Scene.objects.update(current_run=None)
    with pytest.raises(Conflict, match="no run yet"):
        model_promote(actor=world.people["manager"], scene=world.scene, number=2)


def test_a_version_is_compared_with_the_active_one_or_any_other(world: World, label_set: LabelSet) -> None:
    version, analyst = make_version(world, label_set), world.people["analyst"]
    job = comparison_start(actor=analyst, version=version).comparison_job
    assert job is not None
    assert (job.kind, job.parameters) == (JobKind.COMPARE, {"version": version.pk, "against": 1})
    with pytest.raises(Conflict, match="being compared"):
        comparison_start(actor=analyst, version=version)
    with pytest.raises(Conflict, match="name another"):
        comparison_start(actor=analyst, version=version, against=2)
    with pytest.raises(NotFound):
        comparison_start(actor=analyst, version=version, against=7)
    with pytest.raises(Refused):
        comparison_start(actor=world.people["viewer"], version=version)
    comparison_set(version=version, comparison={"against": 1})
    version.refresh_from_db()
    assert version.comparison == {"against": 1}


def test_a_training_begins_with_the_version_that_is_named(world: World, label_set: LabelSet) -> None:
    version = make_version(world, label_set)
    training = make_training(world, label_set, start=2)
    assert training.start == version
