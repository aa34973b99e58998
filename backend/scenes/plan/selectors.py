"""What people see of a scene's plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from backend.accounts.models import User
from backend.config.problems import NotFound
from backend.jobs.models import FINISHED
from backend.scenes.models import ScenePlan
from backend.scenes.plan.placing import picture_url, placed_plan
from backend.scenes.selectors import scene_visible


def plan_get(*, user: User, scene_id: int) -> ScenePlan:
    """An unsaved one, of version 0, where the scene has none. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    rows = ScenePlan.objects.select_related("scene", "job")
    return rows.filter(scene=scene).first() or ScenePlan(scene=scene, version=0)


def plan_picture(*, user: User, scene_id: int) -> str:
    """Its storage name. Raises NotFound, also where there is no picture."""
    picture = plan_get(user=user, scene_id=scene_id).picture
    if not picture:
        raise NotFound("plan")
    return picture


def plan_shown(plan: ScenePlan) -> dict[str, Any]:
    """As `PlanSerializer` has it."""
    job, placed = plan.job, placed_plan(plan)
    own = set(plan.scene.cameras.values_list("pk", flat=True)) if plan.cameras else set()
    is_working = bool(plan.source) and job is not None and job.state not in FINISHED
    return {
        "version": plan.version,
        "is_working": is_working,
        "problem": job.problem if plan.source and job is not None and not is_working else "",
        "picture_url": picture_url(plan),
        "width": plan.width,
        "height": plan.height,
        "unit": plan.unit,
        "pairs": plan.pairs,
        "cameras": [each for each in plan.cameras if each["camera"] in own],
        "errors_m": [] if placed is None else placed.fit.errors_m.tolist(),
        "rms_m": None if placed is None else float(np.sqrt((placed.fit.errors_m**2).mean())),
        "metres_per_pixel": None if placed is None else placed.fit.metres_per_pixel,
        "to_ground": None if placed is None else placed.fit.to_ground.ravel().tolist(),
        "to_degrees": None if placed is None or placed.to_degrees is None else placed.to_degrees.ravel().tolist(),
    }
