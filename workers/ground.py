"""Where a run's tracklets appear and disappear on the ground."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

import numpy as np

from backend.scenes.models import Calibration, Camera, Scene
from backend.tracking.models import Run
from backend.tracking.selectors import own_tracklet_list
from ml.datasets import calibration as files
from ml.datasets.ground import GeoOrigin, in_metres, origin_of
from ml.pipeline.ground import Ends, ends_on_ground
from workers.overlap import as_tracklet


def calibration_of(camera: Camera) -> files.Calibration | None:
    """The camera's stored calibration as the vision library has it."""
    row: Calibration | None = getattr(camera, "calibration", None)
    if row is None:
        return None
    return files.Calibration(
        homography=np.array(row.homography, np.float64).reshape(3, 3),
        direction=cast(files.Direction, row.direction),
        unit=cast(files.Unit, row.unit),
        intrinsic=None if row.intrinsics is None else np.array(row.intrinsics, np.float64).reshape(3, 3),
        distortion=None if row.distortion is None else np.array(row.distortion, np.float64),
        reprojection_error=row.reprojection_error,
    )


def calibration_in_metres(camera: Camera, origin: GeoOrigin | None) -> files.Calibration | None:
    """The camera's calibration, one in degrees turned into metres about the scene's `origin` where there is one."""
    calibration = calibration_of(camera)
    if calibration is None or origin is None:
        return calibration
    return in_metres(calibration, origin)


def ground_origin(scene: Scene) -> GeoOrigin | None:
    """Where the scene's ground has x = y = 0; of a scene that has none yet, as its calibrations in degrees suggest."""
    if scene.origin_latitude is not None and scene.origin_longitude is not None:
        return GeoOrigin(scene.origin_latitude, scene.origin_longitude)
    cameras = scene.cameras.filter(calibration__isnull=False).select_related("calibration")
    stored = [calibration_of(camera) for camera in cameras]
    return origin_of([calibration for calibration in stored if calibration is not None])


def ends_of(run: Run) -> dict[int, Ends]:
    """Entry and exit on the ground by tracklet id, unknown without calibration; boxes are read camera by camera."""
    ends: dict[int, Ends] = defaultdict(Ends)
    origin = ground_origin(run.scene)
    for camera in run.scene.cameras.filter(calibration__isnull=False).select_related("calibration"):
        calibration = calibration_in_metres(camera, origin)
        for row in own_tracklet_list(run=run).filter(camera=camera).iterator():
            ends[row.pk] = ends_on_ground(as_tracklet(row), row.start_s, row.end_s, calibration)
    return ends
