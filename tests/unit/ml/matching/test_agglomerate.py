from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph.agglomerate import agglomerate

COUNT = 8


def grown(weights: dict[tuple[int, int], float], apart: list[tuple[int, int]] | None = None) -> list[int]:
    pairs = np.array(list(weights), np.int64).reshape(-1, 2)
    bans = np.array(apart or [], np.int64).reshape(-1, 2)
    groups = agglomerate(np.arange(COUNT), pairs, np.array(list(weights.values()), np.float64), bans)
    return [int(group) for group in groups]


def test_a_favoured_pair_is_joined_and_named_by_its_first_member() -> None:
    assert grown({(5, 2): 0.5, (3, 4): -0.5}) == [0, 1, 2, 3, 4, 2, 6, 7]


def test_the_mean_over_the_compared_pairs_decides() -> None:
    """0 and 1 join first, at 3; with 2 the mean is (1 - 2) / 2 = -1/2, against 1 alone."""
    assert grown({(0, 1): 3.0, (1, 2): 1.0, (0, 2): -2.0})[:3] == [0, 0, 2]
    assert grown({(0, 1): 3.0, (1, 2): 2.5, (0, 2): -2.0})[:3] == [0, 0, 0]


def test_pairs_that_were_not_compared_have_no_say() -> None:
    assert grown({(0, 1): 1.0, (1, 2): 0.5})[:3] == [0, 0, 0]


def test_what_must_stay_apart_does_so_through_a_chain() -> None:
    assert grown({(0, 1): 3.0, (1, 2): 2.0, (2, 3): 1.0}, apart=[(3, 0)])[:4] == [0, 0, 0, 3]


def test_groups_to_begin_with_stay_together() -> None:
    pairs, weights = np.array([[0, 2], [1, 2]]), np.array([4.0, -1.0])

    groups = agglomerate(np.array([0, 0, 2]), pairs, weights, np.zeros((0, 2), np.int64))

    assert groups.tolist() == [0, 0, 0]


weighted = st.dictionaries(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([-2.0, -0.5, 0.0, 0.5, 1.0, 2.0]),
    max_size=14,
)


@given(weighted, st.lists(st.sampled_from([(0, 1), (2, 5), (3, 7)]), max_size=3))
def test_in_the_end_no_two_groups_would_rather_be_one(
    weights: dict[tuple[int, int], float], apart: list[tuple[int, int]]
) -> None:
    groups = np.array(grown(weights, apart))

    for one, other in apart:
        assert groups[one] != groups[other]
    for first in set(groups.tolist()):
        for second in set(groups.tolist()) - {first}:
            between = [w for (i, j), w in weights.items() if {groups[i], groups[j]} == {first, second}]
            banned = any({groups[i], groups[j]} == {first, second} for i, j in apart)
            assert banned or not between or sum(between) / len(between) <= 0


@given(weighted, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(weights: dict[tuple[int, int], float], random: Random) -> None:
    listed = list(weights.items())
    random.shuffle(listed)
    assert grown({(j, i): w for (i, j), w in listed}) == grown(weights)
