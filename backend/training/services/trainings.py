"""Trainings: what people start and stop, and what one says of itself while it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role, scene_role
from backend.config.problems import BadInput, Conflict, Refused
from backend.jobs.models import FINISHED, JobKind
from backend.jobs.services import job_create
from backend.labels.models import LabelSet
from backend.scenes.models import Scene
from backend.training.active import LEARNING_DETECTOR, SHIPPED, detector_of
from backend.training.models import ModelKind, TrainingBudget, TrainingPoint, TrainingRun
from backend.training.recipes import recipe_get
from backend.training.selectors import budget_minutes, version_numbered

FEWEST_VEHICLES = 4  # seen by several cameras: two to learn from and two to hold
FEWEST_TRACKLETS = 4  # that a detector learns from
MOST_EPOCHS, MOST_MINUTES = 200, 24 * 60


@dataclass(frozen=True, slots=True)
class Point:
    """A line of a training's account of itself; see `TrainingPoint`."""

    step: int
    epoch: int | None = None
    weight: float | None = None
    loss: float | None = None
    held_map: float | None = None
    held_rank1: float | None = None
    held_ap50: float | None = None
    held_recall: float | None = None
    pictures_per_s: float | None = None


@transaction.atomic
def training_create(
    *,
    actor: User,
    scene: Scene,
    label_set_id: int,
    recipe: str,
    minutes: int,
    epochs: int | None = None,
    start: int = SHIPPED,
) -> TrainingRun:
    """Queue a training on one of the scene's label sets. `start`: number of the version, of the kind that the recipe
    trains, whose weights it begins with; `epochs`: at most, those of the recipe if left out.

    Raises NotFound for a stranger, Refused below analyst and for an analyst beyond the budget, BadInput, Conflict where
    too little is labelled for this kind or the scene is shown by a detector that does not learn.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    chosen = recipe_get(recipe)
    label_set = _label_set_of(scene, label_set_id)
    _require_numbers(epochs, minutes)
    _require_budget(actor, scene, minutes)
    if chosen.trains == ModelKind.DETECTOR:
        require_learning_detector(scene)
        _require_boxes(label_set)
    else:
        _require_vehicles(label_set)
    Scene.objects.select_for_update(no_key=True).get(pk=scene.pk)
    training = TrainingRun.objects.create(
        scene=scene,
        trains=chosen.trains,
        number=(scene.trainings.aggregate(last=Max("number"))["last"] or 0) + 1,
        label_set=label_set,
        recipe=chosen.name,
        start=version_numbered(scene=scene, kind=chosen.trains, number=start),
        epochs=min(epochs or chosen.epochs, chosen.epochs),
        minutes=minutes,
        created_by=actor,
    )
    parameters = {"training": training.pk}
    training.job = job_create(kind=JobKind.TRAIN, scene=scene, parameters=parameters, created_by=actor)
    training.save(update_fields=["job"])
    return training


@transaction.atomic
def training_stop(*, actor: User, training: TrainingRun) -> TrainingRun:
    """End it with the epoch that it is in; the best so far comes out. For managers and for who started it.

    Raises NotFound, Refused, Conflict where it has ended.
    """
    own = training.created_by_id == actor.pk
    require_scene_role(actor, training.scene, Role.ANALYST if own else Role.MANAGER)
    if training.job is None or training.job.state in FINISHED:
        raise Conflict("training-finished", f"Training {training.number} has already ended.")
    TrainingRun.objects.filter(pk=training.pk, stop_asked_at=None).update(stop_asked_at=Now())
    training.refresh_from_db(fields=["stop_asked_at"])
    return training


@transaction.atomic
def training_points_replace(*, training: TrainingRun, first: int, points: Sequence[Point]) -> None:
    """What the training says of itself from its line `first` on; what it said there before is done again."""
    TrainingPoint.objects.filter(training=training, line__gte=first).delete()
    TrainingPoint.objects.bulk_create(
        TrainingPoint(
            training=training,
            line=first + place,
            step=point.step,
            epoch=point.epoch,
            weight=point.weight,
            loss=point.loss,
            held_map=point.held_map,
            held_rank1=point.held_rank1,
            held_ap50=point.held_ap50,
            held_recall=point.held_recall,
            pictures_per_s=point.pictures_per_s,
        )
        for place, point in enumerate(points)
    )


@transaction.atomic
def budget_set(*, actor: User, scene: Scene, minutes: int) -> int:
    """What one training of an analyst may take in the scene. Raises NotFound, Refused below manager, BadInput."""
    require_scene_role(actor, scene, Role.MANAGER)
    _require_numbers(None, minutes)
    TrainingBudget.objects.update_or_create(scene=scene, defaults={"minutes": minutes})
    return minutes


def require_learning_detector(scene: Scene) -> None:
    """Raises Conflict where the run that the scene shows found its vehicles by a network that learns no scenes."""
    name = LEARNING_DETECTOR if scene.current_run is None else detector_of(scene.current_run.config)
    if name != LEARNING_DETECTOR:
        detail = (
            f"The run that this scene shows found its vehicles by {name}; {LEARNING_DETECTOR} alone learns a scene. "
            f"Start a run of a preset with {LEARNING_DETECTOR} first."
        )
        raise Conflict("other-detector", detail)


def _label_set_of(scene: Scene, label_set_id: int) -> LabelSet:
    label_set = LabelSet.objects.filter(scene=scene, pk=label_set_id).first()
    if label_set is None:
        raise BadInput("label_set", "This scene has no such label set.")
    return label_set


def _require_numbers(epochs: int | None, minutes: int) -> None:
    for field, value, most in (("epochs", epochs, MOST_EPOCHS), ("minutes", minutes, MOST_MINUTES)):
        if value is not None and not 1 <= value <= most:
            raise BadInput(field, f"A training takes 1 to {most} {field}; this is {value}.")


def _require_budget(actor: User, scene: Scene, minutes: int) -> None:
    role, budget = scene_role(actor, scene), budget_minutes(scene=scene)
    if role is Role.ANALYST and minutes > budget:
        detail = f"In this scene a training of an analyst may take {budget} minutes; ask a manager for more."
        raise Refused("budget-exceeded", detail)


def _require_vehicles(label_set: LabelSet) -> None:
    shared = label_set.statistics["shared_identities"]
    if shared < FEWEST_VEHICLES:
        detail = (
            f"Label set {label_set.number} has {shared} vehicles seen by several cameras and a training takes "
            f"{FEWEST_VEHICLES}; confirm more and make a new set."
        )
        raise Conflict("too-few-vehicles", detail)


def _require_boxes(label_set: LabelSet) -> None:
    statistics = label_set.statistics
    if statistics.get("other_tracklets") is None:
        detail = (
            f"Label set {label_set.number} does not say which other vehicles were to be seen, and a detector would "
            "take them for background. If it is from an earlier version of Crosstrack, make a new set; if more than "
            "five million boxes are seen in the scene, no set of it says so."
        )
        raise Conflict("labels-without-others", detail)
    if statistics["tracklets"] < FEWEST_TRACKLETS:
        detail = (
            f"Label set {label_set.number} has {statistics['tracklets']} tracklets and a training of the detector "
            f"takes {FEWEST_TRACKLETS}; confirm or draw more and make a new set."
        )
        raise Conflict("too-few-tracklets", detail)
