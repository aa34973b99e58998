"""Where a scene's cameras stand, what ground they see, and in which order they follow the road."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backend.accounts.models import User
from backend.media.models import Video, VideoState
from backend.scenes.models import Calibration, CalibrationDirection, Camera, CameraLink, GroundUnit, Scene, ScenePlan
from backend.scenes.plan.placing import Placed, camera_places, picture_url, placed_plan
from backend.scenes.selectors import scene_visible
from backend.space.ground import (
    Doubles,
    GroundPlane,
    camera_place,
    inverse,
    metres_to_degrees,
    plane_of,
    view_on_ground,
)

REACH_M = 100.0  # how far from a camera its view is drawn
WORST_CONDITION = 1e15  # one from degrees has 1e10; beyond this a homography maps to a line


def scene_layout(*, user: User, scene_id: int) -> dict[str, Any]:
    """{origin, plan, cameras: [{camera, place, view, is_calibrated}], order, order_basis}, metres. Raises NotFound.

    Where a camera stands is what its calibration says; one without stands where people put it on the plan.
    """
    scene = scene_visible(user=user, scene_id=scene_id)
    cameras = list(scene.cameras.order_by("position", "name"))
    planes = ground_planes(scene=scene)
    plan = ScenePlan.objects.select_related("scene").filter(scene=scene).exclude(picture="").first()
    placed = placed_plan(plan) if plan else None
    places = camera_places(plan, placed) if plan and placed else {}
    places |= {camera: place for camera, plane in planes.items() if (place := camera_place(plane)) is not None}
    order, basis = road_order([camera.pk for camera in cameras], places, list(scene.links.all()))
    shown = [camera for camera in cameras if camera.pk in planes or camera.pk in places]
    return {
        "origin": _origin(scene),
        "plan": _plan(plan, placed) if plan and placed else None,
        "cameras": [_seen(camera, planes.get(camera.pk), places) for camera in shown],
        "order": order,
        "order_basis": basis,
    }


def _plan(plan: ScenePlan, placed: Placed) -> dict[str, Any]:
    size = {"width": plan.width, "height": plan.height}
    return {"picture_url": picture_url(plan), **size, "to_ground": placed.fit.to_ground.ravel().tolist()}


def ground_planes(*, scene: Scene) -> dict[int, GroundPlane]:
    """camera id -> its picture on the scene's ground, of calibrated cameras with a video that was read."""
    videos = Video.objects.filter(camera__scene=scene, state=VideoState.READY).order_by("-start_s", "-id")
    sizes = {
        camera: (width, height)
        for camera, width, height in videos.values_list("camera", "width", "height")
        if width is not None and height is not None
    }
    rows = Calibration.objects.filter(camera__scene=scene, camera__in=sizes)
    planes = {row.camera_id: calibrated_plane(row, scene, sizes[row.camera_id]) for row in rows}
    return {camera: plane for camera, plane in planes.items() if plane is not None}


def road_order(
    cameras: Sequence[int], places: Mapping[int, Doubles], links: Sequence[CameraLink]
) -> tuple[list[int], str]:
    """Cameras (in their listed order) along the road, and by what: "places", "links" or "listed".

    Places: along the direction in which they are spread most, the way round that agrees with the listed order. Links:
    from an end of the chain, always on to the nearest in seconds that is not there yet.
    """
    if len(cameras) > 2 and set(cameras) <= set(places):
        return _along_the_road(cameras, places), "places"
    if links:
        return _along_links(cameras, links), "links"
    return list(cameras), "listed"


def _along_the_road(cameras: Sequence[int], places: Mapping[int, Doubles]) -> list[int]:
    points = np.array([places[camera] for camera in cameras])
    centred = points - points.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    if along @ np.arange(len(cameras)) < along.mean() * np.arange(len(cameras)).sum():
        along = -along
    return [cameras[index] for index in np.argsort(along, kind="stable")]


def _along_links(cameras: Sequence[int], links: Sequence[CameraLink]) -> list[int]:
    near: dict[int, dict[int, float]] = {camera: {} for camera in cameras}
    for link in links:
        seconds = max(link.min_s, 0) + max(link.max_s, 0)
        for one, other in ((link.source_id, link.target_id), (link.target_id, link.source_id)):
            near[one][other] = min(seconds, near[one].get(other, np.inf))
    left = list(cameras)
    order: list[int] = []
    while left:
        here = order[-1] if order else None
        reachable = [camera for camera in left if here is not None and camera in near[here]]
        if here is not None and reachable:
            following = min(reachable, key=lambda camera: near[here][camera])
        else:
            following = min(left, key=lambda camera: len(near[camera]))
        order.append(following)
        left.remove(following)
    return order


def calibrated_plane(row: Calibration, scene: Scene, size: tuple[int, int]) -> GroundPlane | None:
    """The camera's picture on the scene's ground; None where its homography or the scene's origin says nothing."""
    homography: Doubles = np.array(row.homography, np.float64).reshape(3, 3)
    if not np.linalg.cond(homography) < WORST_CONDITION:
        return None
    to_ground = inverse(homography) if row.direction == CalibrationDirection.GROUND_TO_IMAGE else homography
    if row.unit == GroundUnit.DEGREES:
        if scene.origin_latitude is None or scene.origin_longitude is None:
            return None
        to_ground = inverse(metres_to_degrees(scene.origin_latitude, scene.origin_longitude)) @ to_ground
    return plane_of(
        to_ground,
        lens=None if row.intrinsics is None else np.array(row.intrinsics, np.float64).reshape(3, 3),
        distortion=None if row.distortion is None else np.array(row.distortion, np.float64),
        size=size,
    )


def _origin(scene: Scene) -> dict[str, float] | None:
    if scene.origin_latitude is None or scene.origin_longitude is None:
        return None
    return {"latitude": scene.origin_latitude, "longitude": scene.origin_longitude}


def _seen(camera: Camera, plane: GroundPlane | None, places: Mapping[int, Doubles]) -> dict[str, Any]:
    place = places.get(camera.pk)
    return {
        "camera": camera.pk,
        "place": None if place is None else place.round(2).tolist(),
        "view": [] if plane is None else view_on_ground(plane, reach_m=REACH_M).round(2).tolist(),
        "is_calibrated": plane is not None,
    }
