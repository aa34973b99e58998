"""Where a run's tracklets are on the ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.pipeline.ground import Ends, on_ground
from tests.world import build_world
from workers.ground import calibration_of, ends_of


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
