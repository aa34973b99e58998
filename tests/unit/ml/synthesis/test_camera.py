"""Cameras: where points fall, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.synthesis.camera import Camera


def camera(bend: float = 0.0) -> Camera:
    return Camera(eye=(0.0, 0.0, 6.0), target=(0.0, 20.0, 0.0), field=60.0, size=(192, 108), bend=bend)


def test_the_target_is_in_the_middle() -> None:
    assert np.allclose(camera(-0.1).projected(np.array([[0.0, 20.0, 0.0]])), [[96, 54]])


def test_east_is_to_the_right_and_height_is_up() -> None:
    east, up = camera().projected(np.array([[2.0, 20.0, 0.0], [0.0, 20.0, 2.0]]))
    assert east[0] > 96
    assert up[1] < 54


def test_a_right_angle_of_view_puts_45_degrees_at_the_border() -> None:
    """Looking along y from height 1 at height 1: focal length is half the width, so x = depth falls on the border."""
    level = Camera((0.0, 0.0, 1.0), (0.0, 10.0, 1.0), 90.0, (200, 100))
    assert np.allclose(level.projected(np.array([[10.0, 10.0, 1.0]])), [[200, 50]])
    assert np.allclose(level.depths(np.array([[3.0, 7.0, 1.0]])), [7.0])


@settings(max_examples=40, deadline=None)
@given(x=st.floats(-9, 9), y=st.floats(12, 60), bend=st.sampled_from([0.0, -0.06, -0.12, 0.05]))
def test_ground_points_come_back_from_their_pixels(x: float, y: float, bend: float) -> None:
    one = camera(bend)
    pixel = one.projected(np.array([[x, y, 0.0]]))
    assert np.allclose(one.on_ground(pixel), [[x, y]], atol=1e-3)


def test_the_homography_is_the_projection_of_the_ground() -> None:
    one = camera()
    mapped = one.homography @ [3.0, 25.0, 1.0]
    assert np.allclose(mapped[:2] / mapped[2], one.projected(np.array([[3.0, 25.0, 0.0]]))[0])


@pytest.mark.parametrize("bend", [-0.12, 0.05])
def test_a_bent_picture_has_what_the_projection_says(bend: float) -> None:
    """A spot drawn where the unbent projection has a point is found where the bent one has it."""
    one = camera(bend)
    point = np.array([[6.0, 22.0, 0.0]])
    straight, bent = one.projected(point, bent=False)[0], one.projected(point)[0]
    numbers = np.zeros((108, 192), np.uint16)
    numbers[int(straight[1]) - 2 : int(straight[1]) + 3, int(straight[0]) - 2 : int(straight[0]) + 3] = 7
    rows, columns = np.nonzero(one.bent_numbers(numbers))
    assert np.abs([columns.mean() + 0.5 - bent[0], rows.mean() + 0.5 - bent[1]]).max() < 1.5


def test_a_barrel_lens_leaves_no_empty_corner() -> None:
    ones = np.ones((108, 192), np.uint16)
    assert camera(-0.12).bent_numbers(ones).all()
