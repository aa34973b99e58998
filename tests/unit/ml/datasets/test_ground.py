"""Ground in degrees becomes local metres; what lies above the horizon is nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.datasets.calibration import Calibration, Direction, read_calibration, write_calibration
from ml.datasets.ground import geographic, ground_under, in_metres, origin_of, recognised, scene_ground
from ml.datasets.scene import read_scene
from tests.geodesy import DUBUQUE, METRES_A_DEGREE, in_degrees, unstated

DEMO = Path("fixtures/demo/S01")
# A camera 10 m above (0, 0), looking north and 45 degrees down: f = 1000 px, middle (500, 250).
# Pixel = K [x, (y - 10)/... ] worked out: w = (y + 10)/sqrt 2, v = 250 + 1000 (10 - y)/sqrt 2 / w, u = 500 + 1000 x/w.
ROOT = np.sqrt(0.5)
TILTED = Calibration(
    np.array([[1000, 500 * ROOT, 5000 * ROOT], [0, (250 - 1000) * ROOT, (2500 + 10000) * ROOT], [0, ROOT, 10 * ROOT]]),
    "ground-to-image",
    "metres",
)


def demo_calibrations() -> list[Calibration]:
    return [read_calibration(path) for path in sorted(DEMO.glob("c*/calibration.txt"))]


def test_a_place_under_a_pixel_by_hand() -> None:
    """The middle of the picture looks 45 degrees down from 10 m: 10 m ahead."""
    places = ground_under(np.array([[500.0, 250.0], [600.0, 250.0]]), TILTED)
    np.testing.assert_allclose(places, [[0, 10], [100 * 20 * ROOT / 1000, 10]], atol=1e-9)


@given(u=st.floats(0, 1000), v=st.floats(-2000, -750), sign=st.sampled_from([-1.0, 1.0]))
def test_nothing_above_the_horizon_is_on_the_ground(u: float, v: float, sign: float) -> None:
    """Its horizon is 45 degrees above the middle: 1000 pixels up, at -750. The sign of a homography means nothing."""
    camera = replace(TILTED, homography=sign * TILTED.homography)
    assert np.isnan(ground_under(np.array([[u, v]]), camera)).all()
    assert np.isfinite(ground_under(np.array([[u, -700.0]]), camera)).all()


@pytest.mark.parametrize("direction", ["ground-to-image", "image-to-ground"])
def test_degrees_become_metres_to_the_millimetre(direction: Direction) -> None:
    pixels = np.array([[100.0, 500], [480, 300], [900, 530]])
    for calibration in demo_calibrations():
        turned = in_metres(in_degrees(calibration, direction), DUBUQUE)
        assert turned.unit == "metres"
        was, now = ground_under(pixels, calibration), ground_under(pixels, turned)
        near = np.abs(was).max(axis=1) < 500
        np.testing.assert_allclose(now[near], was[near], atol=1e-3)


def test_metres_north_and_east_are_degrees_as_tables_have_them() -> None:
    """At 42.5256 N a degree is 111,083 m north and 82,165 m east."""
    (place,) = geographic(np.array([[METRES_A_DEGREE[1] / 1000, METRES_A_DEGREE[0] / 1000]]), DUBUQUE)
    np.testing.assert_allclose(place, [DUBUQUE.latitude + 1e-3, DUBUQUE.longitude + 1e-3], atol=1e-8)


@pytest.mark.parametrize("direction", ["ground-to-image", "image-to-ground"])
def test_degrees_are_recognised_where_the_file_says_nothing(direction: Direction) -> None:
    for calibration in demo_calibrations():
        found = recognised(unstated(in_degrees(calibration, direction)))
        assert (found.unit, found.direction) == ("degrees", direction)


def test_metres_and_what_makes_no_sense_are_not_guessed() -> None:
    bare = [unstated(calibration) for calibration in (*demo_calibrations(), Calibration(np.eye(3)))]
    assert [recognised(calibration).unit for calibration in bare] == ["unstated"] * len(bare)


def test_a_stated_direction_is_kept_where_only_the_unit_is_recognised() -> None:
    stated = replace(in_degrees(demo_calibrations()[0]), unit="unstated")
    assert recognised(stated).unit == "degrees"
    wrong = replace(stated, direction="image-to-ground")
    assert recognised(wrong) is wrong


def test_a_scene_in_degrees_lies_on_one_ground_in_metres(tmp_path: Path) -> None:
    """As from CityFlow: bare homographies. Ways between places keep their lengths, whatever the origin."""
    originals = demo_calibrations()
    for number, calibration in enumerate(originals):
        camera = tmp_path / "S01" / f"c00{number + 1}"
        camera.mkdir(parents=True)
        (camera / "vdo.mp4").touch()
        bare = replace(unstated(in_degrees(calibration)), intrinsic=None, distortion=None, extrinsic=None)
        write_calibration(camera / "calibration.txt", bare)

    ground = scene_ground(read_scene(tmp_path))

    assert ground.origin == origin_of([in_degrees(calibration) for calibration in originals])
    assert [note.split(":")[0] for note in ground.notes] == [f"calibration of c00{n}" for n in (1, 2, 3, 4)]
    foot = np.array([[480.0, 500.0]])
    was = np.concatenate([ground_under(foot, calibration) for calibration in originals])
    now = np.concatenate([ground_under(foot, calibration) for calibration in ground.calibrations.values()])
    np.testing.assert_allclose(now - now[0], was - was[0], atol=0.02)


def test_a_scene_in_metres_has_no_origin() -> None:
    ground = scene_ground(read_scene(DEMO.parent))
    assert (ground.origin, ground.notes) == (None, [])
    assert {calibration.unit for calibration in ground.calibrations.values()} == {"metres"}


def test_a_ground_that_is_not_on_the_globe_gives_no_origin() -> None:
    assert origin_of([Calibration(np.eye(3), "image-to-ground", "degrees")]) is None
