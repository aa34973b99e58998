"""Intervals of a difference between two models."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.evaluation.bootstrap import compare_shares
from ml.types import UserError


def test_a_share_is_the_sum_above_over_the_sum_below() -> None:
    """Vehicles with 1 of 2 and 3 of 4 right are 4 of 6; the other model has 0 of 2 and 3 of 4."""
    found = compare_shares(np.array([[1.0, 3.0], [2.0, 4.0]]), np.array([[0.0, 3.0], [2.0, 4.0]]))
    assert (found.candidate.value, found.other.value) == pytest.approx((4 / 6, 3 / 6))
    assert found.difference.value == pytest.approx(1 / 6)
    # Draws are of (0, 0), (0, 1) or (1, 1): shares 1/2, 4/6 and 3/4, differences 1/2, 1/6 and 0.
    assert (found.candidate.low, found.candidate.high) == pytest.approx((1 / 2, 3 / 4))
    assert (found.difference.low, found.difference.high) == pytest.approx((0, 1 / 2))


def test_a_gain_on_each_vehicle_is_sure_whatever_the_vehicles_differ_by() -> None:
    below = np.ones(40)
    worse = np.linspace(0.1, 0.8, 40)
    found = compare_shares(np.stack((worse + 0.05, below)), np.stack((worse, below)))
    assert found.candidate.low < found.other.high
    assert (found.difference.low, found.difference.high) == pytest.approx((0.05, 0.05))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_a_model_beside_itself_differs_by_nothing(shares: list[float]) -> None:
    sums = np.stack((np.array(shares), np.ones(len(shares))))
    found = compare_shares(sums, sums, draws=50)
    assert (found.difference.low, found.difference.value, found.difference.high) == (0, 0, 0)
    assert found.candidate.low <= found.candidate.high


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(UserError, match="no held vehicle"):
        compare_shares(np.zeros((2, 0)), np.zeros((2, 0)))
