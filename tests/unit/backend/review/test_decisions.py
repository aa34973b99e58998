"""Verdicts change the identities that people see, at once and reversibly."""

from __future__ import annotations

import pytest

from backend.accounts.models import Role
from backend.config.problems import BadInput, Conflict, Problem, Refused
from backend.identities.models import IdentityMember
from backend.review.models import Operation, OperationKind, Verdict
from backend.review.selectors.state import contradictory_pairs
from backend.review.services.decisions import operation_undo
from backend.review.services.recording import edit_begin
from backend.scenes.models import Scene, SceneMembership
from backend.tracking.arrays import unpack_boxes, unpack_frames
from tests.unit.backend.review.town import Town, make_run

MACHINE = {"a1 b1 c1", "a2 b2", "a3 b3", "c2", "c3"}


def contradicted(town: Town) -> set[str]:
    names = {tracklet.pk: name for name, tracklet in town.tracklets.items()}
    return {" ".join(sorted(names[end] for end in pair)) for pair in contradictory_pairs(run=town.run)}


def test_without_decisions_people_see_what_the_run_says(town: Town) -> None:
    assert town.groups() == MACHINE


def test_different_takes_a_pair_apart_and_nothing_else(town: Town) -> None:
    """Without a1-b1 the nearest eligible pairs are b1-c1, a2-b2, then a2-b1: refused, b1 and b2 are seen together."""
    operation = town.say("ann", "a1 b1", "different")
    assert town.groups() == {"a1", "b1 c1", "a2 b2", "a3 b3", "c2", "c3"}
    assert operation.after["effect"] == {
        "changed": True, "joined": [], "separated": [1, 6], "tracklets": 1, "contradictions": 0,
    }  # fmt: skip


def test_same_joins_two_identities(town: Town) -> None:
    operation = town.say("ann", "b3 c3", "same")
    assert town.groups() == {"a1 b1 c1", "a2 b2", "a3 b3 c3", "c2"}
    assert operation.after["effect"]["joined"] == [town.identities()["a3"]]
    assert operation.after["effect"]["tracklets"] == 1


def test_same_comes_before_the_machines_own_joins(town: Town) -> None:
    """b2-c1 by a person: c1 cannot stay with b1, who is seen together with b2."""
    town.say("ann", "b2 c1", "same")
    assert town.groups() == {"a1 b1", "a2 b2 c1", "a3 b3", "c2", "c3"}


def test_cannot_tell_changes_nothing_and_is_kept(town: Town) -> None:
    operation = town.say("ann", "a1 b1", "cannot_tell")
    assert town.groups() == MACHINE
    assert operation.after["effect"]["changed"] is False
    assert Verdict.objects.get().answer == "cannot_tell"


def test_the_runs_own_rows_never_change(town: Town) -> None:
    before = list(IdentityMember.objects.order_by("pk").values_list())
    town.say("ann", "a1 b1", "different")
    town.say("ann", "b3 c3", "same")
    assert list(IdentityMember.objects.order_by("pk").values_list()) == before


def test_a_verdict_is_anchored_where_the_vehicles_were(town: Town) -> None:
    town.say("ann", "b1 a1", "same", confidence=3)
    verdict = Verdict.objects.get()
    assert (verdict.left.camera.name, verdict.right.camera.name) == ("A", "B")  # a1 ends first
    assert (verdict.left.first_frame, verdict.left.last_frame) == (0, 19)
    assert unpack_frames(verdict.left.frames).tolist() == list(range(20))
    assert unpack_boxes(verdict.left.boxes)[0].tolist() == [100, 50, 140, 70]
    assert (verdict.person.username, verdict.confidence) == ("ann", 3)


def test_anybody_can_take_a_verdict_back_and_restore_it(town: Town) -> None:
    numbers, rows = town.identities(), town.shown()
    first = town.say("ann", "a1 b1", "different")
    apart = town.identities()
    undo = operation_undo(actor=town.people["ben"], operation=first)
    assert (town.identities(), town.shown()) == (numbers, rows)
    again = operation_undo(actor=town.people["cleo"], operation=undo)
    assert town.groups() == {"a1", "b1 c1", "a2 b2", "a3 b3", "c2", "c3"}
    assert {name: town.identities()[name] for name in ("b1", "c1", "a2")} == {
        name: apart[name] for name in ("b1", "c1", "a2")
    }
    assert [operation.number for operation in (first, undo, again)] == [1, 2, 3]
    assert Verdict.objects.get().revoked_by is None


def test_what_is_undone_is_not_undone_again(town: Town) -> None:
    first = town.say("ann", "a1 b1", "different")
    undo = operation_undo(actor=town.people["ben"], operation=first)
    with pytest.raises(Conflict, match=r"ben has undone this already, .*operation 2") as refused:
        operation_undo(actor=town.people["ann"], operation=first)
    assert refused.value.code == "already-undone"
    operation_undo(actor=town.people["ann"], operation=undo)
    with pytest.raises(Conflict, match="undo the last of these"):
        operation_undo(actor=town.people["ann"], operation=first)


def test_two_seen_together_in_one_camera_are_never_one(town: Town) -> None:
    with pytest.raises(Conflict, match="at one time in camera A") as refused:
        town.say("ann", "a1 a2", "same")
    assert refused.value.code == "overlap-in-camera"
    assert not Operation.objects.exists()
    town.say("ann", "a1 a2", "different")


def test_one_tracklet_is_no_pair(town: Town) -> None:
    with pytest.raises(BadInput):
        town.say("ann", "a1 a1", "same")


def test_viewers_do_not_decide(town: Town) -> None:
    with pytest.raises(Refused):
        town.say("vic", "a1 b1", "same")
    operation = town.say("ann", "a1 b1", "same")
    with pytest.raises(Refused):
        operation_undo(actor=town.people["vic"], operation=operation)


def test_a_run_that_is_no_longer_shown_takes_no_verdict(town: Town) -> None:
    town.scene.current_run = make_run(town.scene, number=2)
    town.scene.save()
    with pytest.raises(Conflict) as refused:
        town.say("ann", "a1 b1", "same")
    assert refused.value.code == "run-not-current"


def test_the_same_request_is_done_once_for_each_person(town: Town) -> None:
    first = town.say("ann", "a1 b1", "different", request="key")
    assert town.say("ann", "a1 b1", "different", request="key") == first
    assert town.say("ben", "a1 b1", "different", request="key") != first
    assert Verdict.objects.count() == 2
    undone = operation_undo(actor=town.people["ann"], operation=first, request="other key")
    assert operation_undo(actor=town.people["ann"], operation=first, request="other key") == undone


def test_a_key_that_brought_something_else_is_refused_and_not_answered_with_that(town: Town) -> None:
    first = town.say("ann", "a1 b1", "different", request="key")
    second = town.say("ann", "a3 b3", "different")
    undone = operation_undo(actor=town.people["ann"], operation=first, request="other key")
    with pytest.raises(Problem, match="another request"):
        operation_undo(actor=town.people["ann"], operation=second, request="key")
    with pytest.raises(Problem, match="another request"):
        operation_undo(actor=town.people["ann"], operation=second, request="other key")
    assert list(Operation.objects.order_by("number")) == [first, second, undone]
    elsewhere = Scene.objects.create(slug="elsewhere", name="Elsewhere")
    SceneMembership.objects.create(scene=elsewhere, user=town.people["ann"], role=Role.ANALYST)
    with pytest.raises(Problem, match="another request"):
        edit_begin(scene=elsewhere, actor=town.people["ann"], kind=OperationKind.VERDICT, request="key")


def test_people_who_disagree_contradict_each_other_until_somebody_settles_it(town: Town) -> None:
    town.say("ann", "b3 c3", "same")
    operation = town.say("ben", "b3 c3", "different")
    assert operation.after["effect"]["contradictions"] == 1
    assert contradicted(town) == {"b3 c3"}
    assert town.groups() == MACHINE  # different holds meanwhile
    town.say("cleo", "b3 c3", "same")
    assert contradicted(town) == set()
    assert "a3 b3 c3" in town.groups()
    assert Verdict.objects.filter(revoked_by=None).count() == 3  # nothing is dropped


def test_a_chain_that_closes_on_a_different_is_shown_whole(town: Town) -> None:
    town.say("ann", "a3 b3", "same")
    town.say("ann", "b3 c3", "same")
    town.say("ben", "a3 c3", "different")
    assert contradicted(town) == {"a3 b3", "b3 c3", "a3 c3"}
    town.say("ben", "b3 c3", "different")
    assert contradicted(town) == set()
    assert town.groups() == MACHINE


def test_a_chain_that_closes_on_two_seen_together_is_shown(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    operation = town.say("ann", "a2 b1", "same")
    assert contradicted(town) == {"a1 b1", "a2 b1"}
    operation_undo(actor=town.people["ann"], operation=operation)
    assert contradicted(town) == set()


def test_what_people_say_overrides_what_the_links_assume(town: Town) -> None:
    """The link says that A and C share no road, so that nobody can be in both at once; a3 and c3 are moved to be."""
    first, last = town.scene.cameras.get(name="A"), town.scene.cameras.get(name="C")
    town.scene.links.create(source=first, target=last, min_s=0, max_s=30)
    c3 = town.tracklets["c3"]
    c3.start_s, c3.end_s = 21, 23
    c3.save()
    town.say("ann", "a3 c3", "same")
    assert "a3 b3 c3" in town.groups()
    assert contradicted(town) == set()


def test_a_number_that_came_apart_stays_when_other_things_change(town: Town) -> None:
    town.say("ann", "a1 b1", "different")
    number = town.identities()["a1"]
    town.say("ann", "b1 c1", "different")
    town.say("ann", "b3 c3", "same")
    assert town.identities()["a1"] == number
