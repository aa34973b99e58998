"""Writes about a scene's plan: its picture comes in and is read by a worker; people lay it on the ground."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict, NotFound
from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.media.pictures import picture_kind
from backend.media.storage import delete_files, save_bytes
from backend.scenes.models import GroundUnit, Scene, ScenePlan
from backend.scenes.plan.placing import fitted, origin_of
from backend.scenes.services import StaleVersion, scene_origin_set
from backend.scenes.setup.fitting import Pair


class Standing(TypedDict):
    """A camera's id, and the pixel of the plan where it stands."""

    camera: int
    pixel: list[float]


@transaction.atomic
def plan_bring(*, actor: User, scene_id: int, based_on: int, content: bytes) -> ScenePlan:
    """Take in a JPEG or PNG file; a job reads it, and until then the plan is as it was.

    based_on  the plan's version, 0 where there is none

    Raises NotFound, Refused below manager, StaleVersion, BadInput for what is no picture or too large.
    """
    scene, plan = _claimed(actor, scene_id, based_on)
    kind = picture_kind(content)
    plan = plan or ScenePlan(scene=scene, version=0)
    before = plan.source
    plan.source = save_bytes(f"scenes/{scene.pk}/plans/{uuid.uuid4().hex}.{kind}", content)
    plan.version += 1
    plan.save()
    parameters = {"plan": plan.pk, "source": plan.source}
    plan.job = job_create(kind=JobKind.PLAN_PICTURE, scene=scene, parameters=parameters, created_by=actor)
    plan.save(update_fields=["job"])
    transaction.on_commit(lambda: delete_files([before] if before else []))
    return plan


@transaction.atomic
def plan_picture_set(*, plan_id: int, source: str, picture: bytes, kind: str, size: tuple[int, int]) -> None:
    """The picture that a worker made of `source`; does nothing where another came in or the plan is gone.

    size  width, height; where it is another than before, points and cameras on the plan mean nothing any more
    """
    plan = ScenePlan.objects.select_for_update(of=("self",)).filter(pk=plan_id, source=source).first()
    if plan is None:
        return
    old = [name for name in (plan.picture, source) if name]
    if (plan.width, plan.height) != size:
        plan.pairs, plan.cameras = [], []
    plan.width, plan.height = size
    plan.picture = save_bytes(f"scenes/{plan.scene_id}/plans/{uuid.uuid4().hex}.{kind}", picture)
    plan.source = ""
    plan.version += 1
    plan.save()
    transaction.on_commit(lambda: delete_files(old))


@transaction.atomic
def plan_place(
    *,
    actor: User,
    scene_id: int,
    based_on: int,
    unit: GroundUnit,
    pairs: Sequence[Pair],
    cameras: Sequence[Standing],
) -> ScenePlan:
    """Lay the plan on the ground by these pairs (none: nowhere), and put cameras on it.

    The first pairs in degrees of a scene that knows no place on the globe give it its origin.
    Raises NotFound, Refused below manager, StaleVersion, BadInput, Conflict no-plan before its picture was read.
    """
    scene, plan = _claimed(actor, scene_id, based_on)
    if plan is None or not plan.picture:
        raise Conflict("no-plan", "The scene has no plan to place anything on: bring its picture first.")
    _require_inside(plan, [pair["pixel"] for pair in pairs], "Point")
    _require_inside(plan, [each["pixel"] for each in cameras], "Camera")
    _require_own(scene, cameras)
    if pairs:
        if unit == GroundUnit.DEGREES and origin_of(scene) is None:
            latitude, longitude = np.mean([pair["place"] for pair in pairs], axis=0).round(6).tolist()
            scene_origin_set(scene=scene, latitude=latitude, longitude=longitude)
        fitted(scene, unit, pairs)
    plan.unit, plan.pairs = unit, [dict(pair) for pair in pairs]
    plan.cameras = [dict(each) for each in cameras]
    plan.version += 1
    plan.save(update_fields=["unit", "pairs", "cameras", "version"])
    return plan


@transaction.atomic
def plan_remove(*, actor: User, scene_id: int, based_on: int) -> None:
    """The scene has no plan any more; the next one goes on counting versions, so that no page mistakes it for this one.

    Raises NotFound, also where there is no plan; Refused below manager, StaleVersion.
    """
    _, plan = _claimed(actor, scene_id, based_on)
    names = [] if plan is None else [name for name in (plan.picture, plan.source) if name]
    if plan is None or not names:
        raise NotFound("plan")
    plan.picture = plan.source = ""
    plan.width = plan.height = plan.job = None
    plan.pairs, plan.cameras = [], []
    plan.version += 1
    plan.save()
    transaction.on_commit(lambda: delete_files(names))


def _claimed(actor: User, scene_id: int, based_on: int) -> tuple[Scene, ScenePlan | None]:
    """The scene, locked, and its plan. Raises NotFound, Refused below manager, StaleVersion."""
    scene = Scene.objects.select_for_update(no_key=True).filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("scene")
    require_scene_role(actor, scene, Role.MANAGER)
    plan = ScenePlan.objects.select_for_update(of=("self",)).filter(scene=scene).first()
    if based_on != (plan.version if plan else 0):
        raise StaleVersion(plan or ScenePlan(scene=scene, version=0), based_on=based_on)
    return scene, plan


def _require_inside(plan: ScenePlan, pixels: Sequence[Sequence[float]], what: str) -> None:
    width, height = plan.width or 0, plan.height or 0
    for number, (u, v) in enumerate(pixels, start=1):
        if not (0 <= u <= width and 0 <= v <= height):
            raise BadInput("pixel", f"{what} {number} lies outside of the plan of {width} x {height} pixels.")


def _require_own(scene: Scene, cameras: Sequence[Standing]) -> None:
    own = set(scene.cameras.values_list("pk", flat=True))
    named = [each["camera"] for each in cameras]
    if len(set(named)) < len(named) or not own.issuperset(named):
        raise BadInput("cameras", "Each camera stands on the plan once, and is one of the scene's.")
