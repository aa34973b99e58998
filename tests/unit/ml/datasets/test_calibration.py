"""calibration.txt in both styles; direction and unit only where the file states them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ml.datasets.calibration import Calibration, Direction, Unit, read_calibration, write_calibration
from ml.types import UserError

finite = st.floats(-1e6, 1e6)
matrix = hnp.arrays(np.float64, (3, 3), elements=finite)


def optional(strategy: st.SearchStrategy[np.ndarray]) -> st.SearchStrategy[np.ndarray | None]:
    return st.none() | strategy


@given(
    homography=matrix,
    direction=st.sampled_from(["ground-to-image", "image-to-ground", "unstated"]),
    unit=st.sampled_from(["metres", "degrees", "unstated"]),
    intrinsic=optional(matrix),
    distortion=optional(hnp.arrays(np.float64, 5, elements=finite)),
    extrinsic=optional(hnp.arrays(np.float64, (3, 4), elements=finite)),
    error=st.none() | finite,
)
def test_calibrations_survive_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory,
    homography: np.ndarray,
    direction: Direction,
    unit: Unit,
    intrinsic: np.ndarray | None,
    distortion: np.ndarray | None,
    extrinsic: np.ndarray | None,
    error: float | None,
) -> None:
    scale = np.abs(homography).max()
    assume(scale > 0 and np.linalg.det(homography / scale) != 0)
    path = tmp_path_factory.mktemp("calibration") / "calibration.txt"
    write_calibration(path, Calibration(homography, direction, unit, intrinsic, distortion, extrinsic, error))
    again = read_calibration(path)
    np.testing.assert_array_equal(again.homography, homography)
    assert (again.direction, again.unit, again.reprojection_error) == (direction, unit, error)
    for written, read in ((intrinsic, again.intrinsic), (distortion, again.distortion), (extrinsic, again.extrinsic)):
        assert (written is None) == (read is None)
        if written is not None:
            np.testing.assert_array_equal(read, written)


def test_a_bare_homography_states_neither_direction_nor_unit(tmp_path: Path) -> None:
    path = tmp_path / "calibration.txt"
    path.write_text("1 2 3;0 4 5;0 0 1\n")
    calibration = read_calibration(path)
    assert calibration.homography.tolist() == [[1, 2, 3], [0, 4, 5], [0, 0, 1]]
    assert (calibration.direction, calibration.unit) == ("unstated", "unstated")


def test_labelled_items_are_read(tmp_path: Path) -> None:
    path = tmp_path / "calibration.txt"
    path.write_text(
        "Homography matrix: 1 0 0;0 1 0;0 0 1\n"
        "Intrinsic parameter matrix: 800 0 480;0 800 270;0 0 1\n"
        "Distortion coefficients: -0.12 0.0 0 0 0\n"
        "Reprojection error: 0.5\n"
    )
    calibration = read_calibration(path)
    assert calibration.intrinsic is not None
    assert calibration.intrinsic[0].tolist() == [800, 0, 480]
    assert calibration.distortion is not None
    assert calibration.distortion.tolist() == [-0.12, 0, 0, 0, 0]
    assert calibration.reprojection_error == 0.5


@pytest.mark.parametrize(
    ("sentence", "direction", "unit"),
    [
        (
            "world ground (x, y, 1) in metres -> undistorted pixel (u, v, 1); invert for image -> world",
            "ground-to-image",
            "metres",
        ),
        ("pixel (u, v) -> ground in meters", "image-to-ground", "metres"),
        ("(latitude, longitude, 1) -> image", "ground-to-image", "degrees"),
        ("ask the installer", "unstated", "unstated"),
    ],
)
def test_direction_and_unit_come_from_the_file(tmp_path: Path, sentence: str, direction: str, unit: str) -> None:
    path = tmp_path / "calibration.txt"
    path.write_text(f"Homography matrix: 1 0 0;0 1 0;0 0 1\nHomography direction: {sentence}\n")
    calibration = read_calibration(path)
    assert (calibration.direction, calibration.unit) == (direction, unit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "holds no homography"),
        ("1 2 3;4 5 6\n", "line 1: expected 3 rows of 3 numbers"),
        ("Homography matrix: 1 2 x;4 5 6;7 8 9\n", "line 1: '1 2 x' is not a list of numbers"),
        ("1 2 3;2 4 6;7 8 9\n", "line 1: the homography is singular"),
        ("0 0 0;0 0 0;0 0 0\n", "line 1: the homography is singular"),
        ("1 0 0;0 1 0;0 0 1\nReprojection error: \n", "line 2: expected one number"),
        ("1 0 0;0 1 0;0 0 1\n1 0 0;0 1 0;0 0 1\n", "line 2: a line without a label"),
        ("1 0 inf;0 1 0;0 0 1\n", "line 1: a value is not finite"),
    ],
)
def test_a_malformed_calibration_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "calibration.txt"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        read_calibration(path)
