from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.tracking.association import assign, cascade, without


def indices(*values: int) -> np.ndarray:
    return np.array(values, np.intp)


def test_assignment_is_cheapest_in_sum_not_greedy() -> None:
    # Greedy would take 0.1 for track 0 and be left with 0.9; the cheapest pair of pairs is 0.2 + 0.3.
    costs = np.array([[0.1, 0.2], [0.3, 0.9]])

    matches = assign(costs, indices(0, 1), indices(0, 1), limit=1.0)

    assert dict(zip(matches.tracks.tolist(), matches.detections.tolist(), strict=True)) == {0: 1, 1: 0}


def test_pairs_dearer_than_the_limit_are_not_made() -> None:
    matches = assign(np.array([[0.1, np.inf], [np.inf, 0.8]]), indices(0, 1), indices(0, 1), limit=0.5)

    assert (matches.tracks.tolist(), matches.detections.tolist()) == ([0], [0])


@pytest.mark.parametrize(("tracks", "detections"), [([], [0]), ([0], [])])
def test_nothing_to_assign_gives_no_matches(tracks: list[int], detections: list[int]) -> None:
    assert not len(assign(np.zeros((1, 1)), indices(*tracks), indices(*detections), limit=1).tracks)


def test_cascade_lets_the_track_seen_last_choose_first() -> None:
    # Both want detection 0; track 1 is nearer but was last seen five frames ago.
    costs = np.array([[0.2], [0.1]])

    matches = cascade(costs, indices(0, 1), np.array([1, 5]), limit=0.5)

    assert (matches.tracks.tolist(), matches.detections.tolist()) == ([0], [0])


def test_cascade_uses_only_the_tracks_it_is_given() -> None:
    matches = cascade(np.array([[0.0], [0.1]]), indices(1), np.array([1, 1]), limit=0.5)

    assert matches.tracks.tolist() == [1]


def test_without_keeps_the_order() -> None:
    assert without(indices(5, 1, 3), indices(1, 9)).tolist() == [5, 3]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 1))
def test_assignment_is_the_cheapest_there_is_however_many_pairs_are_admissible(seed: int, limit: float) -> None:
    """A pair that is not made costs as much as the limit; few admissible pairs are the case without an assignment."""
    costs = np.random.default_rng(seed).random((4, 5))

    matches = assign(costs, np.arange(4), np.arange(5), limit=limit)

    made = costs[matches.tracks, matches.detections]
    best = min(np.minimum(costs[range(4), columns], limit).sum() for columns in permutations(range(5), 4))
    assert (made <= limit).all()
    assert len(set(matches.tracks.tolist())) == len(set(matches.detections.tolist())) == len(made)
    assert made.sum() + limit * (4 - len(made)) == pytest.approx(best)
