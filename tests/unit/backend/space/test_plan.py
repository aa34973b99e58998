from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.space.plan import Unplaceable, on_ground, plan_fit


def test_two_points_place_a_plan_whose_top_is_in_the_north() -> None:
    """Pixel (0, 100) is at 0, 0 and (200, 100) at 100, 0: half a metre a pixel, so pixel (0, 0) is at 0, 50."""
    fit = plan_fit(np.array([[0.0, 100], [200, 100]]), np.array([[0.0, 0], [100, 0]]))
    assert fit.metres_per_pixel == pytest.approx(0.5)
    np.testing.assert_allclose(
        on_ground(fit.to_ground, np.array([[0.0, 0], [200, 0]])), [[0, 50], [100, 50]], atol=1e-9
    )
    np.testing.assert_allclose(fit.errors_m, [0, 0], atol=1e-9)


def test_a_plan_may_be_turned() -> None:
    """Its right edge is in the north: what is to the right in the picture is up on the map."""
    fit = plan_fit(np.array([[0.0, 0], [10, 0]]), np.array([[0.0, 0], [0, 10]]))
    np.testing.assert_allclose(on_ground(fit.to_ground, np.array([[0.0, 10]])), [[10, 0]], atol=1e-9)


def test_a_third_point_that_disagrees_shows_in_the_errors() -> None:
    """Of a square one corner is 3 m off: least squares spread that over all, and its own error is the largest."""
    pixels = np.array([[0.0, 0], [100, 0], [100, 100], [0, 100]])
    places = np.array([[0.0, 100], [100, 100], [100, 0], [0, -3]])
    errors = plan_fit(pixels, places).errors_m
    assert errors.argmax() == 3
    assert 0.5 < errors.max() < 3


@given(
    angle=st.floats(-3.1, 3.1),
    scale=st.floats(0.01, 10),
    shift=st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000)),
)
def test_any_turn_scale_and_shift_is_found_again(angle: float, scale: float, shift: tuple[float, float]) -> None:
    pixels = np.array([[0.0, 0], [640, 20], [300, 480]])
    turn = scale * np.exp(1j * angle)
    there = turn * (pixels[:, 0] - 1j * pixels[:, 1]) + complex(*shift)
    fit = plan_fit(pixels, np.column_stack((there.real, there.imag)))
    assert fit.errors_m.max() < 1e-6
    assert fit.metres_per_pixel == pytest.approx(scale)


@pytest.mark.parametrize(
    ("pixels", "places", "reason"),
    [
        ([[0, 0]], [[0, 0]], "at least 2 points; there are 1"),
        ([[5, 5], [6, 5]], [[0, 0], [100, 0]], "too near"),
        ([[0, 0], [100, 0]], [[7, 7], [7, 7]], "too near"),
        # A square whose north was written before its east: a mirror image, which fits best as a single dot.
        ([[0, 0], [80, 0], [80, 80], [0, 80]], [[0, 0], [0, 10], [-10, 10], [-10, 0]], "contradict each other"),
    ],
)
def test_points_that_say_nothing_are_refused(pixels: list[list[float]], places: list[list[float]], reason: str) -> None:
    with pytest.raises(Unplaceable, match=reason):
        plan_fit(np.array(pixels, np.float64), np.array(places, np.float64))
