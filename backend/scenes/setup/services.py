"""What managers set up: a camera's region of interest and calibration, the scene's links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, NotFound
from backend.media.services import roi_save
from backend.media.storage import delete_file
from backend.scenes.models import Calibration, CalibrationDirection, Camera, CameraLink, GroundUnit, LinkOrigin, Scene
from backend.scenes.services import StaleVersion, calibration_set, link_check, scene_origin_set
from backend.scenes.setup.fitting import Calibrated, Pair, calibrated
from backend.scenes.setup.polygons import Unusable, mask_of, png_of, require_region
from backend.scenes.setup.selectors import require_picture_size


class Link(TypedDict):
    """Camera ids and a window in seconds."""

    source: int
    target: int
    min_s: float
    max_s: float
    origin: LinkOrigin


@transaction.atomic
def region_set(*, actor: User, camera_id: int, based_on: int, polygons: Sequence[Sequence[Sequence[float]]]) -> Camera:
    """The camera's region of interest: where vehicles are followed and scored. None at all: everywhere.

    polygons  of corners [x, y] in pixels; what lies in any of them counts

    Raises NotFound, Refused below manager, StaleVersion, BadInput that names the polygon and what is wrong with it,
    Conflict before a video was read.
    """
    camera = _claimed(actor, camera_id, based_on)
    size = require_picture_size(camera)
    drawn = [np.array(polygon, np.float64).reshape(-1, 2) for polygon in polygons]
    for number, polygon in enumerate(drawn, start=1):
        try:
            require_region(polygon, size)
        except Unusable as problem:
            raise BadInput("polygons", f"Region {number} {problem}.") from None
    before = camera.roi
    camera.roi = roi_save(camera=camera, picture=png_of(mask_of(drawn, size)), suffix=".png") if drawn else ""
    camera.roi_polygons = [polygon.tolist() for polygon in drawn] or None
    _changed(camera)
    if before:
        transaction.on_commit(lambda: delete_file(before))
    return camera


@transaction.atomic
def calibration_by_points(
    *, actor: User, camera_id: int, based_on: int, unit: GroundUnit, pairs: Sequence[Pair]
) -> Camera:
    """The camera's calibration is what these pairs say, ground to image; the lens that it had is kept.

    The first pairs in degrees of a scene that knows no place on the globe give it its origin.
    Raises NotFound, Refused below manager, StaleVersion, BadInput, Conflict before a video was read.
    """
    if unit == GroundUnit.DEGREES:
        origin_locked(Scene.objects.filter(cameras=camera_id))
    camera = _claimed(actor, camera_id, based_on)
    found = pairs_fit(camera=camera, unit=unit, pairs=pairs)
    known: Calibration | None = getattr(camera, "calibration", None)
    calibration_set(
        camera=camera,
        homography=found.homography.ravel().tolist(),
        direction=CalibrationDirection.GROUND_TO_IMAGE,
        unit=unit,
        intrinsics=None if known is None else known.intrinsics,
        distortion=None if known is None else known.distortion,
        reprojection_error=found.rms_px,
        points=[dict(pair) for pair in pairs],
    )
    if found.origin is not None and camera.scene.origin_latitude is None:
        scene_origin_set(scene=camera.scene, latitude=found.origin[0], longitude=found.origin[1])
    _changed(camera)
    return camera


def calibration_try(*, actor: User, camera: Camera, unit: GroundUnit, pairs: Sequence[Pair]) -> Calibrated:
    """What `calibration_by_points` would keep; nothing is written. Raises as it does, but for StaleVersion."""
    require_scene_role(actor, camera.scene, Role.MANAGER)
    return pairs_fit(camera=camera, unit=unit, pairs=pairs)


def pairs_fit(*, camera: Camera, unit: GroundUnit, pairs: Sequence[Pair]) -> Calibrated:
    """Raises BadInput where the pairs are no calibration of this picture, Conflict before a video was read."""
    width, height = require_picture_size(camera)
    for number, (u, v) in enumerate((pair["pixel"] for pair in pairs), start=1):
        if not (0 <= u <= width and 0 <= v <= height):
            raise BadInput("pairs", f"Point {number} lies outside of the picture of {width} x {height} pixels.")
    return calibrated(camera=camera, unit=unit, pairs=pairs)


@transaction.atomic
def calibration_remove(*, actor: User, camera_id: int, based_on: int) -> Camera:
    """The camera has no calibration any more. Raises NotFound, Refused below manager, StaleVersion."""
    camera = _claimed(actor, camera_id, based_on)
    Calibration.objects.filter(camera=camera).delete()
    _changed(camera)
    return camera


@transaction.atomic
def links_replace(*, actor: User, scene_id: int, based_on: int, links: Sequence[Link]) -> Scene:
    """The scene's links are these; runs compare tracklets along them, and all of them if there are none.

    Raises NotFound, Refused below manager, StaleVersion, BadInput that names the link and what is wrong with it.
    """
    scene = Scene.objects.select_for_update().filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("scene")
    require_scene_role(actor, scene, Role.MANAGER)
    if scene.version != based_on:
        raise StaleVersion(scene, based_on=based_on)
    rows = _checked_links(scene, links)
    CameraLink.objects.filter(scene=scene).delete()
    CameraLink.objects.bulk_create(rows)
    scene.version += 1
    scene.save(update_fields=["version", "updated_at"])
    return scene


def _checked_links(scene: Scene, links: Sequence[Link]) -> list[CameraLink]:
    cameras = {camera.pk: camera for camera in scene.cameras.all()}
    rows: dict[tuple[int, int], CameraLink] = {}
    for number, link in enumerate(links, start=1):
        source, target = cameras.get(link["source"]), cameras.get(link["target"])
        if source is None or target is None:
            raise BadInput("links", f"Link {number}: there is no such camera in this scene.")
        if (source.pk, target.pk) in rows:
            raise BadInput("links", f"Link {number}: there is one from {source.name} to {target.name} already.")
        try:
            link_check(source=source, target=target, min_s=link["min_s"], max_s=link["max_s"])
        except BadInput as problem:
            raise BadInput("links", f"Link {number}: {problem.detail}") from None
        window = {"min_s": link["min_s"], "max_s": link["max_s"], "origin": link["origin"]}
        rows[source.pk, target.pk] = CameraLink(scene=scene, source=source, target=target, **window)
    return list(rows.values())


def origin_locked(scenes: QuerySet[Scene]) -> None:
    """Nobody else gives the scene its origin until this transaction ends. To be called before cameras are locked."""
    scenes.select_for_update(no_key=True).order_by("pk").first()


def _claimed(actor: User, camera_id: int, based_on: int) -> Camera:
    """The camera, locked. Raises NotFound, Refused below manager, StaleVersion."""
    camera = Camera.objects.select_for_update(of=("self",)).select_related("scene").filter(pk=camera_id).first()
    if camera is None:
        raise NotFound("camera")
    require_scene_role(actor, camera.scene, Role.MANAGER)
    if camera.version != based_on:
        raise StaleVersion(camera, based_on=based_on)
    return camera


def _changed(camera: Camera) -> None:
    camera.version += 1
    camera.save(update_fields=["roi", "roi_polygons", "version"])
