"""Where a run's tracklets appear and disappear on the ground."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

import numpy as np

from backend.scenes.models import Calibration, Camera
from backend.tracking.models import Run
from backend.tracking.selectors import tracklet_list
from ml.datasets import calibration as files
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


def ends_of(run: Run) -> dict[int, Ends]:
    """Entry and exit on the ground by tracklet id, unknown without calibration; boxes are read camera by camera."""
    ends: dict[int, Ends] = defaultdict(Ends)
    for camera in run.scene.cameras.filter(calibration__isnull=False).select_related("calibration"):
        calibration = calibration_of(camera)
        for row in tracklet_list(run=run).filter(camera=camera).iterator():
            ends[row.pk] = ends_on_ground(as_tracklet(row), row.start_s, row.end_s, calibration)
    return ends
