"""How a stored plan lies on its scene's ground, in metres and, where the scene has a place on the globe, in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.config.problems import BadInput
from backend.scenes.models import GroundUnit, Scene, ScenePlan
from backend.scenes.setup.fitting import WIDEST_M, Pair
from backend.space.ground import Doubles, inverse, metres_to_degrees
from backend.space.homography import mapped
from backend.space.plan import FEWEST, PlanFit, Unplaceable, on_ground, plan_fit


@dataclass(frozen=True)
class Placed:
    """to_degrees  [2, 3] (u, v, 1) pixels -> (latitude, longitude); None where the scene has no origin"""

    fit: PlanFit
    to_degrees: Doubles | None


def placed_plan(plan: ScenePlan) -> Placed | None:
    """None for a plan that nobody has placed, or whose scene has lost its origin."""
    if len(plan.pairs) < FEWEST:
        return None
    try:
        fit = fitted(plan.scene, GroundUnit(plan.unit), plan.pairs)
    except BadInput:
        return None
    origin = origin_of(plan.scene)
    if origin is None:
        return Placed(fit, None)
    whole = np.vstack((fit.to_ground, [0, 0, 1]))
    return Placed(fit, (metres_to_degrees(*origin) @ whole)[:2])


def fitted(scene: Scene, unit: GroundUnit, pairs: Sequence[Pair]) -> PlanFit:
    """Raises BadInput where these pairs do not place a plan in the scene."""
    pixels = np.array([pair["pixel"] for pair in pairs], np.float64).reshape(-1, 2)
    stated = np.array([pair["place"] for pair in pairs], np.float64).reshape(-1, 2)
    if unit == GroundUnit.DEGREES and len(stated):
        origin = origin_of(scene)
        if origin is None:
            raise BadInput("pairs", "The scene has no place on the globe, which places in degrees need.")
        stated = mapped(inverse(metres_to_degrees(*origin)), stated)
    if np.abs(stated).max(initial=0) > WIDEST_M:
        raise BadInput("pairs", f"These places are more than {WIDEST_M / 1000:.0f} km from the scene's origin.")
    try:
        return plan_fit(pixels, stated)
    except Unplaceable as problem:
        raise BadInput("pairs", str(problem), code="not-placed") from None


def origin_of(scene: Scene) -> tuple[float, float] | None:
    """Latitude and longitude of x = y = 0."""
    if scene.origin_latitude is None or scene.origin_longitude is None:
        return None
    return scene.origin_latitude, scene.origin_longitude


def camera_places(plan: ScenePlan, placed: Placed) -> dict[int, Doubles]:
    """camera id -> [2] metres, of the cameras that people put on the plan."""
    if not plan.cameras:
        return {}
    pixels = np.array([each["pixel"] for each in plan.cameras], np.float64)
    places = on_ground(placed.fit.to_ground, pixels)
    return {each["camera"]: place for each, place in zip(plan.cameras, places, strict=True)}


def picture_url(plan: ScenePlan) -> str | None:
    """Another picture has another address, so that browsers may keep it."""
    return f"/api/v1/scenes/{plan.scene_id}/plan/picture?version={plan.picture[-36:-4]}" if plan.picture else None
