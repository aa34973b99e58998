"""What counts as labelled: a town in which the machine has joined a2-b2-c1, a3-b3 and, as nobody denies, a1-b1."""

from __future__ import annotations

from backend.labels.confirmed import labels_of
from backend.review.edits import Trim
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.models import Layer, Tracklet
from tests.unit.backend.review.town import Town


def labelled(town: Town, machine_from: float | None = None) -> dict[str, bool]:
    """Name of each labelled tracklet -> whether people confirmed it."""
    return {town.name_of(each.tracklet): each.human for each in labels_of(run=town.run, machine_from=machine_from)}


def test_what_nobody_looked_at_is_not_labelled(town: Town) -> None:
    assert labelled(town) == {}


def test_what_people_called_the_same_is_labelled_and_the_rest_of_its_identity_is_not(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    assert labelled(town) == {"a1": True, "b1": True}


def test_two_that_are_called_different_are_labelled_each_for_itself(town: Town) -> None:
    town.say("ann", "a3 b3", "different")
    assert labelled(town) == {"a3": True, "b3": True}
    assert len({each.identity for each in labels_of(run=town.run)}) == 2


def test_an_answer_that_nobody_can_tell_labels_nothing(town: Town) -> None:
    town.say("ann", "a3 b3", "cannot_tell")
    assert labelled(town) == {}


def test_answers_that_contradict_each_other_label_nothing(town: Town) -> None:
    town.say("ann", "a3 b3", "same")
    town.say("ben", "a3 b3", "different")
    assert labelled(town) == {}


def test_confident_machine_joins_are_added_and_marked(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    # a2-b2-c1 are joined with probabilities of 0.5 and 0.3, a3-b3 with 0.8.
    confirmed = {"a1": True, "b1": True}
    assert labelled(town, 0.7) == confirmed | {"a3": False, "b3": False}
    assert labelled(town, 0.5) == confirmed | {"a2": False, "b2": False, "a3": False, "b3": False}


def test_a_machine_join_makes_a_confirmed_identity_larger(town: Town) -> None:
    town.say("ann", "a2 b2", "same")
    assert labelled(town, 0.25) == {"a2": True, "b2": True, "c1": False, "a1": False, "b1": False} | {
        "a3": False,
        "b3": False,
    }


def test_a_tracklet_that_people_changed_is_labelled_as_they_have_it(town: Town) -> None:
    trim = Trim(town.tracklets["c3"].pk, first_frame=305)
    tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=[trim])
    row = Tracklet.objects.get(run=town.run, layer=Layer.HUMAN)
    assert [(each.tracklet, each.human) for each in labels_of(run=town.run)] == [(row.pk, True)]
