"""Which pairs people are asked about first, and which no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import chances_between, expected_changes, review_order, settled_pairs
from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs

COUNT = 7
Listed = list[tuple[int, int]]


def pairs(*listed: tuple[int, int]) -> IndexPairs:
    return np.array(listed, np.int64).reshape(-1, 2)


@pytest.mark.parametrize(
    ("chance", "one", "other", "together", "change"),
    [
        (0.25, 3, 5, False, 0.25 * 3),  # "same" would join the 3 to the 5
        (0.25, 4, 4, True, 0.75 * 3),  # "different" would take up to 3 away from the fourth
        (1.0, 4, 4, True, 0.0),  # surely what it is
        (0.0, 2, 9, False, 0.0),
    ],
)
def test_expected_change_is_the_surprise_times_what_it_moves(
    chance: float, one: int, other: int, together: bool, change: float
) -> None:
    changes = expected_changes(np.array([chance]), np.array([one]), np.array([other]), np.array([together]))

    assert changes.tolist() == [change]


def test_the_greatest_expected_change_comes_first_and_one_pair_of_each_two_identities() -> None:
    """Identities 0 = {0, 1, 2}, 1 = {3, 4}, 2 = {5}: between 0 and 1 two pairs, of which the likelier one is asked."""
    labels = np.array([0, 0, 0, 1, 1, 2])
    listed = pairs((0, 3), (4, 1), (0, 5), (0, 1), (2, 5))

    order = review_order(listed, np.array([0.2, 0.5, 0.6, 0.9, 0.5]), labels, np.ones(5, np.bool_))

    # Odds 1/4 and 1 have the mean 1/2, so 0 and 1 are one with 1/3, and 2 x 1/3 = 0.67 (row 1 asks it). 0 and 2: odds
    # 3/2 and 1, in the mean sqrt(3/2), so 0.55 (row 2). Inside 0 it is 2 x 0.1 (row 3).
    assert order.tolist() == [1, 2, 3]


def test_two_identities_are_one_by_the_mean_log_odds_of_all_pairs_between_them() -> None:
    """Odds 4, 1 and 1/9 between {0, 1} and {2, 3}: the mean is (4/9)^(1/3) = 0.763, so 0.433. Others keep theirs."""
    listed = pairs((0, 2), (3, 1), (0, 3), (0, 1), (4, 0))

    chances = chances_between(listed, np.array([0.8, 0.5, 0.1, 0.9, 0.3]), np.array([5, 5, 2, 2, 9]))

    np.testing.assert_allclose(chances, [0.43284, 0.43284, 0.43284, 0.9, 0.3], atol=1e-5)


def test_of_a_settled_pair_the_chance_still_counts() -> None:
    """0.9 and 0.1 between {0, 1} and {2}: one with a half. Between 3 and 4 it is 0.6."""
    labels, listed = np.array([0, 0, 1, 2, 3]), pairs((0, 2), (1, 2), (3, 4))

    order = review_order(listed, np.array([0.9, 0.1, 0.6]), labels, np.array([True, False, True]))

    assert order.tolist() == [2, 0]


def test_settled_pairs_are_not_asked_about() -> None:
    labels = np.array([0, 0, 1, 2])

    order = review_order(pairs((0, 2), (0, 3)), np.array([0.5, 0.4]), labels, np.array([False, True]))

    assert order.tolist() == [1]


def test_an_answer_settles_its_pair_and_what_follows_from_it() -> None:
    """0 = 1 = 2 was said, and 0 is not 3: settled are (0, 2), which follows, and all between {0, 1, 2} and {3, 4}."""
    labels = np.array([0, 0, 0, 1, 1, 2, 2])
    listed = pairs((0, 2), (1, 4), (3, 4), (4, 5), (0, 3), (1, 0), (5, 6))

    settled = settled_pairs(listed, labels, pairs((0, 1), (1, 2)), pairs((3, 0)))

    assert settled.tolist() == [True, True, False, False, True, True, False]


def test_nothing_to_ask_about_has_no_order() -> None:
    assert settled_pairs(NO_PAIRS, np.arange(3), NO_PAIRS, NO_PAIRS).tolist() == []
    assert review_order(NO_PAIRS, np.zeros(0), np.arange(3), np.zeros(0, np.bool_)).tolist() == []


index_pairs = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda pair: pair[0] != pair[1]), max_size=9
)


@given(index_pairs, index_pairs, index_pairs, st.lists(st.integers(0, 3), min_size=COUNT, max_size=COUNT))
def test_every_order_is_of_open_pairs_and_asks_of_two_identities_once(
    listed: Listed, must: Listed, cannot: Listed, groups: list[int]
) -> None:
    labels = np.unique(groups, return_inverse=True)[1]
    chances = np.linspace(0.1, 0.9, len(listed))
    open_pairs = ~settled_pairs(pairs(*listed), labels, pairs(*must), pairs(*cannot))

    order = review_order(pairs(*listed), chances, labels, open_pairs).tolist()

    between = [tuple(sorted(labels[list(listed[row])].tolist())) for row in order]
    assert all(open_pairs[row] for row in order)
    assert len(set(between)) == len(between)
    assert set(between) == {tuple(sorted(labels[list(listed[row])].tolist())) for row in np.flatnonzero(open_pairs)}
    said = {frozenset(pair) for pair in must + cannot}
    assert not any(frozenset(listed[row]) in said for row in order)
