"""What the machine made changes where people say otherwise, and nowhere else."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.decided import chances_of, decided_groups
from ml.matching.graph.growth import Graph, grown

Listed = list[tuple[int, int]]
Chances = dict[tuple[int, int], float]
COUNT = 10


def pairs_of(listed: Listed) -> IndexPairs:
    return np.array(listed, np.int64).reshape(-1, 2)


def decided(
    chances: Chances, *, same: Listed | None = None, different: Listed | None = None, apart: Listed | None = None
) -> tuple[list[int], list[bool]]:
    """Groups of ten tracklets, favoured from 0.2 on, and which "same" were refused."""
    pairs, probabilities = pairs_of(list(chances)), np.array(list(chances.values()), np.float32)
    graph = Graph.of(COUNT, pairs, probabilities, pairs_of(apart or []), 0.2)
    groups, refused = decided_groups(grown(graph), graph, pairs_of(same or []), pairs_of(different or []))
    return groups.tolist(), refused.tolist()


def alone_but(*groups: tuple[int, ...]) -> list[int]:
    """Named by first member; the others by themselves."""
    first = {item: min(group) for group in groups for item in group}
    return [first.get(item, item) for item in range(COUNT)]


def test_who_is_freed_does_not_take_the_next_best() -> None:
    """0 and 1 are one. Alone 1 would join 2, odds 3/7 against 1/4; with 0, whose odds are 1/19, it did not."""
    chances = {(0, 1): 0.9, (1, 2): 0.3, (0, 2): 0.05}

    assert decided(chances)[0] == alone_but((0, 1))
    assert decided(chances, different=[(0, 1)])[0] == alone_but()
    assert decided(chances, different=[(0, 1)], same=[(1, 2)])[0] == alone_but((1, 2))


def test_same_joins_whole_groups_and_different_takes_one_apart() -> None:
    """0-1 and 2-3 by way of 1 and 2, though 0 and 3 were never compared; of 2-3-4 without 2-3 the likelier half."""
    chances = {(0, 1): 0.9, (2, 3): 0.8}

    assert decided(chances, same=[(1, 2)])[0] == alone_but((0, 1, 2, 3))

    chain = {(2, 3): 0.7, (3, 4): 0.6, (2, 4): 0.3}
    assert decided(chain)[0] == alone_but((2, 3, 4))
    assert decided(chain, different=[(2, 3)])[0] == alone_but((3, 4))


def test_an_answer_that_agrees_with_the_machine_changes_nothing() -> None:
    """Grown from the known pair 0-2 on, 1 would come before 3, and 3 be left: odds 3/7 and 1/9 against twice 1/4."""
    chances = {(0, 1): 0.1, (0, 2): 0.6, (0, 3): 0.1, (1, 2): 0.9, (1, 3): 0.3}
    machine = decided(chances)[0]

    assert machine == alone_but((0, 1, 2, 3))
    assert decided(chances, same=[(0, 2)])[0] == machine
    assert decided(chances, different=[(3, 5)])[0] == machine


def test_of_answers_that_cannot_all_be_true_the_likelier_hold() -> None:
    """0 and 1 are seen at one time; both are said to be 2, and 3, who was never compared with 4, to be 4."""
    likely = {(0, 2): 0.3, (1, 2): 0.9}
    said = [(0, 2), (1, 2)]

    assert decided(likely, same=said, apart=[(0, 1)]) == (alone_but((1, 2)), [True, False])
    assert decided({(0, 2): 0.9, (1, 2): 0.3}, same=said, apart=[(0, 1)]) == (alone_but((0, 2)), [False, True])
    assert decided(likely, same=[(3, 4), (1, 4), (1, 2)], apart=[(2, 4)])[1] == [False, True, False]


def test_the_chance_of_a_pair_is_found_whichever_end_comes_first() -> None:
    pairs, chances = pairs_of([(4, 1), (2, 3)]), np.array([0.7, 0.4], np.float32)

    np.testing.assert_allclose(
        chances_of(pairs_of([(3, 2), (1, 4), (0, 1)]), pairs, chances, 5), [0.4, 0.7, 0], atol=1e-7
    )
    assert chances_of(pairs_of([]), pairs, chances, 5).tolist() == []


def beside(groups: list[int], one: int) -> set[int]:
    return {other for other in range(COUNT) if groups[other] == groups[one]}


item = st.integers(0, COUNT - 1)
pair = st.tuples(item, item).filter(lambda ends: ends[0] < ends[1])
listed_pairs = st.lists(pair, max_size=5)


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(pair, st.sampled_from([0.02, 0.1, 0.3, 0.6, 0.9]), max_size=20), listed_pairs, listed_pairs)
def test_only_groups_that_answers_connect_or_part_are_others(chances: Chances, same: Listed, different: Listed) -> None:
    machine, groups = decided(chances)[0], decided(chances, same=same, different=different)[0]
    named = {machine[end] for one, other in same if machine[one] != machine[other] for end in (one, other)}
    parted = {machine[one] for one, other in different if machine[one] == machine[other]}

    for one in range(COUNT):
        if machine[one] not in named | parted:
            assert beside(groups, one) == beside(machine, one)
        elif machine[one] not in named:
            assert beside(groups, one) <= beside(machine, one)
