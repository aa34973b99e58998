from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import Grouping, group_tracklets
from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.grouping import (
    ConstrainedForest,
    connected_parts,
    in_one_part,
    must_link_groups,
    numbered_by_first_member,
)

COUNT = 8
Listed = list[tuple[int, int]]


def pairs(*listed: tuple[int, int]) -> IndexPairs:
    return np.array(listed, np.int32).reshape(-1, 2)


def grouped(edges: dict[tuple[int, int], float], *, count: int = 4, **constraints: Any) -> Grouping:
    return group_tracklets(count, pairs(*edges), np.array(list(edges.values())), **constraints)


def test_edges_join_and_the_rest_stay_alone() -> None:
    grouping = grouped({(2, 0): 0.1}, count=4)

    assert grouping.labels.tolist() == [0, 1, 0, 2]
    assert grouping.joined.tolist() == [True]


def test_no_edges_leave_every_tracklet_alone() -> None:
    assert grouped({}, count=3).labels.tolist() == [0, 1, 2]


def test_the_nearer_edge_wins_against_a_conflict() -> None:
    grouping = grouped({(0, 1): 0.3, (0, 2): 0.2}, conflicts=pairs((1, 2)))

    assert grouping.labels.tolist() == [0, 1, 0, 2]
    assert grouping.joined.tolist() == [False, True]


def test_a_conflict_holds_through_a_chain() -> None:
    grouping = grouped({(0, 1): 0.1, (1, 2): 0.2, (2, 3): 0.3}, conflicts=pairs((0, 3)))

    assert grouping.labels.tolist() == [0, 0, 0, 1]


def test_must_link_comes_before_a_nearer_edge() -> None:
    grouping = grouped({(0, 2): 0.01}, must_links=pairs((0, 1)), conflicts=pairs((1, 2)))

    assert grouping.labels[0] == grouping.labels[1] != grouping.labels[2]


def test_cannot_link_keeps_apart_what_the_machine_would_join() -> None:
    assert grouped({(0, 1): 0.01}, cannot_links=pairs((1, 0))).joined.tolist() == [False]


@pytest.mark.parametrize("constraint", ["cannot_links", "conflicts"])
def test_contradicting_must_link_is_refused_and_named(constraint: str) -> None:
    constraints: dict[str, Any] = {constraint: pairs((2, 0))}

    grouping = grouped({}, must_links=pairs((0, 1), (1, 2)), **constraints)

    assert grouping.refused_must_links.tolist() == [False, True]


def test_must_links_name_groups_by_their_first_members() -> None:
    """By their indices 1 = 3 and 2 = 4 come first; 3 = 4 would bring 1 and 2 together."""
    groups, refused = must_link_groups(5, pairs((3, 1), (4, 3), (4, 2)), pairs((1, 2)))

    assert groups.tolist() == [0, 1, 2, 1, 2]
    assert refused.tolist() == [False, True, False]


def test_a_set_takes_over_whom_its_parts_must_not_meet() -> None:
    forest = ConstrainedForest(4, pairs((0, 3)))

    assert [forest.join(0, 1), forest.join(1, 3), forest.join(2, 3), forest.join(2, 1)] == [True, False, True, False]
    assert forest.labels().tolist() == [0, 0, 1, 1]


def test_parts_are_what_is_connected() -> None:
    parts = connected_parts(5, pairs((4, 0), (1, 2)))

    assert numbered_by_first_member(parts).tolist() == [0, 1, 1, 2, 0]
    assert in_one_part(parts, pairs((0, 4), (0, 1), (2, 1))).tolist() == [True, False, True]


def test_groups_are_numbered_by_their_first_members() -> None:
    assert numbered_by_first_member(np.array([7, 2, 7, 5, 2])).tolist() == [0, 1, 0, 2, 1]


index_pairs = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda pair: pair[0] != pair[1]), max_size=12
)


@given(index_pairs, index_pairs, index_pairs, index_pairs, st.randoms(use_true_random=False))
def test_constraints_hold_and_the_order_of_input_does_not_matter(
    edges: Listed, must: Listed, cannot: Listed, conflicts: Listed, random: Random
) -> None:
    distances = [1 + 0.5 * rank for rank in range(len(edges))]

    grouping = group_tracklets(
        COUNT,
        pairs(*edges),
        np.array(distances),
        must_links=pairs(*must),
        cannot_links=pairs(*cannot),
        conflicts=pairs(*conflicts),
    )

    for one, other in cannot + conflicts:
        assert grouping.labels[one] != grouping.labels[other]
    order = list(range(len(edges)))
    random.shuffle(order)
    again = group_tracklets(
        COUNT,
        pairs(*[edges[row][::-1] for row in order]),
        np.array([distances[row] for row in order]),
        must_links=pairs(*reversed(must)),
        cannot_links=pairs(*reversed(cannot)),
        conflicts=pairs(*reversed(conflicts)),
    )
    assert again.labels.tolist() == grouping.labels.tolist()


@given(index_pairs)
def test_without_constraints_groups_are_the_connected_components(edges: list[tuple[int, int]]) -> None:
    grouping = group_tracklets(COUNT, pairs(*edges), np.ones(len(edges)))

    assert grouping.joined.all()
    reachable = np.eye(COUNT, dtype=bool)
    for one, other in edges:
        reachable[one, other] = reachable[other, one] = True
    for _ in range(3):
        reachable = reachable @ reachable
    np.testing.assert_array_equal(grouping.labels[:, None] == grouping.labels, reachable)
