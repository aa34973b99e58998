"""Edits of whole identities are one operation with one undo."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.review.models import Operation, Verdict
from backend.review.services.bulk import identities_merge, identity_confirm, tracklets_split
from backend.review.services.decisions import operation_undo
from tests.unit.backend.review.town import Town, make_run

MACHINE = {"a1 b1 c1", "a2 b2", "a3 b3", "c2", "c3"}


def merge(town: Town, *names: str, who: str = "ann", request: str = "") -> Operation:
    """The identities that these tracklets are in."""
    numbers = [town.identities()[name] for name in names]
    return identities_merge(
        actor=town.people[who], scene=town.scene, run_id=town.run.pk, numbers=numbers, request=request
    )


def split(town: Town, names: Sequence[str], who: str = "ann") -> Operation:
    return tracklets_split(actor=town.people[who], scene=town.scene, tracklets=[town.tracklets[n] for n in names])


def confirm(town: Town, name: str) -> Operation:
    number = town.identities()[name]
    return identity_confirm(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, number=number)


def test_merged_identities_are_one_in_one_operation(town: Town) -> None:
    operation = merge(town, "a3", "c3", "c2")
    assert town.groups() == {"a1 b1 c1", "a2 b2", "a3 b3 c2 c3"}
    assert Verdict.objects.filter(operation=operation, answer="same").count() == 3  # c2-a3, a3-b3, b3-c3
    operation_undo(actor=town.people["ben"], operation=operation)
    assert town.groups() == MACHINE


def test_identities_that_are_seen_at_one_time_are_not_merged(town: Town) -> None:
    with pytest.raises(Conflict, match="camera A") as refused:
        merge(town, "a1", "a2")
    assert refused.value.code == "overlap-in-camera"
    assert not Verdict.objects.exists()


def test_what_a_split_took_apart_is_merged_again_and_comes_apart_by_one_undo(town: Town) -> None:
    """The split calls c3 different from a3 and b3; the merge says "same" of a3-b3, b3-c3, and a3-c3 too."""
    merge(town, "a3", "c3")
    split(town, ["c3"])
    assert town.groups() == MACHINE
    operation = merge(town, "a3", "c3")
    assert "a3 b3 c3" in town.groups()
    assert Verdict.objects.filter(operation=operation, answer="same").count() == 3
    assert operation.after["effect"]["contradictions"] == 0
    operation_undo(actor=town.people["ben"], operation=operation)
    assert town.groups() == MACHINE


def test_what_somebody_else_called_different_is_not_merged_over_their_head(town: Town) -> None:
    denied = town.say("ben", "a3 c3", "different")
    said = f"ben called tracklets 3 in camera A and 3 in camera C different vehicles .operation {denied.number}."
    with pytest.raises(Conflict, match=said) as refused:
        merge(town, "a3", "c3")
    assert refused.value.code == "called-different"
    assert town.groups() == MACHINE
    assert not Verdict.objects.filter(answer="same").exists()
    operation_undo(actor=town.people["ann"], operation=denied)
    merge(town, "a3", "c3")
    assert "a3 b3 c3" in town.groups()


def test_a_disagreement_that_everybody_has_seen_is_settled_by_a_merge(town: Town) -> None:
    town.say("ann", "a3 c3", "same")
    assert town.say("ben", "a3 c3", "different").after["effect"]["contradictions"] == 1
    operation = merge(town, "a3", "c3", who="cleo")
    assert "a3 b3 c3" in town.groups()
    assert operation.after["effect"]["contradictions"] == 0


def test_merging_needs_two_identities_of_this_run(town: Town) -> None:
    with pytest.raises(BadInput):
        merge(town, "a1", "b1")
    with pytest.raises(NotFound):
        identities_merge(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, numbers=[1, 99])
    later = make_run(town.scene, number=2)
    with pytest.raises(Conflict):
        identities_merge(actor=town.people["ann"], scene=town.scene, run_id=later.pk, numbers=[1, 2])


def test_a_split_is_different_from_each_that_stays(town: Town) -> None:
    """b1 leaves a1 and c1, which only b1 had joined; c1 is free for b2 then, as the matcher would have had it."""
    operation = split(town, ["b1"])
    assert town.groups() == {"a1", "b1", "a2 b2 c1", "a3 b3", "c2", "c3"}
    assert Verdict.objects.filter(operation=operation, answer="different").count() == 2
    operation_undo(actor=town.people["ben"], operation=operation)
    assert town.groups() == MACHINE


def test_what_people_called_one_vehicle_stays_together_when_its_middle_leaves(town: Town) -> None:
    """ "Same" was said of c2-a3, a3-b3, b3-c3; without a3 and b3 that leaves c2-c3, which is said now."""
    merge(town, "a3", "c3", "c2")
    operation = split(town, ["a3", "b3"])
    assert town.groups() == {"a1 b1 c1", "a2 b2", "a3 b3", "c2 c3"}
    assert [verdict.answer for verdict in operation.verdicts.order_by("id")] == 4 * ["different"] + ["same"]
    operation_undo(actor=town.people["ben"], operation=operation)
    assert "a3 b3 c2 c3" in town.groups()


def test_a_split_off_end_says_nothing_more_of_the_rest(town: Town) -> None:
    merge(town, "a3", "c3", "c2")
    operation = split(town, ["c3"])
    assert "a3 b3 c2" in town.groups()
    assert not operation.verdicts.filter(answer="same").exists()


def test_splitting_needs_a_part_of_one_identity(town: Town) -> None:
    with pytest.raises(BadInput):
        split(town, ["a1", "a2"])
    with pytest.raises(BadInput):
        split(town, ["a2", "b2"])


def test_a_confirmed_identity_stays_together_and_settles_its_pairs(town: Town) -> None:
    """Somebody's b2-c1 alone would take c1 away; beside the confirmation it is a contradiction."""
    confirm(town, "a1")
    assert Verdict.objects.filter(answer="same").count() == 2
    operation = town.say("ben", "b2 c1", "same")
    assert "a1 b1 c1" in town.groups()
    assert operation.after["effect"]["contradictions"] > 0


def test_one_tracklet_alone_needs_no_confirmation(town: Town) -> None:
    with pytest.raises(Conflict, match="nothing to confirm"):
        confirm(town, "c2")


def test_the_same_request_merges_once(town: Town) -> None:
    first = merge(town, "a3", "c3", request="key")
    assert (
        identities_merge(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, numbers=[1, 2], request="key")
        == first
    )


def test_viewers_do_not_merge(town: Town) -> None:
    with pytest.raises(Refused):
        merge(town, "a3", "c3", who="vic")
