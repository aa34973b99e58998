"""Each person's pace, share of changes, and agreement with the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from backend.review.edits import Made, Move, Say, Trim
from backend.review.models import Answer, Verdict
from backend.review.selectors.state import review_state
from backend.review.selectors.statistics import statistics_of_people
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from tests.unit.backend.review.town import Town


def test_people_are_counted_apart(town: Town) -> None:
    town.say("ann", "a1 b1", "different")
    town.say("ann", "a3 b3", "same")
    town.say("ann", "b3 c3", "cannot_tell")
    taken_back = town.say("ben", "b3 c3", "same")
    operation_undo(actor=town.people["ann"], operation=taken_back)
    ann, ben = statistics_of_people(user=town.people["vic"], scene_id=town.scene.pk)
    assert (ann.person.username, ann.verdicts, ann.same, ann.different, ann.cannot_tell) == ("ann", 3, 1, 1, 1)
    assert ann.changed == pytest.approx(1 / 3)
    assert (ben.verdicts, ben.taken_back, ben.changed, ben.agreement) == (0, 1, None, None)


def test_an_answer_that_was_stored_together_with_a_cut_is_an_answer(town: Town) -> None:
    """And a verdict that follows from a move is none."""
    a1, a3, b1, b3 = (town.tracklets[name].pk for name in ("a1", "a3", "b1", "b3"))
    opened = timezone.now() - timedelta(seconds=6)
    for edits in (
        [Trim(a1, last_frame=9), Say(Made(0, 0), b1, Answer.SAME, opened_at=opened)],
        [Trim(a3, last_frame=209), Move(b3, None)],
    ):
        tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=edits)
    (ann,) = statistics_of_people(user=town.people["ann"], scene_id=town.scene.pk)
    assert (ann.verdicts, ann.same, ann.different) == (1, 1, 0)
    assert ann.decisions_per_minute is not None
    assert review_state(scene=town.scene).stop.reason.startswith("Too early to say: 1 of 20 answers")


def test_pace_is_the_median_and_leaves_out_who_was_away(town: Town) -> None:
    for pair in ("a1 b1", "b1 c1", "a2 b2", "a3 b3"):
        town.say("ann", pair, "same")
    seconds = dict(zip(Verdict.objects.order_by("id").values_list("pk", flat=True), (2, 4, 9, 4000), strict=True))
    for pk, spent in seconds.items():
        Verdict.objects.filter(pk=pk).update(opened_at=F("decided_at") - timedelta(seconds=spent))
    (ann,) = statistics_of_people(user=town.people["ann"], scene_id=town.scene.pk)
    assert ann.decisions_per_minute == pytest.approx(15.0)


def test_agreement_is_about_pairs_that_others_judged_too(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    town.say("ann", "a3 b3", "same")
    town.say("ann", "b3 c3", "same")
    town.say("ben", "a1 b1", "same")
    town.say("ben", "a3 b3", "different")
    town.say("ben", "b3 c3", "cannot_tell")
    ann, ben = statistics_of_people(user=town.people["ann"], scene_id=town.scene.pk)
    assert (ann.agreement, ben.agreement) == (0.5, 0.5)
