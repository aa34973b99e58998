"""What of two pictures makes a network think them alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ml.reid.likeness import GRID, STEPS, likeness
from ml.types import Float2D, Image, UserError

SIDE = 4 * GRID


def red_and_blue(pictures: Sequence[Image]) -> Float2D:
    """An embedding of two values: how much bright red and bright blue a picture has."""
    bright = np.stack(pictures).astype(np.float32) ** 2
    sums = bright[..., [0, 2]].sum(axis=(1, 2))
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def picture(*spots: tuple[int, int, int]) -> Image:
    """Black, with cells (row, column) of a channel lit."""
    made = np.zeros((SIDE, SIDE, 3), np.uint8)
    for row, column, channel in spots:
        made[4 * row : 4 * row + 4, 4 * column : 4 * column + 4, channel] = 255
    return made


def test_what_both_have_speaks_for_them_and_what_only_one_has_speaks_against() -> None:
    one, other = picture((1, 1, 0), (6, 6, 2)), picture((4, 4, 0))
    found = likeness(red_and_blue, one, other)
    assert found.similarity == pytest.approx(1 / np.sqrt(2))
    assert found.one[1, 1] > 0.05
    assert found.one[6, 6] < -0.05
    assert np.unravel_index(found.one.argmax(), found.one.shape) < (3, 3)
    assert np.unravel_index(found.one.argmin(), found.one.shape) > (4, 4)


def test_a_corner_cell_has_the_loss_of_the_one_window_that_covers_it() -> None:
    def embed(pictures: Sequence[Image]) -> Float2D:
        # First the whole picture, then the windows from the top left one on: the first of them loses all.
        angles = [0.0, np.pi / 2, *[0.0] * (len(pictures) - 2)]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], np.float32)

    found = likeness(embed, picture(), picture())
    assert found.similarity == 1
    assert found.one[0, 0] == pytest.approx(1)
    assert found.one[0, 1] == pytest.approx(1 / 2)
    assert found.one[1, 1] == pytest.approx(1 / 4)
    assert found.one[2, 2] == pytest.approx(1 / 9)
    assert found.one[3:].any() == found.one[:, 3:].any() == False  # noqa: E712 - both are arrays of numpy's


def test_two_and_twice_the_windows_are_embedded_and_the_pictures_stay_as_they_are() -> None:
    counted = []

    def embed(pictures: Sequence[Image]) -> Float2D:
        counted.append(len(pictures))
        return red_and_blue(pictures)

    one = picture((1, 1, 0))
    before = one.copy()
    likeness(embed, one, picture((2, 2, 0)))
    assert counted == [STEPS**2 + 1] * 2
    assert (one == before).all()


def test_pictures_of_any_shape_are_compared_and_tiny_ones_refused() -> None:
    wide = np.full((GRID, 5 * GRID + 3, 3), 200, np.uint8)
    assert np.isfinite(likeness(red_and_blue, wide, picture((1, 1, 0))).one).all()
    with pytest.raises(UserError, match=r"7 x 20 pixels.* needs 8 x 8") as refused:
        likeness(red_and_blue, np.zeros((20, 7, 3), np.uint8), wide)
    assert refused.value.code == "picture-too-small"
