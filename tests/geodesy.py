"""Calibrations of cameras in metres, as files that count the ground in degrees would have them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ml.datasets.calibration import Calibration, Direction
from ml.datasets.ground import GeoOrigin
from ml.types import Double2D

DUBUQUE = GeoOrigin(42.5256, -90.7234)
METRES_A_DEGREE = (111_083.47, 82_165.44)  # of latitude and longitude there, by the usual series of cosines


def in_degrees(calibration: Calibration, direction: Direction = "ground-to-image") -> Calibration:
    """The same camera as if the scene lay about `DUBUQUE`, in degrees."""
    north, east = METRES_A_DEGREE
    to_metres = np.array(
        [[0, east, -DUBUQUE.longitude * east], [north, 0, -DUBUQUE.latitude * north], [0, 0, 1]], np.float64
    )
    homography: Double2D = calibration.homography @ to_metres
    if direction == "image-to-ground":
        homography = np.linalg.inv(homography).astype(np.float64)
    return replace(calibration, homography=homography, direction=direction, unit="degrees")


def unstated(calibration: Calibration) -> Calibration:
    return replace(calibration, direction="unstated", unit="unstated")
