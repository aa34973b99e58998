from random import Random
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import stable_numbers


def numbers(groups: list[int], previous: list[int], **options: Any) -> list[int]:
    given_numbers: list[int] = stable_numbers(np.array(groups), np.array(previous), **options).tolist()
    return given_numbers


def test_first_run_counts_from_one() -> None:
    assert numbers([0, 1, 0, 2], [0, 0, 0, 0]) == [1, 2, 1, 3]


def test_numbers_stay_with_their_tracklets() -> None:
    assert numbers([0, 0, 1, 1], [9, 9, 4, 4]) == [9, 9, 4, 4]


def test_new_numbers_come_from_above_every_number_given_before() -> None:
    assert numbers([0, 1], [4, 0]) == [4, 5]
    assert numbers([0, 1], [4, 0], next_number=20) == [4, 20]


def test_the_larger_part_of_a_split_keeps_the_number() -> None:
    assert numbers([0, 1, 1], [7, 7, 7]) == [8, 7, 7]


def test_weights_decide_which_part_is_larger() -> None:
    assert numbers([0, 1, 1], [7, 7, 7], weights=np.array([100, 10, 10])) == [7, 8, 8]


def test_a_merge_keeps_the_number_of_the_larger_part() -> None:
    assert numbers([0, 0, 0], [3, 5, 5]) == [5, 5, 5]


def test_pairing_keeps_the_most_in_sum_not_greedily() -> None:
    """Group 0 shares 3 with number 1 and 2 with number 2; group 1 shares 2 with number 1 and nothing else.

    Greedy keeps 3; giving number 1 to group 1 and number 2 to group 0 keeps 4."""
    assert numbers([0] * 5 + [1] * 2, [1, 1, 1, 2, 2, 1, 1]) == [2] * 5 + [1] * 2


def test_nothing_to_number() -> None:
    assert numbers([], []) == []


rows = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=20)


@given(rows, st.randoms(use_true_random=False))
def test_order_of_the_tracklets_does_not_matter(listed: list[tuple[int, int]], random: Random) -> None:
    shuffled = listed.copy()
    random.shuffle(shuffled)
    one = dict(zip([g for g, _ in listed], numbers(*map(list, zip(*listed, strict=True))), strict=True))
    other = dict(zip([g for g, _ in shuffled], numbers(*map(list, zip(*shuffled, strict=True))), strict=True))

    assert one == other


@given(rows)
def test_numbering_twice_changes_nothing_and_no_number_is_shared(listed: list[tuple[int, int]]) -> None:
    groups, previous = map(list, zip(*listed, strict=True))

    first = numbers(groups, previous)

    assert numbers(groups, first) == first
    assert len(set(first)) == len(set(groups))
    assert len(set(zip(groups, first, strict=True))) == len(set(groups))
    fresh = set(first) - set(previous)
    assert all(number > max(previous) for number in fresh)
