"""A straight road seen by two or more cameras, for tests: vehicles go east at 10 m/s, 10 s from view to view."""

from __future__ import annotations

import numpy as np

from ml.types import CameraTracklet, Double1D

VIEW_M, ROAD_M, SPEED, HEADWAY_S = 50.0, 100.0, 10.0, 10.0


def road(vehicles: int, cameras: str = "ab", noise: float = 0.2) -> list[CameraTracklet]:
    """Tracklets of all vehicles in the first camera, then of all in the second, and so on; keys by place.

    Looks are random directions in 32 dimensions, a little different in each camera.
    """
    rng = np.random.default_rng(vehicles)
    looks = rng.normal(size=(vehicles, 32))
    return [
        _seen(place * vehicles + vehicle, camera, place, vehicle, looks[vehicle] + noise * rng.normal(size=32))
        for place, camera in enumerate(cameras)
        for vehicle in range(vehicles)
    ]


def _seen(key: int, camera: str, place: int, vehicle: int, direction: Double1D) -> CameraTracklet:
    look = (direction / np.linalg.norm(direction)).astype(np.float32)
    west = place * (VIEW_M + ROAD_M)
    start_s = vehicle * HEADWAY_S + west / SPEED
    entry, leaving = np.array([west, 0, SPEED, 0]), np.array([west + VIEW_M, 0, SPEED, 0])
    return CameraTracklet(key, camera, start_s, start_s + VIEW_M / SPEED, look, look[None], entry, leaving)
