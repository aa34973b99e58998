"""Writes about scenes: what people decide, and what an import registers."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role, require_site_role, scene_role
from backend.config.problems import BadInput, Conflict, NotFound
from backend.scenes.models import (
    Calibration,
    CalibrationDirection,
    Camera,
    CameraLink,
    GroundUnit,
    LinkOrigin,
    Scene,
    SceneMembership,
    ScenePlan,
)

LONGEST_SLUG = 80
CAMERA_NAME = re.compile(r"\w[\w .()-]{0,39}")
EDITABLE = ("name", "description", "time_zone", "starts_at")


class StaleVersion(Conflict):
    """Somebody changed the scene, camera or plan first; `changed` is what it is now."""

    def __init__(self, changed: Scene | Camera | ScenePlan, *, based_on: int) -> None:
        what = changed._meta.verbose_name
        detail = f"Somebody changed this {what}: it is at version {changed.version}, yours is based on {based_on}."
        super().__init__("stale-version", f"{detail} Load it again and repeat what is still right.")
        self.changed = changed
        self.based_on = based_on


@transaction.atomic
def scene_create(
    *,
    actor: User | None,
    name: str,
    slug: str = "",
    description: str = "",
    time_zone: str = "UTC",
    starts_at: datetime | None = None,
) -> Scene:
    """A scene whose manager is `actor`; None is a command on the server.

    Raises Refused below manager, BadInput for a taken slug or an unknown time zone.
    """
    if actor is not None:
        require_site_role(actor, Role.MANAGER)
    _require_time_zone(time_zone)
    if slug and Scene.objects.filter(slug=slug).exists():
        raise BadInput("slug", f"There is already a scene “{slug}”.")
    scene = Scene.objects.create(
        name=name,
        slug=slug or _free_slug(name),
        description=description,
        time_zone=time_zone,
        starts_at=starts_at,
        created_by=actor,
    )
    if actor is not None:
        SceneMembership.objects.create(scene=scene, user=actor, role=Role.MANAGER)
    return scene


@transaction.atomic
def scene_update(*, actor: User, scene_id: int, based_on: int, changes: Mapping[str, Any]) -> Scene:
    """Change some of EDITABLE if the scene is still at version `based_on`.

    Raises NotFound, Refused below manager, StaleVersion, BadInput.
    """
    scene = Scene.objects.select_for_update().filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("scene")
    require_scene_role(actor, scene, Role.MANAGER)
    if scene.version != based_on:
        raise StaleVersion(scene, based_on=based_on)
    if "time_zone" in changes:
        _require_time_zone(changes["time_zone"])
    for field in EDITABLE:
        if field in changes:
            setattr(scene, field, changes[field])
    scene.version += 1
    scene.save()
    return scene


@transaction.atomic
def camera_create(*, scene: Scene, name: str, position: int | None = None, roi: str = "") -> Camera:
    """The scene's camera of this name, made if it is new.

    Without `position` a new one stands where its name comes among the others', so that files that arrive in any order
    make the same road; at its end where those do not stand in the order of their names. `roi` is a storage name. Of a
    camera that is there already only what is given changes.
    """
    given = {} if position is None else {"position": position}
    changes: dict[str, Any] = {**given, **({"roi": roi} if roi else {})}
    is_new = not scene.cameras.filter(name=name).exists()
    made = {**changes, "position": _place_by_name(scene, name) if is_new and position is None else position or 0}
    camera, _ = Camera.objects.update_or_create(scene=scene, name=name, defaults=changes, create_defaults=made)
    return camera


def _place_by_name(scene: Scene, name: str) -> int:
    """A free position for the name; the cameras behind it move one further."""
    cameras = list(scene.cameras.select_for_update().order_by("position", "name"))
    names = [_in_order(camera.name) for camera in cameras]
    place = bisect(names, _in_order(name)) if names == sorted(names) else len(names)
    if place == len(cameras):
        return cameras[-1].position + 1 if cameras else 0
    position = cameras[place].position
    scene.cameras.filter(pk__in=[camera.pk for camera in cameras[place:]]).update(position=F("position") + 1)
    return position


def _in_order(name: str) -> list[str | int]:
    """Numbers in names count as numbers: gate 2 comes before gate 10."""
    return [int(part) if part.isdecimal() else part.casefold() for part in re.split(r"(\d+)", name)]


@transaction.atomic
def camera_add(*, actor: User, scene: Scene, name: str, position: int | None = None) -> Camera:
    """A new camera, placed as by `camera_create`.

    Raises Refused below manager, BadInput for a name that cannot be one or is taken.
    """
    require_scene_role(actor, scene, Role.MANAGER)
    camera_name_check(name)
    if scene.cameras.filter(name=name).exists():
        raise BadInput("name", f"This scene has a camera {name} already.")
    return camera_create(scene=scene, name=name, position=position)


def camera_name_check(name: str, field: str = "name") -> None:
    """Names become folders of exports. Raises BadInput."""
    if not CAMERA_NAME.fullmatch(name):
        raise BadInput(field, "A camera's name has 1 to 40 letters, digits, spaces or any of . _ - ( ).")


@transaction.atomic
def calibration_set(
    *,
    camera: Camera,
    homography: Sequence[float],
    direction: CalibrationDirection,
    unit: GroundUnit,
    intrinsics: Sequence[float] | None = None,
    distortion: Sequence[float] | None = None,
    reprojection_error: float | None = None,
    points: Sequence[Mapping[str, Any]] | None = None,
) -> Calibration:
    """The camera's calibration, in place of any other. Matrices are 9 numbers, row by row.

    points  the pairs {"pixel": [u, v], "place": [a, b]} that it was made from, if a person clicked them
    """
    for field, matrix in (("homography", homography), ("intrinsics", intrinsics)):
        if matrix is not None and len(matrix) != 9:
            raise BadInput(field, f"A 3 x 3 matrix has 9 numbers; this has {len(matrix)}.")
    values = {
        "homography": list(homography),
        "direction": direction,
        "unit": unit,
        "intrinsics": None if intrinsics is None else list(intrinsics),
        "distortion": None if distortion is None else list(distortion),
        "reprojection_error": reprojection_error,
        "points": None if points is None else list(points),
    }
    calibration, _ = Calibration.objects.update_or_create(camera=camera, defaults=values)
    return calibration


@transaction.atomic
def camera_setup_changed(*, camera: Camera) -> None:
    """What is set up of the camera is another: pages that show the one before are stale from now on."""
    camera.version += 1
    camera.save(update_fields=["version"])


@transaction.atomic
def scene_origin_set(*, scene: Scene, latitude: float, longitude: float) -> Scene:
    """Where on the globe the ground's x = y = 0 is; calibrations in degrees are turned into metres about it."""
    for field, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not abs(value) <= most:
            raise BadInput(field, f"A {field} is from -{most} to {most} degrees; this is {value}.")
    scene.origin_latitude, scene.origin_longitude = latitude, longitude
    scene.save(update_fields=["origin_latitude", "origin_longitude"])
    return scene


@transaction.atomic
def link_set(
    *, source: Camera, target: Camera, min_s: float, max_s: float, origin: LinkOrigin = LinkOrigin.MANUAL
) -> CameraLink:
    """The transit window between two cameras of one scene, in place of any other."""
    link_check(source=source, target=target, min_s=min_s, max_s=max_s)
    values = {"scene": source.scene, "min_s": min_s, "max_s": max_s, "origin": origin}
    link, _ = CameraLink.objects.update_or_create(source=source, target=target, defaults=values)
    return link


def link_check(*, source: Camera, target: Camera, min_s: float, max_s: float) -> None:
    """Raises BadInput for what is no link."""
    if source.scene_id != target.scene_id:
        raise BadInput("target", "Both cameras of a link belong to one scene.")
    if source.pk == target.pk:
        raise BadInput("target", "A link joins two different cameras.")
    if max_s < min_s:
        raise BadInput("max_s", "The longest transit time is not below the shortest.")


@transaction.atomic
def member_set(*, actor: User | None, scene: Scene, username: str, role: Role) -> tuple[SceneMembership, bool]:
    """Give somebody a role in the scene; returns the membership and whether it is new.

    `actor` None is a command on the server. Raises NotFound, Refused below manager, BadInput, Conflict if that left the
    scene without a manager.
    """
    if actor is not None:
        require_scene_role(actor, scene, Role.MANAGER)
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise BadInput("username", f"There is no user named {username}.")
    if actor is not None and role is not Role.MANAGER:
        _require_another_manager(actor, scene, user.pk)
    return SceneMembership.objects.update_or_create(scene=scene, user=user, defaults={"role": role})


@transaction.atomic
def member_remove(*, actor: User, scene: Scene, user_id: int) -> None:
    """Raises NotFound, Refused below manager, Conflict if that left the scene without a manager."""
    require_scene_role(actor, scene, Role.MANAGER)
    _require_another_manager(actor, scene, user_id)
    membership = scene.memberships.filter(user=user_id).first()
    if membership is None:
        raise NotFound("member")
    membership.delete()


def _require_another_manager(actor: User, scene: Scene, user_id: int) -> None:
    """Raises Conflict if this person is the scene's only manager. Admins may do without one."""
    managers = scene.memberships.select_for_update().filter(role=Role.MANAGER).order_by("pk")
    if [each.user_id for each in managers] == [user_id] and scene_role(actor, scene) is not Role.ADMIN:
        raise Conflict("last-manager", "This is the scene's last manager; make somebody else manager first.")


def _require_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise BadInput("time_zone", f"There is no time zone “{name}”; an example is Europe/Berlin.")


def _free_slug(name: str) -> str:
    taken = set(Scene.objects.values_list("slug", flat=True))
    return next(slug for slug in _slugs(name) if slug not in taken)


def _slugs(name: str) -> Iterator[str]:
    base = slugify(name)[: LONGEST_SLUG - 6] or "scene"
    yield base
    yield from (f"{base}-{number}" for number in count(2))
