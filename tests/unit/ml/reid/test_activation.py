"""Where a network responds, and the box of it."""

import numpy as np
import pytest
import torch

from ml.reid.activation import activated_box, activation
from ml.types import UserError


def test_activation_goes_from_each_picture_s_least_to_its_most() -> None:
    maps = torch.tensor([[[[1.0, -3.0]], [[1.0, 5.0]]], [[[2.0, 2.0]], [[2.0, -2.0]]]])
    # Means of |x| over two channels: 1, 4 and 2, 2.
    assert activation(maps).tolist() == [[[0.0, 1.0]], [[0.0, 0.0]]]


def test_box_is_around_all_that_reaches_the_threshold() -> None:
    heat = np.zeros((4, 6), np.float32)
    heat[1, 2], heat[2, 4], heat[0, 0] = 1.0, 0.5, 0.4
    assert activated_box(heat, 6, 4, threshold=0.5).tolist() == [2, 1, 5, 3]
    assert activated_box(heat, 6, 4, threshold=0.4).tolist() == [0, 0, 5, 3]


def test_heat_is_stretched_over_the_picture() -> None:
    heat = np.array([[0, 0], [0, 1]], np.float32)
    # Centres of the four cells lie at 25 and 75 pixels; between them heat rises as x * y.
    left, top, right, bottom = activated_box(heat, 100, 100, threshold=0.5).tolist()
    assert (right, bottom) == (100, 100)
    assert 45 <= left == top <= 51


def test_nothing_strong_keeps_the_whole_picture() -> None:
    assert activated_box(np.zeros((2, 2), np.float32), 30, 20, threshold=0.1).tolist() == [0, 0, 30, 20]


def test_a_threshold_outside_of_the_heat_s_range_is_refused() -> None:
    with pytest.raises(UserError, match=r"within 0\.\.1"):
        activated_box(np.zeros((2, 2), np.float32), 30, 20, threshold=1.5)
