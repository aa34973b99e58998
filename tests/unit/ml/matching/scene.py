"""Tracklets made for tests: looks are directions in the plane."""

from __future__ import annotations

import numpy as np

from ml.types import CameraTracklet


def tracklet(key: int, camera: str, start_s: float, end_s: float, *angles: float) -> CameraTracklet:
    """A tracklet whose views look at `angles` degrees."""
    radians = np.radians(angles or (0.0,))
    views = np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)
    mean = views.mean(axis=0)
    return CameraTracklet(key, camera, start_s, end_s, mean / np.linalg.norm(mean), views)


def chord(degrees: float) -> float:
    """Distance of two unit vectors at that angle."""
    return float(2 * np.sin(np.radians(degrees) / 2))
