"""A scene's detector is trained, promoted and taken back beside its embedding, and neither disturbs the other."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.jobs.models import Job, JobKind
from backend.labels.models import LabelSet
from backend.tracking.models import Run, RunState
from backend.tracking.presets import preset_get
from backend.tracking.services import run_create
from backend.training.active import SHIPPED_EMBEDDER, TRAINED_EMBEDDER, active_versions, versions_used, with_version
from backend.training.models import ModelKind, Promotion, TrainingPoint, TrainingRun
from backend.training.recipes import recipe_get, recipe_list, recipe_path
from backend.training.selectors import (
    SECONDS_AN_EPOCH,
    estimated_seconds,
    promotion_list,
    sample_picture,
    version_list,
    version_numbered,
)
from backend.training.services import (
    Point,
    comparison_start,
    model_promote,
    model_roll_back,
    training_points_replace,
    version_register,
)
from tests.unit.backend.training.conftest import make_label_set, make_training, make_version
from tests.world import World

EMBEDDING, DETECTOR = ModelKind.EMBEDDING, ModelKind.DETECTOR


def weights(run: Run | None) -> tuple[str | None, str | None]:
    """Of the embedder and of the detector that a run is configured with."""
    assert run is not None
    return run.config["embedder"].get("weights"), run.config["detector"].get("weights")


def by_mask_rcnn(world: World) -> None:
    world.run.config = {"detector": {"name": "maskrcnn-resnet50"}}
    world.run.save()


def test_recipes_say_what_they_train_and_no_name_stands_for_two() -> None:
    names = [recipe.name for recipe in recipe_list()]
    assert len(set(names)) == len(names)
    assert recipe_get("scene").trains == EMBEDDING
    assert all(recipe_path(name=recipe.name, trains=recipe.trains).is_file() for recipe in recipe_list())


def test_versions_of_each_kind_are_counted_for_themselves(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    embedding = make_version(world, label_set, weights="a")
    detectors = [make_version(world, label_set, weights=name, recipe=detector_recipe) for name in "bc"]
    assert [embedding.number, *(each.number for each in detectors)] == [2, 2, 3]
    listed = {kind: [each.number for each in version_list(scene=world.scene, kind=kind)] for kind in ModelKind}
    assert listed == {EMBEDDING: [2, 1], DETECTOR: [3, 2, 1]}
    assert version_numbered(scene=world.scene, kind=DETECTOR, number=2) == detectors[0]
    assert make_training(world, label_set, recipe=detector_recipe, start=3).start == detectors[1]
    with pytest.raises(NotFound):
        make_training(world, label_set, start=3)


def test_a_detector_and_an_embedding_are_active_together(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    embedding = make_version(world, label_set, weights="a")
    detector = make_version(world, label_set, weights="b", recipe=detector_recipe)
    manager = world.people["manager"]
    first = model_promote(actor=manager, scene=world.scene, number=2, kind=DETECTOR)
    assert weights(first.run) == (None, detector.file)
    second = model_promote(actor=manager, scene=world.scene, number=2)
    assert weights(second.run) == (embedding.file, detector.file)
    later = run_create(actor=manager, scene=world.scene, preset="cpu-distant")
    assert weights(later) == (embedding.file, detector.file)
    assert later.config["detector"]["input_height"] == preset_get("cpu-distant").config["detector"]["input_height"]
    assert versions_used(run=later) == {EMBEDDING: 2, DETECTOR: 2}
    assert versions_used(run=world.run) == {EMBEDDING: 1, DETECTOR: 1}


def test_going_back_by_one_kind_leaves_the_other_as_it_is(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    embedding = make_version(world, label_set, weights="a")
    make_version(world, label_set, weights="b", recipe=detector_recipe)
    manager = world.people["manager"]
    with pytest.raises(Conflict, match="of the detector was promoted"):
        model_roll_back(actor=manager, scene=world.scene, kind=DETECTOR)
    for kind in (EMBEDDING, DETECTOR):
        model_promote(actor=manager, scene=world.scene, number=2, kind=kind)
    back = model_roll_back(actor=manager, scene=world.scene, kind=DETECTOR)
    assert (back.kind, back.version, back.is_rollback) == (DETECTOR, None, True)
    assert weights(back.run) == (embedding.file, None)
    assert active_versions(scene=world.scene) == {EMBEDDING: embedding, DETECTOR: None}
    states = [(each.number, each.state) for each in version_list(scene=world.scene, kind=DETECTOR)]
    assert states == [(2, "archived"), (1, "active")]
    of_detectors = promotion_list(user=manager, scene_id=world.scene.pk, kind=DETECTOR)
    assert (of_detectors.count(), promotion_list(user=manager, scene_id=world.scene.pk).count()) == (2, 3)


def test_a_promotion_leaves_a_network_of_the_runs_own_where_the_other_kind_went_back(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    embedding = make_version(world, label_set, weights="a")
    make_version(world, label_set, weights="b", recipe=detector_recipe)
    manager = world.people["manager"]
    model_promote(actor=manager, scene=world.scene, number=2)
    model_roll_back(actor=manager, scene=world.scene)
    own = {"name": "efficientnet-lite0-lda"}
    for embedder, expected in (
        (own, own),
        ({"name": TRAINED_EMBEDDER, "weights": embedding.file}, {"name": SHIPPED_EMBEDDER}),
    ):
        world.run.config = {**world.run.config, "embedder": embedder}
        world.run.save()
        run = model_promote(actor=manager, scene=world.scene, number=2, kind=DETECTOR).run
        assert run is not None
        assert run.config["embedder"] == expected
        model_roll_back(actor=manager, scene=world.scene, kind=DETECTOR)


def test_a_run_looks_its_models_up_only_when_no_promotion_is_under_way(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        run_create(actor=world.people["manager"], scene=world.scene, preset="cpu-light")
    locked, looked_up = (
        next(place for place, query in enumerate(asked.captured_queries) if words in query["sql"])
        for words in ("FOR UPDATE", 'FROM "training_promotion"')
    )
    assert locked < looked_up


def test_a_scene_shown_by_another_detector_trains_and_promotes_none(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    make_version(world, label_set, recipe=detector_recipe)
    by_mask_rcnn(world)
    world.scene.refresh_from_db()
    with pytest.raises(Conflict, match="by maskrcnn-resnet50"):
        make_training(world, label_set, recipe=detector_recipe)
    with pytest.raises(Conflict, match="Start a run of a preset with nanodet"):
        model_promote(actor=world.people["manager"], scene=world.scene, number=2, kind=DETECTOR)
    assert not Promotion.objects.exists()
    assert versions_used(run=world.run) == {EMBEDDING: 1, DETECTOR: None}


def test_a_run_of_labels_that_somebody_brought_goes_by_no_model(world: World) -> None:
    world.run.state = RunState.SUCCEEDED
    assert versions_used(run=world.run) == {EMBEDDING: None, DETECTOR: None}
    world.run.models_used = {"detect": {"name": "nanodet", "checksum": "0"}}
    assert versions_used(run=world.run) == {EMBEDDING: 1, DETECTOR: 1}


def test_a_promoted_detector_does_not_become_the_weights_of_another_network(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    version = make_version(world, label_set, recipe=detector_recipe)
    config = {"detector": {"name": "maskrcnn-resnet50", "weights": "none"}}
    assert with_version(config, DETECTOR, version) == config


def test_only_managers_promote_a_detector_and_only_what_is_not_active(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    make_version(world, label_set)
    with pytest.raises(Refused):
        model_promote(actor=world.people["analyst"], scene=world.scene, number=1, kind=DETECTOR)
    with pytest.raises(NotFound):
        model_promote(actor=world.people["manager"], scene=world.scene, number=2, kind=DETECTOR)
    with pytest.raises(Conflict, match="active one already"):
        model_promote(actor=world.people["manager"], scene=world.scene, number=1, kind=DETECTOR)


def test_labels_that_a_detector_cannot_learn_from_are_refused(world: World, detector_recipe: str) -> None:
    with pytest.raises(Conflict, match="which other vehicles were to be seen"):
        make_training(world, make_label_set(world, others=None), recipe=detector_recipe)
    with pytest.raises(Conflict, match="has 3 tracklets"):
        make_training(world, make_label_set(world, tracklets=3), recipe=detector_recipe)
    with pytest.raises(BadInput, match="no recipe"):
        make_training(world, make_label_set(world), recipe="from-scratch")
    assert not TrainingRun.objects.exists()
    alone = make_training(world, make_label_set(world, shared=0), recipe=detector_recipe)  # seen by one camera each
    assert (alone.trains, alone.epochs) == (DETECTOR, 6)


def test_a_detector_is_compared_with_versions_of_its_kind(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    version, analyst = make_version(world, label_set, recipe=detector_recipe), world.people["analyst"]
    for name in "bc":
        make_version(world, label_set, weights=name)
    model_promote(actor=world.people["manager"], scene=world.scene, number=3)
    with pytest.raises(NotFound):
        comparison_start(actor=analyst, version=version, against=3)
    job = comparison_start(actor=analyst, version=version).comparison_job
    assert job is not None
    assert job.parameters == {"version": version.pk, "against": 1}


def test_the_estimate_of_a_detector_goes_by_epochs(world: World, label_set: LabelSet, detector_recipe: str) -> None:
    few = make_label_set(world, tracklets=4)
    for each in (few, label_set):
        assert estimated_seconds(label_set=each, recipe=detector_recipe) == pytest.approx(7 * SECONDS_AN_EPOCH)
    make_version(world, label_set, recipe=detector_recipe)
    times = {"started_at": "2026-01-01T00:00:00Z", "finished_at": "2026-01-01T00:03:30Z", "attempt": 1}
    Job.objects.filter(kind=JobKind.TRAIN).update(**times)
    assert estimated_seconds(label_set=few, recipe=detector_recipe, epochs=3) == pytest.approx(120)


def test_scores_of_held_frames_and_pictures_of_them_are_kept(
    world: World, label_set: LabelSet, detector_recipe: str
) -> None:
    training = make_training(world, label_set, recipe=detector_recipe)
    training_points_replace(training=training, first=0, points=[Point(0, 0, held_ap50=0.5, held_recall=0.75)])
    point = TrainingPoint.objects.get()
    assert (point.held_ap50, point.held_recall, point.held_map) == (0.5, 0.75, None)
    pictures = [{"before": f"{name}0.jpg", "after": f"{name}1.jpg"} for name in "ab"]
    version_register(training=training, stored=("f", "0"), size=3, card={}, found_pictures=pictures)
    training.refresh_from_db()
    names = [sample_picture(training=training, number=number) for number in range(4)]
    assert names == ["a0.jpg", "a1.jpg", "b0.jpg", "b1.jpg"]
    with pytest.raises(NotFound):
        sample_picture(training=training, number=4)
