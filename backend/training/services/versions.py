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
from backend.training.active import SHIPPED, active_version, with_version
from backend.training.models import ModelVersion, Promotion, TrainingRun
from backend.training.selectors import version_numbered


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
    samples: Sequence[Mapping[str, Any]],
) -> ModelVersion:
    """What came out of a training is the scene's next candidate. `stored`: of `version_file_save`."""
    Scene.objects.select_for_update(no_key=True).get(pk=training.scene_id)
    last = ModelVersion.objects.filter(scene=training.scene_id).aggregate(last=Max("number"))["last"] or SHIPPED
    TrainingRun.objects.filter(pk=training.pk).update(samples=list(samples))
    return ModelVersion.objects.create(
        scene=training.scene,
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
    """Queue the comparison of a version with another, the active one if `against` is left out; takes the role analyst.

    Raises NotFound, Refused, Conflict where it is being compared or would be compared with itself.
    """
    require_scene_role(actor, version.scene, Role.ANALYST)
    version = ModelVersion.objects.select_for_update(of=("self",)).select_related("scene").get(pk=version.pk)
    active = active_version(scene=version.scene)
    number = against or (active.number if active else SHIPPED)
    version_numbered(scene=version.scene, number=number)
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
def model_promote(*, actor: User, scene: Scene, number: int, is_rollback: bool = False) -> Promotion:
    """Make a version the scene's active one and start a run by it: described and matched anew, found and followed as
    before, with people's decisions carried over. Later runs go by it too. Takes the role manager.

    Raises NotFound, Refused, Conflict where it is active already or the scene has no run to repeat.
    """
    require_scene_role(actor, scene, Role.MANAGER)
    scene = Scene.objects.select_for_update(of=("self",)).select_related("current_run").get(pk=scene.pk)
    version = version_numbered(scene=scene, number=number)
    if version == active_version(scene=scene):
        raise Conflict("already-active", f"Version {number} is the active one already.")
    run = _run_by(actor, scene, version)
    return Promotion.objects.create(scene=scene, version=version, run=run, is_rollback=is_rollback, created_by=actor)


@transaction.atomic
def model_roll_back(*, actor: User, scene: Scene) -> Promotion:
    """Make that version active that was before the newest promotion. Otherwise as `model_promote`.

    Raises Conflict also where nothing was promoted.
    """
    require_scene_role(actor, scene, Role.MANAGER)
    newest = list(Promotion.objects.filter(scene=scene).select_related("version").order_by("-pk")[:2])
    if not newest:
        raise Conflict("nothing-promoted", "No version was promoted in this scene; there is nothing to go back to.")
    before = newest[1].version if len(newest) > 1 else None
    return model_promote(actor=actor, scene=scene, number=before.number if before else SHIPPED, is_rollback=True)


def _run_by(actor: User, scene: Scene, version: ModelVersion | None) -> Run:
    if scene.current_run is None:
        raise Conflict("no-run", "This scene shows no run yet; start one before you promote a model.")
    shown = scene.current_run
    return run_create(actor=actor, scene=scene, preset=shown.preset, config=with_version(shown.config, version))
