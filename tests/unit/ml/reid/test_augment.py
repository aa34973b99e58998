"""Each variation against an example by hand, and all of them as one draw."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reid.augment import (
    AugmentConfig,
    augmented,
    erased,
    erased_part,
    mirrored,
    on_background,
    recoloured,
    shifted,
    shrunk,
)
from ml.types import Image, UserError

NOTHING = AugmentConfig(flip=0, pad=0, erase=0)
FILL = (9.0, 9.0, 9.0)


def grey(rows: list[list[int]]) -> Image:
    return np.repeat(np.array(rows, np.uint8)[:, :, None], 3, axis=2)


def noise(seed: int, height: int, width: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def test_mirror_exchanges_left_and_right() -> None:
    assert mirrored(grey([[1, 2], [3, 4]]))[:, :, 0].tolist() == [[2, 1], [4, 3]]


@pytest.mark.parametrize(
    ("right", "down", "expected"),
    [
        (0, 0, [[1, 2], [3, 4]]),
        (1, 0, [[9, 1], [9, 3]]),
        (-1, 0, [[2, 9], [4, 9]]),
        (0, 1, [[9, 9], [1, 2]]),
        (-1, -1, [[4, 9], [9, 9]]),
    ],
)
def test_shift_fills_where_the_picture_came_from(right: int, down: int, expected: list[list[int]]) -> None:
    assert shifted(grey([[1, 2], [3, 4]]), right, down, FILL)[:, :, 0].tolist() == expected


@given(st.integers(-3, 3), st.integers(-3, 3))
def test_shift_is_padding_and_cutting_out(right: int, down: int) -> None:
    picture, pad = noise(0, 8, 8), 3
    padded = np.pad(picture, ((pad, pad), (pad, pad), (0, 0)), constant_values=9)
    cut = padded[pad - down : pad - down + 8, pad - right : pad - right + 8]
    np.testing.assert_array_equal(shifted(picture, right, down, FILL), cut)


def test_erasing_covers_its_part_alone() -> None:
    made = erased(grey([[1, 2, 3], [4, 5, 6]]), (1, 0, 2, 1), FILL)
    assert made[:, :, 0].tolist() == [[1, 9, 9], [4, 5, 6]]
    assert erased(made, None, FILL) is made


@given(st.integers(0, 10_000), st.integers(8, 64))
def test_erased_parts_keep_to_area_and_shape(seed: int, side: int) -> None:
    config = AugmentConfig(erase_area=(0.1, 0.4), erase_aspect=0.5)
    part = erased_part(side, config, np.random.default_rng(seed))
    assert part is not None
    left, top, width, height = part
    assert min(left, top) >= 0
    assert max(left + width, top + height) <= side
    assert (height - 0.5) / (width + 0.5) <= 2
    assert (width - 0.5) / (height + 0.5) <= 2
    assert (width - 0.5) * (height - 0.5) <= 0.4 * side * side
    assert (width + 0.5) * (height + 0.5) >= 0.1 * side * side


def test_colours_by_hand() -> None:
    # Twice as bright 20, 60, mean 40; half the contrast 30, 50; the red channel doubled.
    made = recoloured(grey([[10, 30]]), 2.0, 0.5, np.array([2.0, 1.0, 1.0]))
    assert made[0, :, 0].tolist() == [60, 100]
    assert made[0, :, 1].tolist() == [30, 50]
    assert recoloured(grey([[200, 200]]), 2.0, 1.0, np.ones(3)).max() == 255


def test_shrinking_takes_detail_from_large_pictures_only() -> None:
    board = grey([[255 * ((row + column) % 2) for column in range(16)] for row in range(16)])
    assert shrunk(board, 8, 0.5).shape == board.shape
    assert int(np.ptp(shrunk(board, 8, 0.5))) <= 1  # every 2 x 2 block has the same mean
    assert shrunk(board, 16, 0.5) is board


def test_without_any_variation_a_picture_is_only_stretched() -> None:
    picture = noise(1, 12, 12)
    made = augmented(picture, 12, NOTHING, np.random.default_rng(0), fill=FILL)
    np.testing.assert_array_equal(made, picture)


@given(st.integers(0, 1000))
def test_the_seed_decides_and_the_picture_stays_as_it_was(seed: int) -> None:
    config = AugmentConfig(colour=0.3, shrink=0.5)
    picture = noise(2, 40, 30)
    before = picture.copy()
    made = [augmented(picture, 16, config, np.random.default_rng(seed), fill=FILL) for _ in range(2)]
    np.testing.assert_array_equal(made[0], made[1])
    np.testing.assert_array_equal(picture, before)
    assert made[0].shape == (16, 16, 3)
    assert made[0].dtype == np.uint8


def test_different_seeds_vary() -> None:
    picture = noise(3, 40, 30)
    made = {
        augmented(picture, 16, AugmentConfig(), np.random.default_rng(seed), fill=FILL).tobytes() for seed in range(9)
    }
    assert len(made) == 9


@pytest.mark.parametrize(
    "settings", [{"flip": 1.5}, {"pad": -1}, {"erase_area": (0.5, 0.2)}, {"erase_aspect": 0.0}, {"colour": 1.0}]
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=next(iter(settings))):
        AugmentConfig(**settings)


def test_a_vehicle_stands_before_another_picture_s_background() -> None:
    picture = np.full((2, 2, 3), 200, np.uint8)
    mask = np.array([[True, False], [False, False]])
    other = np.array([[[10] * 3, [20] * 3], [[30] * 3, [90] * 3]], np.uint8)
    theirs = np.array([[False, False], [False, True]])  # takes the mean of 10, 20 and 30
    made = on_background(picture, mask, other, theirs)
    assert made[:, :, 0].tolist() == [[200, 20], [30, 20]]
    assert on_background(picture, mask, other, None)[:, :, 0].tolist() == [[200, 20], [30, 90]]
    assert on_background(picture, mask, other[:1, :1], None)[:, :, 0].tolist() == [[200, 10], [10, 10]]
