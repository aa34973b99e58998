"""What a camera's set-up page shows."""

from __future__ import annotations

from typing import Any

from backend.accounts.models import User
from backend.config.problems import Conflict
from backend.media.models import Video, VideoState
from backend.scenes.models import Calibration, Camera
from backend.scenes.selectors import camera_get
from backend.scenes.setup.fitting import lens_of
from backend.space.ground import inverse
from backend.space.layout import calibrated_plane


def camera_setup(*, user: User, camera_id: int) -> dict[str, Any]:
    """The camera's picture, region and calibration as `CameraSetupSerializer` has them. Raises NotFound."""
    camera = camera_get(user=user, camera_id=camera_id)
    size = picture_size(camera)
    intrinsics, distortion = lens_of(camera)
    return {
        "camera": camera.pk,
        "name": camera.name,
        "version": camera.version,
        "size": None if size is None else {"width": size[0], "height": size[1]},
        "polygons": camera.roi_polygons,
        "roi_url": f"/api/v1/cameras/{camera.pk}/roi" if camera.roi else None,
        "lens": None if intrinsics is None else {
            "intrinsics": intrinsics.ravel().tolist(),
            "distortion": [] if distortion is None else distortion.tolist(),
        },
        "calibration": _calibration(camera, size),
    }  # fmt: skip


def picture_size(camera: Camera) -> tuple[int, int] | None:
    """Width and height of the camera's pictures; None before a video was read."""
    ready = Video.objects.filter(camera=camera, state=VideoState.READY).order_by("start_s", "pk")
    width, height = ready.values_list("width", "height").first() or (None, None)
    return None if width is None or height is None else (width, height)


def require_picture_size(camera: Camera) -> tuple[int, int]:
    """Raises Conflict before a video was read."""
    size = picture_size(camera)
    if size is None:
        raise Conflict("no-picture", f"Camera {camera.name} has no video that was read yet: send one first.")
    return size


def _calibration(camera: Camera, size: tuple[int, int] | None) -> dict[str, Any] | None:
    row: Calibration | None = getattr(camera, "calibration", None)
    if row is None:
        return None
    plane = None if size is None else calibrated_plane(row, camera.scene, size)
    return {
        "unit": row.unit,
        "direction": row.direction,
        "reprojection_error": row.reprojection_error,
        "pairs": row.points,
        "metres_to_image": None if plane is None else inverse(plane.to_ground).ravel().tolist(),
    }
