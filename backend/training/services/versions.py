"""Model versions: registered by workers, compared, and promoted or taken back by people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import Conflict
from backend.jobs.models import FINISHED, JobKind
from backend.jobs.services import job_create
from backend.media.storage import save_file
from backend.scenes.models import Scene
from backend.tracking.models import Run
from backend.tracking.services import run_create
from backend.training.active import SHIPPED, active_version, active_versions, versions_used, with_version
from backend.training.models import ModelKind, ModelVersion, Promotion, TrainingRun
from backend.training.selectors import version_numbered
from backend.training.services.trainings import require_learning_detector


def version_file_save(*, training: TrainingRun, weights: Path) -> tuple[str, str]:
    """Put the weights into the storage, before there is a row of them. Returns storage name and checksum."""
    with weights.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
    return save_file(f"scenes/{training.scene_id}/models/{checksum}.safetensors", weights), checksum


@transaction.atomic
def version_register(
    *,
    training: TrainingRun,
    stored: tuple[str, str],
    size: int,
    card: Mapping[str, Any],
    samples: Sequence[Mapping[str, Any]] = (),
    found_pictures: Sequence[Mapping[str, Any]] = (),
) -> ModelVersion:
    """What came out of a training is the scene's next candidate of its kind. `stored`: of `version_file_save`;
    `samples`, `found_pictures`: as the training keeps them.
    """
    Scene.objects.select_for_update(no_key=True).get(pk=training.scene_id)
    versions = ModelVersion.objects.filter(scene=training.scene_id, kind=training.trains)
    last = versions.aggregate(last=Max("number"))["last"] or SHIPPED
    TrainingRun.objects.filter(pk=training.pk).update(samples=list(samples), found_pictures=list(found_pictures))
    return ModelVersion.objects.create(
        scene=training.scene,
        kind=training.trains,
        number=last + 1,
        training=training,
        parent=training.start,
        file=stored[0],
        sha256=stored[1],
        size=size,
        card=dict(card),
    )


@transaction.atomic
def comparison_start(*, actor: User, version: ModelVersion, against: int | None = None) -> ModelVersion:
    """Queue the comparison of a version with another of its kind, the active one if `against` is left out; takes the
    role analyst.

    Raises NotFound, Refused, Conflict where it is being compared or would be compared with itself.
    """
    require_scene_role(actor, version.scene, Role.ANALYST)
    version = ModelVersion.objects.select_for_update(of=("self",)).select_related("scene").get(pk=version.pk)
    kind = ModelKind(version.kind)
    active = active_version(scene=version.scene, kind=kind)
    number = against or (active.number if active else SHIPPED)
    version_numbered(scene=version.scene, kind=kind, number=number)
    if number == version.number:
        raise Conflict("compared-with-itself", f"This is version {number} itself; name another to compare it with.")
    job = version.comparison_job
    if job is not None and job.state not in FINISHED:
        raise Conflict("already-comparing", f"Version {version.number} is being compared; wait for it or cancel it.")
    parameters = {"version": version.pk, "against": number}
    version.comparison_job = job_create(
        kind=JobKind.COMPARE, scene=version.scene, parameters=parameters, created_by=actor
    )
    version.save(update_fields=["comparison_job"])
    return version


@transaction.atomic
def comparison_set(*, version: ModelVersion, comparison: Mapping[str, Any]) -> None:
    """Keep how the version compares with another."""
    ModelVersion.objects.filter(pk=version.pk).update(comparison=dict(comparison))


@transaction.atomic
def model_promote(
    *, actor: User, scene: Scene, number: int, kind: ModelKind = ModelKind.EMBEDDING, is_rollback: bool = False
) -> Promotion:
    """Make a version the scene's active one of its kind and start a run by it, with people's decisions carried over:
    by another embedding described and matched anew, found and followed as before; by another detector all anew. Later
    runs go by it too, and this one and later ones by the other kind's active version. Takes the role manager.

    Raises NotFound, Refused, Conflict where it is active already, the scene has no run to repeat, or its run found
    vehicles by a detector that does not learn.
    """
    require_scene_role(actor, scene, Role.MANAGER)
    scene = Scene.objects.select_for_update(of=("self",)).select_related("current_run").get(pk=scene.pk)
    version = version_numbered(scene=scene, kind=kind, number=number)
    if version == active_version(scene=scene, kind=kind):
        raise Conflict("already-active", f"Version {number} is the active one already.")
    run = _run_by(actor, scene, kind, version)
    return Promotion.objects.create(
        scene=scene, kind=kind, version=version, run=run, is_rollback=is_rollback, created_by=actor
    )


@transaction.atomic
def model_roll_back(*, actor: User, scene: Scene, kind: ModelKind = ModelKind.EMBEDDING) -> Promotion:
    """Make that version active that was before the kind's newest promotion. Otherwise as `model_promote`.

    Raises Conflict also where nothing was promoted.
    """
    require_scene_role(actor, scene, Role.MANAGER)
    Scene.objects.select_for_update(of=("self",)).get(pk=scene.pk)  # no other promotion comes in between
    of_kind = Promotion.objects.filter(scene=scene, kind=kind).select_related("version")
    newest = list(of_kind.order_by("-pk")[:2])
    if not newest:
        detail = f"No version of the {kind} was promoted in this scene; there is nothing to go back to."
        raise Conflict("nothing-promoted", detail)
    before = newest[1].version if len(newest) > 1 else None
    number = before.number if before else SHIPPED
    return model_promote(actor=actor, scene=scene, number=number, kind=kind, is_rollback=True)


def _run_by(actor: User, scene: Scene, kind: ModelKind, version: ModelVersion | None) -> Run:
    if scene.current_run is None:
        raise Conflict("no-run", "This scene shows no run yet; start one before you promote a model.")
    if kind == ModelKind.DETECTOR:
        require_learning_detector(scene)
    shown = scene.current_run
    config, used = shown.config, versions_used(run=shown)
    # Another promotion may have started a run that is not shown yet: what it made active counts as well. A network of
    # a preset's own stays where nothing is to take its place.
    for each, active in active_versions(scene=scene).items():
        if each != kind and (active is not None or (used[each] or SHIPPED) != SHIPPED):
            config = with_version(config, each, active)
    config = with_version(config, kind, version)
    return run_create(actor=actor, scene=scene, preset=shown.preset, config=config)
