"""Ranges laid out as pairs."""

import numpy as np

from ml.matching.ranges import expanded, unique_pairs


def test_every_value_of_a_range_comes_with_its_row() -> None:
    """2 and 3, nothing, nothing (reversed), 7."""
    rows, values = expanded(np.array([2, 5, 4, 7]), np.array([4, 5, 3, 8]))

    assert (rows.tolist(), values.tolist()) == ([0, 0, 3], [2, 3, 7])


def test_pairs_are_listed_once_the_lower_first() -> None:
    left, right = unique_pairs(np.array([3, 2, 1, 0]), np.array([1, 0, 3, 2]), 4)

    assert (left.tolist(), right.tolist()) == ([0, 1], [2, 3])
