"""How sure the matcher is of a pair, with and without probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from backend.tracking.chances import chances, percentiles, state_of_chance


def test_a_percentile_is_the_share_of_pairs_at_most_as_far() -> None:
    assert percentiles(np.array([0.5, 0.1, 0.5, 0.9])).tolist() == [0.75, 0.25, 0.75, 1.0]
    assert percentiles(np.zeros(0)).tolist() == []


def test_without_probabilities_the_rank_tells() -> None:
    """Two of four are eligible: at rank r the chance is 2 / (2 + r), a half at rank 2."""
    percentile = percentiles(np.array([0.4, 0.1, 0.2, 0.3]))
    eligible = np.array([False, True, True, False])
    assert chances(percentile, eligible, [None] * 4) == pytest.approx([2 / 6, 2 / 3, 2 / 4, 2 / 5])


def test_a_known_probability_is_the_chance() -> None:
    assert chances(np.array([0.5, 1.0]), np.array([True, False]), [0.75, 0.01]).tolist() == [0.75, 0.01]


def test_nothing_eligible_leaves_no_chance() -> None:
    assert chances(np.array([1.0]), np.array([False]), [None]).tolist() == [0.0]


@pytest.mark.parametrize(
    ("chance", "state"),
    [
        (0.0, "likely_different"),
        (0.1, "likely_different"),
        (0.11, "uncertain"),
        (0.9, "likely_same"),
        (1.0, "likely_same"),
    ],
)
def test_a_pair_is_in_one_of_three_states(chance: float, state: str) -> None:
    assert state_of_chance(chance) == state
