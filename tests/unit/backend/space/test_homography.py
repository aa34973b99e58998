"""A camera calibrated by clicks: true cameras come back, what cannot be a calibration is refused with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as laws
from hypothesis import strategies as st

from backend.space.ground import Doubles, inverse, undistorted
from backend.space.homography import Undetermined, fit_homography, mapped

# 10 m above (0, 0), looking north and 45 degrees down; focal length 1000 px, middle of the picture (500, 250).
ROOT = np.sqrt(0.5)
TILTED: Doubles = np.array(
    [[1000, 500 * ROOT, 5000 * ROOT], [0, (250 - 1000) * ROOT, (2500 + 10000) * ROOT], [0, ROOT, 10 * ROOT]]
)
PLACES = np.array([[-4.0, 8], [4, 8], [-5, 14], [5, 14], [0, 10], [1, 16], [-2, 12], [3, 11]])


def test_four_points_by_hand() -> None:
    """From straight above, 10 pixels a metre, the picture's top in the north: u = 10 x + 50, v = 50 - 10 y."""
    places = np.array([[-5.0, -5], [5, -5], [5, 5], [-5, 5]])
    fit = fit_homography(places, np.array([[0.0, 100], [100, 100], [100, 0], [0, 0]]))
    np.testing.assert_allclose(mapped(fit.to_image, np.array([[1.0, 2.0]])), [[60, 30]], atol=1e-9)
    assert max(fit.errors_px) < 1e-9
    assert max(fit.errors_m) < 1e-9


@laws(max_examples=40)
@given(seed=st.integers(0, 10_000), shift=st.floats(-1e5, 1e5), turn=st.floats(0, 6.28))
def test_exact_pairs_give_the_camera_back_wherever_the_origin_is(seed: int, shift: float, turn: float) -> None:
    chosen = PLACES[np.random.default_rng(seed).permutation(len(PLACES))[: 5 + seed % 4]]
    turned = chosen @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + shift
    fit = fit_homography(turned, mapped(TILTED, chosen))
    assert max(fit.errors_px) < 1e-3
    assert max(fit.errors_m) < 1e-4


def test_noise_is_spread_by_least_squares_in_the_picture() -> None:
    """Moved in any direction, the result fits worse: its slope there is zero."""
    noisy = mapped(TILTED, PLACES) + np.random.default_rng(3).normal(0, 2, PLACES.shape)
    fit = fit_homography(PLACES, noisy)
    least = (fit.errors_px**2).sum()
    for row, column in np.ndindex(3, 3):
        moved = fit.to_image.copy()
        moved[row, column] *= 1 + 1e-6
        assert ((mapped(moved, PLACES) - noisy) ** 2).sum() >= least * (1 - 1e-9)


@pytest.mark.parametrize("camera", ["c001", "c002", "c003", "c004", "c005"])
def test_the_city_s_cameras_come_back_from_clicks_a_pixel_off(shared_data: Path, camera: str) -> None:
    """Ten places on the road up to 60 m away, each clicked with a deviation of 1 px: under 0.5 m, ten times."""
    folder = shared_data / "city_a" / "S01" / camera
    truth = json.loads((folder / "calibration.json").read_text())
    to_image = np.array(truth["H_world_to_image"])
    lens, distortion = np.array(truth["K"]), np.array(truth["dist"])
    width, height = truth["size"]
    rng = np.random.default_rng(7)
    for _ in range(10):
        seen = rng.uniform([0, 0.35 * height], [width, height], (400, 2))
        straight = undistorted(seen, lens, distortion)
        places = mapped(inverse(to_image), straight)
        position = -np.array(truth["Rt"])[:, :3].T @ np.array(truth["Rt"])[:, 3]
        near = np.hypot(*(places - position[:2]).T) < 60
        chosen, held = np.flatnonzero(near)[:10], np.flatnonzero(near)[10:]
        clicked = undistorted(seen[chosen] + rng.normal(0, 1, (10, 2)), lens, distortion)
        fit = fit_homography(places[chosen], clicked)
        away = np.hypot(*(mapped(inverse(fit.to_image), straight[held]) - places[held]).T)
        assert np.median(away) < 0.5


def test_a_pair_that_disagrees_with_all_others_is_named() -> None:
    pixels = mapped(TILTED, PLACES) + np.random.default_rng(1).normal(0, 0.5, PLACES.shape)
    assert fit_homography(PLACES, pixels).suspect is None
    pixels[5] += [25, 0]
    assert fit_homography(PLACES, pixels).suspect == 5
    assert fit_homography(PLACES[3:], pixels[3:]).suspect is None  # of five, each is as good as the others


@pytest.mark.parametrize(
    ("places", "reason"),
    [
        (PLACES[:3], "at least 4"),
        ([[0.0, 8], [0, 10], [0, 12], [0, 14]], "lie on a line"),
        ([[0.0, 8], [0, 10], [0, 12], [5, 14]], "lie on a line"),
        ([[0.0, 8], [0.001, 8], [4, 12], [-4, 14]], "Points 1 and 2 are the same on the ground"),
        (PLACES[[0, 3, 2, 1]], "behind the camera"),
        (PLACES[:4] * [-1, 1], "mirrored"),
    ],
)
def test_what_cannot_be_a_calibration_is_refused(places: Doubles, reason: str) -> None:
    pixels = mapped(TILTED, PLACES[: len(places)])
    with pytest.raises(Undetermined, match=reason):
        fit_homography(np.asarray(places, np.float64), pixels)


def test_one_place_in_the_picture_for_two_on_the_ground_is_refused() -> None:
    pixels = mapped(TILTED, PLACES[:4])
    pixels[2] = pixels[0]
    with pytest.raises(Undetermined, match="Points 1 and 3 are the same in the picture"):
        fit_homography(PLACES[:4], pixels)
