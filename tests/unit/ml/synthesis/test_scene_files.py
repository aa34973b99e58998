"""A scene's files: which boxes count, and that they are read back as they were drawn."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("moderngl")

from ml.datasets.scene import read_scene
from ml.synthesis.camera import Camera
from ml.synthesis.crops import CropOptions, orientation
from ml.synthesis.factory import _work_folder
from ml.synthesis.film import COLUMNS
from ml.synthesis.light import light_of
from ml.synthesis.looks import drawn_looks
from ml.synthesis.placing import Standing, seen
from ml.synthesis.scene_files import good_rows, region, write_truth
from ml.synthesis.sensor import SensorLook
from ml.synthesis.traffic.network import Street, network
from ml.synthesis.world import SceneOptions, View, World
from ml.types import Double2D, UserError
from tests.unit.ml.synthesis.library import box_library

CAMERA = Camera((0.0, 0.0, 6.0), (0.0, 20.0, 0.0), 60.0, (192, 108))
STREETS = network({"w": (-50.0, 20.0), "e": (50.0, 20.0)}, [Street("w", "e", 1, 14.0)])


def world() -> World:
    """Two cameras at one place; three vehicles."""
    views = tuple(View(name, CAMERA, SensorLook(), start) for name, start in (("c001", 0.0), ("c002", 1.5)))
    looks = {number: drawn_looks(1, number, "suv-a") for number in (1, 2, 3)}
    options = SceneOptions(seed=1, cameras=2, seconds=1.0)
    return World(options, STREETS, light_of("sun", np.random.default_rng(0)), views, (), (), looks)


def rows(number: int, frames: range, pixels: int = 900) -> Double2D:
    """A vehicle at one place, fully visible."""
    return np.array(
        [[frame, number, 80, 50, 110, 80, pixels, 1.0, 1.0, 0.5, 19.0, 90.0] for frame in frames], np.float64
    )


def test_a_box_counts_if_it_is_large_visible_and_stands_in_the_region() -> None:
    table = rows(1, range(4))
    table[1, COLUMNS.index("pixels")] = 399
    table[2, COLUMNS.index("visibility")] = 0.29
    table[3, COLUMNS.index("bottom")] = 3  # its foot is in the sky
    assert good_rows(table, region(CAMERA)).tolist() == [True, False, False, False]


def test_the_region_ends_where_vehicles_are_too_far() -> None:
    """75 m ahead of a camera 6 m high, far above the ground that is near."""
    roi = region(CAMERA)
    far, near = CAMERA.projected(np.array([[0.0, 80.0, 0.0], [0.0, 60.0, 0.0]]))
    assert not roi[int(far[1]), 96]
    assert roi[int(near[1]) + 1, 96]


def test_ground_truth_has_vehicles_of_two_cameras_and_is_read_back(tmp_path: Path) -> None:
    truths = {
        "c001": np.concatenate([rows(1, range(5)), rows(2, range(5)), rows(3, range(5))]),
        "c002": np.concatenate([rows(1, range(6)), rows(2, range(4))]),  # the second is seen too briefly here
    }
    write_truth(tmp_path, "S01", world(), box_library(), truths)
    first, second = read_scene(tmp_path).cameras
    truth = first.ground_truth()
    assert truth is not None
    assert set(truth.ids.tolist()) == {1}
    assert truth.frames.tolist() == [0, 1, 2, 3, 4]
    assert truth.boxes[0].tolist() == [80, 50, 110, 80]
    assert second.start_s == 1.5
    calibration = second.calibration()
    assert calibration is not None
    assert np.array_equal(calibration.homography, CAMERA.homography)
    with (tmp_path / "vehicles.csv").open() as stream:
        vehicles = {row["id"]: row for row in csv.DictReader(stream)}
    assert vehicles["1"]["cameras"] == "c001 c002"
    assert vehicles["2"]["cameras"] == "c001"
    assert len((tmp_path / "S01" / "c001" / "gt" / "gt_all.txt").read_text().splitlines()) == 15


@pytest.mark.parametrize(("yaw", "expected"), [(-90.0, 0.0), (90.0, 180.0), (0.0, 90.0)])
def test_orientation_is_zero_towards_the_camera_and_grows_to_the_left(yaw: float, expected: float) -> None:
    """North of the camera: facing south is towards it; facing east is a quarter turn to the left of that."""
    standing = Standing(drawn_looks(1, 1, "suv-a"), 0.0, 20.0, float(np.radians(yaw)))
    assert orientation(standing, CAMERA) == pytest.approx(expected, abs=1e-6)


def test_views_are_spread_evenly_over_the_cameras() -> None:
    options = CropOptions(seed=1, identities=10, views=8, cameras=4)
    for identity in range(1, 11):
        assert np.bincount([options.camera_of(identity, view) for view in range(8)]).tolist() == [2, 2, 2, 2]


def test_what_is_behind_the_camera_or_aside_is_not_shown() -> None:
    model, looks = box_library().models["suv-a"], drawn_looks(1, 1, "suv-a")
    places = {(0.0, 20.0): True, (0.0, -20.0): False, (90.0, 20.0): False}
    for (x, y), shown in places.items():
        assert seen(CAMERA, model, Standing(looks, x, y, 0.0).to_world()).shown == shown


def test_a_folder_of_other_options_is_refused_and_the_same_ones_go_on(tmp_path: Path) -> None:
    _work_folder(tmp_path / "set", {"seed": 1})
    _work_folder(tmp_path / "set", {"seed": 1})
    with pytest.raises(UserError, match="other options"):
        _work_folder(tmp_path / "set", {"seed": 2})


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(UserError, match="something already"):
        _work_folder(tmp_path, {"seed": 1})
