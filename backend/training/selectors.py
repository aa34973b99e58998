"""Reads about trainings and model versions. Everybody who sees a scene sees its trainings and models."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import fmean

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import NotFound
from backend.jobs.models import Job, JobState
from backend.labels.models import LabelSet
from backend.scenes.models import Scene
from backend.scenes.selectors import scene_visible
from backend.training.active import SHIPPED, active_version
from backend.training.models import ModelKind, ModelVersion, Promotion, TrainingBudget, TrainingPoint, TrainingRun
from backend.training.recipes import SceneRecipe, recipe_get

DEFAULT_MINUTES = 30
SECONDS_A_TRACKLET = 1 / 30  # and epoch, of a first training on two cores; later ones are told by those before
SECONDS_AN_EPOCH = 50.0  # likewise, of a detector: its epochs have the same number of steps whatever is labelled
START_EPOCHS = 10  # what comes before the first epoch takes as long as so many: pictures are cut out and looked at
NEWEST = 20  # of trainings, that tell how long one takes
TRAINING_ORDER = ("-number",)
ACTIVE, CANDIDATE, ARCHIVED = "active", "candidate", "archived"


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version as the scene sees it; `version` None: the one of its kind that comes with Crosstrack."""

    kind: str
    number: int
    state: str
    version: ModelVersion | None


def training_list(*, user: User, scene_id: int) -> QuerySet[TrainingRun]:
    """The scene's trainings, what a list shows of them. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    return _with_names(TrainingRun.objects.filter(scene=scene)).defer("samples", "found_pictures")


def training_get(*, user: User, training_id: int) -> TrainingRun:
    """Raises NotFound."""
    found = _with_names(TrainingRun.objects.filter(visible_through(user, "scene"), pk=training_id)).first()
    if found is None:
        raise NotFound("training")
    return found


def training_of_job(*, job: Job) -> TrainingRun:
    """Raises TrainingRun.DoesNotExist."""
    return TrainingRun.objects.select_related("scene", "label_set", "start").get(pk=job.parameters["training"])


def training_points(*, training: TrainingRun, after: int) -> QuerySet[TrainingPoint]:
    """What it said of itself from line `after` on, in order."""
    return TrainingPoint.objects.filter(training=training, line__gte=after).order_by("line")


def sample_picture(*, training: TrainingRun, number: int) -> str:
    """Storage name of one of the pictures in the sample rankings, or of held frames before and after the training.

    Raises NotFound.
    """
    names = [picture["file"] for ranking in training.samples for picture in [ranking["query"], *ranking["found"]]]
    names += [each[when] for each in training.found_pictures for when in ("before", "after")]
    if not 0 <= number < len(names):
        raise NotFound("picture")
    return str(names[number])


def version_list(*, scene: Scene, kind: ModelKind) -> list[ListedVersion]:
    """Newest first; the last is the one that comes with Crosstrack."""
    active = active_version(scene=scene, kind=kind)
    was_active = set(Promotion.objects.filter(scene=scene).values_list("version", flat=True))
    rows = ModelVersion.objects.filter(scene=scene, kind=kind).order_by("-number")
    listed = [
        ListedVersion(kind, row.number, _state(row, active, was_active), row)
        for row in rows.select_related("training__label_set", "parent", "comparison_job")
    ]
    return [*listed, ListedVersion(kind, SHIPPED, ACTIVE if active is None else ARCHIVED, None)]


def version_get(*, user: User, version_id: int) -> ModelVersion:
    """With its scene and training. Raises NotFound."""
    rows = ModelVersion.objects.select_related("scene", "training__label_set", "parent", "comparison_job")
    found = rows.filter(visible_through(user, "scene"), pk=version_id).first()
    if found is None:
        raise NotFound("model")
    return found


def version_listed(*, version: ModelVersion) -> ListedVersion:
    """The version with its state in its scene."""
    was_active = set(version.promotions.values_list("version", flat=True))
    active = active_version(scene=version.scene, kind=ModelKind(version.kind))
    return ListedVersion(version.kind, version.number, _state(version, active, was_active), version)


def version_numbered(*, scene: Scene, kind: ModelKind, number: int) -> ModelVersion | None:
    """The scene's version of the kind; None for the one that comes with Crosstrack. Raises NotFound."""
    if number == SHIPPED:
        return None
    found = ModelVersion.objects.filter(scene=scene, kind=kind, number=number).first()
    if found is None:
        raise NotFound("model")
    return found


def sets_learned_from(*, versions: Iterable[ModelVersion | None]) -> list[LabelSet]:
    """The label sets of the versions' trainings and of those of the versions before them, each once; none of the
    shipped one.
    """
    sets: dict[int, LabelSet] = {}
    for version in versions:
        while version is not None:
            sets[version.training.label_set_id] = version.training.label_set
            version = version.parent
    return list(sets.values())


def promotion_list(*, user: User, scene_id: int, kind: ModelKind | None = None) -> QuerySet[Promotion]:
    """Who made what active, newest first; of one kind alone if it is given. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    rows = Promotion.objects.filter(scene=scene).select_related("version", "run", "created_by")
    return rows if kind is None else rows.filter(kind=kind)


def budget_minutes(*, scene: Scene) -> int:
    """What one training of an analyst may take."""
    budget = TrainingBudget.objects.filter(scene=scene).first()
    return budget.minutes if budget else DEFAULT_MINUTES


def estimated_seconds(*, label_set: LabelSet, recipe: str, epochs: int | None = None) -> float:
    """What a training on the set takes, by what the newest ones by the recipe took for each tracklet and epoch; of a
    detector, whose epochs are equally long, for each epoch.

    `epochs`: at most, those of the recipe if left out. Raises BadInput for an unknown recipe.
    """
    chosen = recipe_get(recipe)
    ended = TrainingRun.objects.filter(
        job__state=JobState.SUCCEEDED, job__attempt=1, stop_asked_at=None, recipe=chosen.name
    ).select_related("job", "label_set")
    paces = [
        (each.job.finished_at - each.job.started_at).total_seconds() / _amount(chosen, each.label_set, each.epochs)
        for each in ended.order_by("-pk")[:NEWEST]
        if each.job and each.job.started_at and each.job.finished_at
    ]
    usual = SECONDS_AN_EPOCH if chosen.trains == ModelKind.DETECTOR else SECONDS_A_TRACKLET
    pace = fmean(paces) if paces else usual
    return pace * _amount(chosen, label_set, min(epochs or chosen.epochs, chosen.epochs))


def _amount(recipe: SceneRecipe, label_set: LabelSet, epochs: int) -> int:
    if recipe.trains == ModelKind.DETECTOR:
        return 1 + epochs  # the start is scored as an epoch's end is
    return int(label_set.statistics["tracklets"]) * (START_EPOCHS + epochs)


def _with_names(rows: QuerySet[TrainingRun]) -> QuerySet[TrainingRun]:
    return rows.select_related("scene", "label_set", "start", "job", "created_by", "version")


def _state(version: ModelVersion, active: ModelVersion | None, was_active: Collection[int | None]) -> str:
    if active is not None and version.pk == active.pk:
        return ACTIVE
    return ARCHIVED if version.pk in was_active else CANDIDATE
