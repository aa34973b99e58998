"""Components that have not changed are not grown again, and the groups are those of growing everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching.graph.conflicts import IndexPairs
from ml.matching.graph.growth import Graph, GrownParts, KnownParts, grown, join_weights

JOIN = 0.2
Chances = dict[tuple[int, int], float]
Listed = list[tuple[int, int]]


def graph_of(count: int, chances: Chances, apart: list[tuple[int, int]] | None = None) -> Graph:
    return Graph.of(
        count,
        pairs_of(list(chances)),
        np.array(list(chances.values()), np.float32),
        pairs_of(apart or []),
        JOIN,
    )


def pairs_of(listed: list[tuple[int, int]]) -> IndexPairs:
    return np.array(listed, np.int64).reshape(-1, 2)


def seen_in(graph: Graph, known: KnownParts | None = None) -> tuple[list[int], KnownParts]:
    """The groups, and what this grouping has of components."""
    parts = GrownParts(known or {}, {})
    return grown(graph, parts).tolist(), dict(parts.seen)


def test_what_a_component_became_is_kept_counted_from_its_first_member() -> None:
    """1 and 3 are one; 5, 6 and 7 hang together, but 7 is nobody's best."""
    groups, parts = seen_in(graph_of(8, {(1, 3): 0.9, (5, 6): 0.9, (6, 7): 0.3, (5, 7): 0.01}))

    assert groups == [0, 1, 2, 1, 4, 5, 5, 7]
    assert sorted(own.tolist() for own in parts.values()) == [[0, 0], [0, 0, 2]]


def test_a_known_component_is_taken_as_it_was_left() -> None:
    """To see that it is not grown again it is told a lie here, which only (1, 3) believes."""
    pairs = {(1, 3): 0.9, (5, 6): 0.9, (6, 7): 0.8}
    _, parts = seen_in(graph_of(8, pairs))
    lie = {digest: np.arange(2, dtype=np.int32) for digest, own in parts.items() if len(own) == 2}

    assert seen_in(graph_of(8, pairs), lie)[0] == [0, 1, 2, 3, 4, 5, 5, 5]


def test_other_components_and_other_numbers_do_not_matter_to_one() -> None:
    """New items in front, and a pair of theirs: the component of two is the same one."""
    _, before = seen_in(graph_of(3, {(0, 2): 0.9}))
    _, after = seen_in(graph_of(6, {(0, 1): 0.7, (3, 5): 0.9}))

    assert before.keys() < after.keys()


def test_everything_a_component_grows_from_makes_it_another() -> None:
    base = graph_of(3, {(0, 1): 0.9, (1, 2): 0.8})
    chance = graph_of(3, {(0, 1): 0.9, (1, 2): 0.7})
    apart = graph_of(3, {(0, 1): 0.9, (1, 2): 0.8}, [(0, 2)])
    begun, stricter = replace(base, groups=np.array([0, 0, 2])), replace(base, join_probability=0.5)

    digests = [digest for graph in (base, chance, apart, begun, stricter) for digest in seen_in(graph)[1]]

    assert len(set(digests)) == 5


def test_an_empty_graph_has_no_groups() -> None:
    assert seen_in(graph_of(0, {})) == ([], {})
    assert seen_in(graph_of(2, {})) == ([0, 1], {})


def test_weights_are_above_zero_where_joining_is_favoured() -> None:
    np.testing.assert_allclose(
        join_weights(np.array([0.2, 0.5, 0.0]), 0.2), [0, np.log(4), np.log(4e-6 / (1 - 1e-6))], atol=1e-9
    )


item = st.integers(0, 11)
pair = st.tuples(item, item).filter(lambda ends: ends[0] < ends[1])
graphs = st.tuples(
    st.dictionaries(pair, st.sampled_from([0.02, 0.1, 0.3, 0.6, 0.9]), max_size=20), st.lists(pair, max_size=3)
)


@settings(deadline=None, max_examples=25)
@given(st.lists(graphs, min_size=1, max_size=4))
def test_groups_are_those_of_growing_everything_whatever_was_known(scenes: list[tuple[Chances, Listed]]) -> None:
    known: KnownParts = {}
    for chances, apart in scenes:
        graph = graph_of(12, chances, apart)

        groups, known = seen_in(graph, known)

        assert groups == grown(graph).tolist()
