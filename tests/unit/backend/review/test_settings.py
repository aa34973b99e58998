"""Several people judge each pair: it is asked of others until enough have answered, and a quarrel of one more."""

from __future__ import annotations

import pytest

from backend.accounts.models import Role
from backend.config.problems import Refused
from backend.review.models import Settled
from backend.review.selectors.queue import QueueFilter
from backend.review.selectors.state import review_state
from backend.review.services.settings import review_settings_set
from backend.scenes.models import SceneMembership
from tests.unit.backend.review.test_queue import leased
from tests.unit.backend.review.town import Town

CONTRADICTIONS = QueueFilter(state="contradiction")


def judged_by(town: Town, people: int) -> None:
    SceneMembership.objects.filter(scene=town.scene, user=town.people["cleo"]).update(role=Role.MANAGER)
    review_settings_set(actor=town.people["cleo"], scene=town.scene, people_per_pair=people)


def test_a_pair_is_asked_of_another_person_until_two_agree(town: Town) -> None:
    judged_by(town, 2)
    town.say("ann", "b3 c3", "different")
    assert "b3 c3" not in leased(town, "ann")
    assert "b3 c3" in leased(town, "ben")
    town.say("ben", "b3 c3", "different")
    assert "b3 c3" not in leased(town, "cleo")


def test_where_two_disagree_a_third_is_asked_and_settles_it(town: Town) -> None:
    judged_by(town, 2)
    town.say("ann", "b3 c3", "different")
    town.say("ben", "b3 c3", "same")
    assert leased(town, "ann", 10, CONTRADICTIONS) == leased(town, "ben", 10, CONTRADICTIONS) == []
    assert leased(town, "cleo", 1) == ["b3 c3"]
    town.say("cleo", "b3 c3", "same")
    assert not {"b3 c3"} & {*leased(town, "ann"), *leased(town, "ben"), *leased(town, "cleo")}
    assert review_state(scene=town.scene).counts.contradictions == 0


def test_one_answer_alone_implies_nothing_about_other_pairs(town: Town) -> None:
    """With one person a pair "different" of a1-b2 settles a2-b1 and b2-c1 too."""
    judged_by(town, 2)
    town.say("ann", "a1 b2", "different")
    assert not Settled.objects.exists()
    town.say("ben", "a1 b2", "different")
    assert Settled.objects.count() == 3


def test_what_was_judged_before_is_worked_out_anew(town: Town) -> None:
    town.say("ann", "b3 c3", "different")
    town.say("ben", "b3 c3", "different")
    town.say("ann", "b2 c2", "different")
    judged_by(town, 2)
    assert {"b2 c2"} <= set(leased(town, "ben"))
    assert "b3 c3" not in leased(town, "cleo")
    judged_by(town, 1)
    assert "b2 c2" not in leased(town, "ben")


def test_work_left_counts_the_answers_that_are_missing(town: Town) -> None:
    """11 uncertain pairs, two people each: 22 answers, of which one is given."""
    judged_by(town, 2)
    town.say("ann", "b3 c3", "different")
    state = review_state(scene=town.scene)
    assert (state.work_left, state.people_per_pair) == (21, 2)
    assert "each judged by 2 people" in state.basis


def test_analysts_do_not_set_how_many_judge(town: Town) -> None:
    with pytest.raises(Refused):
        review_settings_set(actor=town.people["ann"], scene=town.scene, people_per_pair=2)
