"""Where a run's tracklets are on the ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.scenes.models import CalibrationDirection, GroundUnit
from backend.scenes.services import calibration_set, scene_origin_set
from ml.datasets.ground import GeoOrigin
from ml.pipeline.ground import Ends, on_ground
from tests.geodesy import in_degrees
from tests.world import build_world
from workers.ground import calibration_of, ends_of, ground_origin


@pytest.mark.django_db
def test_tracklets_of_calibrated_cameras_have_places_and_the_others_none(tmp_path: Path) -> None:
    """In c001, calibrated, vehicle 1's first box has its foot's middle at (120, 70)."""
    world = build_world(tmp_path)
    world.cameras[1].refresh_from_db()

    ends = ends_of(world.run)

    calibration = calibration_of(world.cameras[0])
    assert calibration is not None
    (place,) = on_ground(np.array([[120.0, 70.0]], np.float32), calibration)
    entry = ends[world.tracklets[0].pk].entry
    assert entry is not None
    np.testing.assert_allclose(entry[:2], place)
    assert calibration_of(world.cameras[1]) is None
    assert ends[world.tracklets[2].pk] == Ends(None, None)


@pytest.mark.django_db
def test_a_camera_in_degrees_has_the_same_places_in_metres(tmp_path: Path) -> None:
    world = build_world(tmp_path)
    camera = world.cameras[0]
    own = calibration_of(camera)
    assert own is not None
    in_metres = ends_of(world.run)[world.tracklets[0].pk]
    calibration_set(
        camera=camera,
        homography=in_degrees(own).homography.ravel().tolist(),
        direction=CalibrationDirection.GROUND_TO_IMAGE,
        unit=GroundUnit.DEGREES,
    )
    scene_origin_set(scene=world.scene, latitude=42.5256, longitude=-90.7234)
    world.run.refresh_from_db()

    again = ends_of(world.run)[world.tracklets[0].pk]

    assert ground_origin(world.scene) == GeoOrigin(42.5256, -90.7234)
    assert in_metres.entry is not None
    assert again.entry is not None
    np.testing.assert_allclose(again.entry, in_metres.entry, atol=1e-3)
