import numpy as np
import pytest

from ml.datasets.calibration import Calibration
from ml.pipeline.ground import Ends, ends_on_ground, on_ground
from ml.types import Tracklet

TENTH = np.diag([0.1, 0.1, 1.0])  # ten pixels a metre
PLAN = Calibration(TENTH, direction="image-to-ground", unit="metres")


def moving(frames: list[int], pixels_a_frame: float = 10.0) -> Tracklet:
    """A box of 20 x 10 whose foot goes right along y = 110."""
    middles = 100 + pixels_a_frame * (np.array(frames) - frames[0])
    boxes = np.column_stack((middles - 10, np.full(len(frames), 100), middles + 10, np.full(len(frames), 110)))
    return Tracklet(1, np.array(frames, np.int32), boxes.astype(np.float32), np.ones(len(frames), np.float32))


def test_place_and_velocity_at_both_ends() -> None:
    """10 frames a second, 10 pixels a frame: 10 m/s; from x = 10 m to 30 m in 2 s."""
    ends = ends_on_ground(moving(list(range(5, 26))), 50.0, 52.0, PLAN)

    assert ends.entry is not None
    assert ends.exit is not None
    np.testing.assert_allclose(ends.entry, [10, 11, 10, 0], atol=1e-5)
    np.testing.assert_allclose(ends.exit, [30, 11, 10, 0], atol=1e-5)


def test_gaps_count_with_their_time() -> None:
    ends = ends_on_ground(moving([0, 1, 18, 19, 20]), 0.0, 2.0, PLAN)

    assert ends.entry is not None
    np.testing.assert_allclose(ends.entry, [10, 11, 10, 0], atol=1e-5)


def test_either_direction_of_the_homography_is_used_as_stated() -> None:
    other = Calibration(np.linalg.inv(TENTH), direction="ground-to-image", unit="metres")

    np.testing.assert_allclose(on_ground(np.array([[30.0, 40.0]], np.float32), other), [[3, 4]])


def test_the_lens_is_straightened_first() -> None:
    """k1 = 0.1 moves a point at radius r out by 1 + 0.1 r^2: pixel 110 of focal length 100 comes from about 101."""
    lens = np.array([[100.0, 0, 0], [0, 100, 0], [0, 0, 1]])
    bent = Calibration(np.eye(3), "image-to-ground", "metres", lens, np.array([0.1, 0, 0, 0, 0]))

    (place,) = on_ground(np.array([[110.0, 0.0]], np.float32), bent)

    assert place[0] / 100 * (1 + 0.1 * (place[0] / 100) ** 2) == pytest.approx(1.10, abs=1e-3)


@pytest.mark.parametrize(
    "calibration",
    [None, Calibration(TENTH), Calibration(TENTH, "image-to-ground", "degrees"), Calibration(TENTH, unit="metres")],
)
def test_what_is_not_stated_is_not_guessed(calibration: Calibration | None) -> None:
    assert ends_on_ground(moving([0, 1, 2]), 0.0, 0.2, calibration) == Ends(None, None)


def test_a_single_box_has_no_velocity() -> None:
    assert ends_on_ground(moving([7]), 3.0, 3.0, PLAN) == Ends(None, None)


def test_an_end_above_the_horizon_is_unknown_and_not_mirrored_onto_the_ground() -> None:
    """The horizon is pixel row 105: of feet at 100, 110, 120 and 130 only the last three stand on the ground."""
    to_ground = np.array([[1.0, 0, 0], [0, 0, 1000], [0, 1, -105]])
    boxes = np.array([[0, y - 10, 10, y] for y in (100, 110, 120, 130)], np.float32)
    rising = Tracklet(1, np.arange(0, 40, 10, dtype=np.int32), boxes, np.ones(4, np.float32))

    ends = ends_on_ground(rising, 0.0, 3.0, Calibration(to_ground, "image-to-ground", "metres"))

    assert ends.entry is None
    assert ends.exit is not None
    np.testing.assert_allclose(ends.exit[:2], [5 / 25, 40])
