"""Squares cut out of pictures, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ml.detection.training.crop import Square, drawn_square
from ml.detection.training.ignoring import IGNORED
from ml.detection.training.recipe import DetectorRecipe

CAR = 3
RECIPE = DetectorRecipe(min_size=100, max_size=200, scale_jitter=(1.0, 1.0), crop=64, crop_on_vehicle=1.0)


def boxes(*listed: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(listed, np.float32).reshape(-1, 4)


def test_a_square_of_a_picture_of_twice_the_size_holds_what_lies_in_it() -> None:
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[20:30, 20:40] = 255
    square = Square(left=32, top=32, side=32, size=(80, 160))
    shown = boxes((20, 20, 40, 30), (0, 0, 10, 10))
    image, inside, labels, masks = square.cut(picture, shown, np.array([CAR, CAR]), None)
    assert image.shape == (32, 32, 3)
    assert inside.tolist() == [[8, 8, 32, 28]]  # twice (20, 20, 40, 30), less 32, 160 - 32 cut off at the square's end
    assert labels.tolist() == [CAR]
    assert masks is None
    assert image[10:26, 12:30].min() > 200
    assert image[:4].max() == 0


def test_what_is_cut_too_much_does_not_count_and_comes_last() -> None:
    square = Square(left=0, top=0, side=32, size=(64, 64))
    shown = boxes((30, 0, 40, 10), (26, 0, 40, 10), (10, 10, 20, 20), (4, 4, 8, 8))
    labels = np.array([CAR, CAR, CAR, IGNORED])
    _, inside, found, masks = square.cut(np.zeros((64, 64, 3), np.uint8), shown, labels, [np.eye(64) > 0] * 3)
    assert found.tolist() == [CAR, CAR, IGNORED, IGNORED]  # 6 of 14 columns are enough, 2 of 10 are not
    assert inside.tolist() == [[26, 0, 32, 10], [10, 10, 20, 20], [30, 0, 32, 10], [4, 4, 8, 8]]
    assert masks is not None
    assert [mask.shape for mask in masks] == [(32, 32)] * 2


def test_beyond_a_small_picture_the_square_is_black() -> None:
    square = Square(left=0, top=0, side=64, size=(20, 30))
    image, _, _, _ = square.cut(np.full((20, 30, 3), 9, np.uint8), boxes(), np.zeros(0, np.int64), None)
    assert image[:20, :30].min() == 9
    assert image.sum() == 9 * 20 * 30 * 3


@pytest.mark.parametrize("seed", range(5))
def test_a_square_over_a_vehicle_holds_its_middle(seed: int) -> None:
    draw = np.random.default_rng(seed)
    square = drawn_square(boxes((150, 90, 170, 100)), (100, 200), RECIPE, draw)
    assert square.size == (100, 200)
    assert 0 <= square.left <= 160 <= square.left + 64 <= 200
    assert 0 <= square.top <= 95 <= square.top + 64 <= 100


def test_squares_lie_anywhere_where_no_vehicle_is_asked_for() -> None:
    draw = np.random.default_rng(0)
    recipe = replace(RECIPE, crop_on_vehicle=0.0)
    lefts = [drawn_square(boxes((150, 90, 170, 100)), (100, 200), recipe, draw).left for _ in range(50)]
    assert min(lefts) < 30
    assert max(lefts) > 106
    assert drawn_square(boxes(), (100, 200), RECIPE, draw).top <= 36
