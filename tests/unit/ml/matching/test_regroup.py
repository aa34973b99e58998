"""Stored pairs and decisions give the groups again, whole or component by component."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import Regrouping, regroup
from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs
from ml.matching.graph.regroup import STRATEGIES
from ml.types import UserError

COUNT = 10
Listed = list[tuple[int, int]]

strategies = st.sampled_from(STRATEGIES)
index_pairs = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda pair: pair[0] != pair[1]), max_size=9
)


def pairs(*listed: tuple[int, int]) -> IndexPairs:
    return np.array(listed, np.int64).reshape(-1, 2)


def decided(must: Listed, cannot: Listed, conflicts: Listed | None = None) -> Regrouping:
    return regroup(
        6,
        pairs(),
        distances=np.zeros(0, np.float32),
        eligible=np.zeros(0, bool),
        must_links=pairs(*must),
        cannot_links=pairs(*cannot),
        conflicts=pairs(*(conflicts or [])),
    )


def test_only_eligible_pairs_join() -> None:
    grouping = regroup(3, pairs((0, 1), (1, 2)), distances=np.array([0.1, 0.2]), eligible=np.array([False, True]))

    assert grouping.labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize(("chance", "labels"), [(0.05, [0, 0, 1]), (0.1, [0, 0, 0])])
def test_probabilities_decide_by_the_mean_of_their_log_odds(chance: float, labels: list[int]) -> None:
    """Against odds of 1/4 (0.2): 0 and 1, odds 4, come first. The third one's odds with 1 are 1, so 4 times the least.

    With 0 they are 1/19, 4/19 of the least: 4 x 4/19 is below 1 and speaks against; 1/9 gives 16/9, above 1.
    """
    grouping = regroup(
        3,
        pairs((0, 1), (1, 2), (0, 2)),
        distances=np.zeros(3),
        eligible=np.array([True, True, False]),
        probabilities=np.array([0.8, 0.5, chance], np.float32),
        strategy="constrained",
        join_probability=0.2,
    )

    assert grouping.labels.tolist() == labels


def test_a_contradiction_shows_the_chain_that_it_closes() -> None:
    """1 = 2 and 2 = 3 are kept; 3 = 4 would bring 1 and 4 together, who are different."""
    grouping = decided(must=[(3, 4), (1, 2), (2, 3)], cannot=[(0, 5), (4, 1)])

    assert grouping.labels.tolist() == [0, 1, 1, 1, 2, 3]
    (contradiction,) = grouping.contradictions
    assert (contradiction.must_link, contradiction.cannot_link) == (0, 1)
    assert contradiction.chain in ([1, 2, 3, 4], [4, 3, 2, 1])


def test_a_contradiction_with_the_clock_has_no_cannot_link() -> None:
    (contradiction,) = decided(must=[(0, 1)], cannot=[], conflicts=[(1, 0)]).contradictions

    assert contradiction.cannot_link is None
    assert sorted(contradiction.chain) == [0, 1]


def test_a_conflict_that_gives_way_gives_way_to_the_answer_alone() -> None:
    """0-2, 1-3 and 4-5 are one each. Had 0 and 1 not been kept apart, 1 would be with 2, and 3 with 4 in place of 5."""
    chances = {(0, 2): 0.95, (1, 2): 0.9, (1, 3): 0.8, (3, 4): 0.7, (4, 5): 0.5}
    unlike = {(0, 3): 0.01, (2, 3): 0.01, (1, 4): 0.01, (3, 5): 0.01}

    def labels(must: Listed, *, conflicts: IndexPairs = NO_PAIRS, overruled: IndexPairs = NO_PAIRS) -> list[int]:
        probabilities = np.array([*chances.values(), *unlike.values()], np.float32)
        found = regroup(
            6,
            pairs(*chances, *unlike),
            distances=1 - probabilities,
            eligible=probabilities > 0.1,
            probabilities=probabilities,
            strategy="constrained",
            must_links=pairs(*must),
            conflicts=conflicts,
            overruled=overruled,
        )
        return [int(label) for label in found.labels]

    assert labels([], conflicts=pairs((0, 1))) == [0, 1, 0, 1, 2, 2]
    assert labels([]) == [0, 0, 0, 1, 1, 2]
    assert labels([(0, 1)], overruled=pairs((0, 1))) == [0, 0, 0, 1, 2, 2]


def test_unknown_strategy_is_refused() -> None:
    with pytest.raises(UserError, match="nearest"):
        regroup(1, pairs(), distances=np.zeros(0), eligible=np.zeros(0, bool), strategy="nearest")


@given(strategies, index_pairs, index_pairs, index_pairs, index_pairs)
def test_decisions_hold_and_contradictions_explain_themselves(
    strategy: str, listed: Listed, must: Listed, cannot: Listed, conflicts: Listed
) -> None:
    grouping = _regrouped(strategy, listed, must, cannot, conflicts)
    labels, refused = grouping.labels, {contradiction.must_link for contradiction in grouping.contradictions}

    for one, other in cannot + conflicts:
        assert labels[one] != labels[other]
    for row, (one, other) in enumerate(must):
        assert (labels[one] != labels[other]) == (row in refused)
    said = {frozenset(pair) for pair in must}
    for contradiction in grouping.contradictions:
        chain, ban = contradiction.chain, contradiction.cannot_link
        assert {frozenset(step) for step in pairwise(chain)} <= said
        assert frozenset(must[contradiction.must_link]) in {frozenset(s) for s in pairwise(chain)}
        bans = conflicts if ban is None else [cannot[ban]]
        assert frozenset((chain[0], chain[-1])) in {frozenset(pair) for pair in bans}


@given(strategies, index_pairs, index_pairs, index_pairs, index_pairs)
def test_a_component_alone_gives_what_the_whole_gives(
    strategy: str, listed: Listed, must: Listed, cannot: Listed, conflicts: Listed
) -> None:
    whole = _regrouped(strategy, listed, must, cannot, conflicts).labels
    eligible = [pair for pair in listed if _rank(listed, pair) % 3]
    inside = _component(0, [*eligible, *must])

    def within(pairs_: Listed) -> Listed:
        return [pair for pair in pairs_ if set(pair) <= inside]

    alone = _regrouped(strategy, within(listed), within(must), within(cannot), within(conflicts), ranks=listed).labels

    for one in inside:
        for other in inside:
            assert (whole[one] == whole[other]) == (alone[one] == alone[other])


def _regrouped(
    strategy: str, listed: Listed, must: Listed, cannot: Listed, conflicts: Listed, ranks: Listed | None = None
) -> Regrouping:
    """Every third pair is not eligible, and of the others the earlier ones are the surer ones."""
    rank = np.array([_rank(ranks or listed, pair) for pair in listed], np.float32)
    eligible = rank % 3 > 0
    return regroup(
        COUNT,
        pairs(*listed),
        distances=rank,
        eligible=eligible,
        probabilities=np.where(eligible, 0.9 - 0.03 * rank, 0.09 - 0.01 * rank).astype(np.float32),
        strategy=strategy,
        must_links=pairs(*must),
        cannot_links=pairs(*cannot),
        conflicts=pairs(*conflicts),
    )


def _rank(listed: Listed, pair: tuple[int, int]) -> int:
    return listed.index(pair)


def _component(seed: int, edges: Listed) -> set[int]:
    inside = {seed}
    for _ in range(COUNT):
        inside |= {end for edge in edges if inside & set(edge) for end in edge}
    return inside
