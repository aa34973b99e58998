"""Work left, and the advice to stop."""

from __future__ import annotations

import pytest

from backend.review.models import Operation
from backend.review.selectors.state import Counts, review_state, share_that_changes
from tests.unit.backend.review.town import Town


@pytest.mark.parametrize(
    ("changed", "share"),
    [([], 1.0), ([False], 19 / 21), ([False, True], 19 / 21 + 2 / 21 * (1 - 19 / 21)), ([True] * 50, 1.0)],
)
def test_the_share_that_changes_is_a_moving_average(changed: list[bool], share: float) -> None:
    assert share_that_changes(changed) == pytest.approx(share)


def test_open_pairs_are_counted_and_settled_ones_are_not(town: Town) -> None:
    """All 11 pairs are uncertain. "Different" of a1-b2 settles it and the two others between the same identities."""
    assert review_state(scene=town.scene).counts == Counts(uncertain=11)
    town.say("ann", "a1 b2", "different")
    state = review_state(scene=town.scene)
    assert (state.work_left, state.decided, state.counts.uncertain) == (8, 1, 8)


def test_contradictions_are_work(town: Town) -> None:
    town.say("ann", "b3 c3", "same")
    town.say("ben", "b3 c3", "different")
    state = review_state(scene=town.scene)
    assert (state.counts.contradictions, state.work_left) == (1, 11)


def test_what_is_expected_follows_what_an_answer_has_settled(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A "different" of a1-b2 settles 3 of 11 pairs; at that rate the other 8 take 3 answers."""
    town.say("ann", "a1 b2", "different")
    state = review_state(scene=town.scene)
    assert (state.expected, state.basis) == (8, "8 uncertain pairs: at most so many answers.")
    monkeypatch.setattr("backend.review.selectors.state.FEWEST_FOR_RATE", 1)
    state = review_state(scene=town.scene)
    assert (state.expected, state.basis) == (3, "8 uncertain pairs; so far one answer settled 3.0 of them.")
    assert (state.work_left, state.revision) == (8, 1)


def test_nobody_stops_while_answers_change_something(town: Town) -> None:
    town.say("ann", "b3 c3", "same")
    stop = review_state(scene=town.scene).stop
    assert (stop.advised, stop.reason[:16]) == (False, "Too early to say")


def test_one_stops_when_answers_have_long_changed_nothing(town: Town) -> None:
    """(19 / 21)^24 = 0.091 is the first power below 0.1; patience for 11 uncertain pairs is the least, 20."""
    idle(town, 23)
    assert not review_state(scene=town.scene).stop.advised
    idle(town, 1)
    stop = review_state(scene=town.scene).stop
    assert stop.advised
    assert "9% changed anything" in stop.reason


def idle(town: Town, count: int) -> None:
    """So many verdicts that changed nothing."""
    first = town.scene.operations.count() + 1
    Operation.objects.bulk_create(
        Operation(
            scene=town.scene, run=town.run, number=number, kind="verdict", actor=town.people["ann"],
            after={"standing": True, "effect": {"changed": False}},
        )
        for number in range(first, first + count)
    )  # fmt: skip


def test_one_stops_when_nothing_is_left(town: Town) -> None:
    for pair in ("a1 b1", "b1 c1", "a2 b2", "a3 b3"):
        town.say("ann", pair, "same")
    for pair in ("a2 b1", "b2 c2", "b3 c3", "b1 c2"):
        town.say("ann", pair, "different")
    state = review_state(scene=town.scene)
    assert (state.work_left, state.stop.advised) == (0, True)
