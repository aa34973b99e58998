"""Pictures on the ground: the web's projection is the library's, and says where cameras stand and what they see."""

from __future__ import annotations

import numpy as np
import pytest

from backend.space.ground import GroundPlane, camera_place, metres_to_degrees, places_under, plane_of, view_on_ground
from ml.datasets.calibration import read_calibration
from ml.datasets.ground import GeoOrigin, geographic
from ml.pipeline.ground import on_ground
from tests.scenes import DEMO

SIZE = (960, 540)
# 10 m above (0, 0), looking north and 45 degrees down; focal length 1000 px, middle of the picture (500, 250).
ROOT = np.sqrt(0.5)
TILTED = np.array(
    [[1000, 500 * ROOT, 5000 * ROOT], [0, (250 - 1000) * ROOT, (2500 + 10000) * ROOT], [0, ROOT, 10 * ROOT]]
)


def tilted(sign: float = 1.0) -> GroundPlane:
    return plane_of(sign * np.linalg.inv(TILTED), lens=None, distortion=None, size=(1000, 500))


@pytest.mark.parametrize("camera", ["c001", "c002", "c003", "c004"])
def test_places_are_those_of_the_library(camera: str) -> None:
    """Of pixels all over the picture; one of the demo's cameras has a bent lens."""
    calibration = read_calibration(DEMO / "S01" / camera / "calibration.txt")
    pixels = np.random.default_rng(1).uniform(0, SIZE, (300, 2))
    plane = plane_of(
        np.linalg.inv(calibration.homography),
        lens=calibration.intrinsic,
        distortion=calibration.distortion,
        size=SIZE,
    )
    ours, theirs = places_under(pixels, plane), on_ground(pixels.astype(np.float32), calibration)
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    near = np.abs(ours).max(axis=1) < 1000
    np.testing.assert_allclose(ours[near], theirs[near], rtol=1e-3, atol=1e-2)


def test_degrees_are_those_of_the_library() -> None:
    (ours,) = np.array([[120.0, -340.0, 1]]) @ metres_to_degrees(48.1, 11.5).T
    (theirs,) = geographic(np.array([[120.0, -340.0]]), GeoOrigin(48.1, 11.5))
    np.testing.assert_allclose(ours[:2], theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_nothing_above_the_horizon_has_a_place(sign: float) -> None:
    """45 degrees above the middle of the picture, 1000 pixels up."""
    (above, below) = places_under(np.array([[500.0, -760.0], [500.0, 250.0]]), tilted(sign))
    assert np.isnan(above).all()
    np.testing.assert_allclose(below, [0, 10], atol=1e-9)


def test_a_camera_stands_where_it_was_put_with_and_without_intrinsics() -> None:
    np.testing.assert_allclose(camera_place(tilted()), [0, 0], atol=1e-6)
    calibration = read_calibration(DEMO / "S01" / "c001" / "calibration.txt")
    assert calibration.extrinsic is not None
    rotation, shift = calibration.extrinsic[:, :3], calibration.extrinsic[:, 3]
    for lens in (calibration.intrinsic, None):
        plane = plane_of(np.linalg.inv(calibration.homography), lens=lens, distortion=None, size=SIZE)
        np.testing.assert_allclose(camera_place(plane), (-rotation.T @ shift)[:2], atol=1e-2)


def test_a_plan_from_above_has_no_camera_place() -> None:
    """A picture whose pixels are metres: it was taken from infinitely far."""
    assert camera_place(plane_of(np.eye(3), lens=None, distortion=None, size=SIZE)) is None


def test_the_view_ends_at_its_reach_and_at_the_picture_s_edges() -> None:
    """The bottom edge is 14 degrees below the axis: 10 m / tan(59) = 6.0 m ahead; its top 14 above: 16.7 m.

    tan 14.04 = 250/1000.
    """
    view = view_on_ground(tilted(), reach_m=100)
    assert [view[:, 1].min(), view[:, 1].max()] == pytest.approx([6.0, 10 / 0.6], abs=1e-6)
    cut = view_on_ground(tilted(), reach_m=12)
    assert np.hypot(*cut.T).max() == pytest.approx(12, abs=1e-3)
    assert view_on_ground(tilted(), reach_m=3).shape == (0, 2)


def test_a_view_of_the_horizon_is_cut_at_its_reach() -> None:
    calibration = read_calibration(DEMO / "S01" / "c001" / "calibration.txt")
    plane = plane_of(np.linalg.inv(calibration.homography), lens=calibration.intrinsic, distortion=None, size=SIZE)
    place = camera_place(plane)
    assert place is not None
    assert np.hypot(*(view_on_ground(plane, reach_m=100) - place).T).max() <= 100 + 1e-3
