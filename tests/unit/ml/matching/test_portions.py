from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching.graph.agglomerate import agglomerate
from ml.matching.graph.grouping import numbered_by_first_member
from ml.matching.graph.growth import join_weights
from ml.matching.graph.portions import portions
from ml.matching.graph.regroup import CONSTRAINED, regroup

COUNT = 12


def test_parts_are_put_together_until_a_portion_is_large_enough() -> None:
    parts = np.array([0, 0, 0, 1, 1, 2, 2, 3], np.int32)
    pairs = np.array([[0, 1], [1, 2], [5, 6], [3, 4], [2, 3]])  # the last one lies between two parts
    bans = np.array([[0, 2], [5, 6], [6, 7]])
    found = list(portions(parts, pairs, bans, size=2))
    assert [each.items.tolist() for each in found] == [[0, 1, 2], [3, 4, 5, 6]]
    assert [each.pairs.tolist() for each in found] == [[0, 1], [2, 3]]
    assert [each.bans.tolist() for each in found] == [[0], [1]]


def test_without_pairs_there_is_no_portion() -> None:
    nothing = np.zeros((0, 2), np.int64)
    assert list(portions(np.arange(3, dtype=np.int32), nothing, nothing)) == []
    assert list(portions(np.zeros(0, np.int32), nothing, nothing)) == []


pair = st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda ends: ends[0] < ends[1])


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(pair, st.sampled_from([0.02, 0.1, 0.3, 0.6, 0.9]), max_size=30), st.lists(pair, max_size=4))
def test_portion_by_portion_groups_grow_as_over_all_pairs_at_once(
    chances: dict[tuple[int, int], float], apart: list[tuple[int, int]]
) -> None:
    pairs = np.array(list(chances), np.int64).reshape(-1, 2)
    bans = np.array(apart, np.int64).reshape(-1, 2)
    chance = np.array(list(chances.values()), np.float32)
    whole = agglomerate(np.arange(COUNT), pairs, join_weights(chance, 0.2), bans)
    grown = regroup(
        COUNT,
        pairs,
        distances=1 - chance,
        eligible=chance >= 0.2,
        probabilities=chance,
        strategy=CONSTRAINED,
        join_probability=0.2,
        conflicts=bans,
    )
    np.testing.assert_array_equal(grown.labels, numbered_by_first_member(whole))
