"""Edits of tracklets: what is shown after them, what hangs on it, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.config.problems import BadInput, Conflict
from backend.identities.selectors import identity_numbers
from backend.review.edits import (
    AnyEdit,
    Attributes,
    Boxes,
    Create,
    Cut,
    Duplicate,
    Hide,
    Made,
    Move,
    Say,
    Swap,
    Trim,
    Unhide,
)
from backend.review.models import Answer, Operation, OperationKind, Verdict
from backend.review.selectors.hidden import hidden_list
from backend.review.selectors.operations import OperationFilter, operation_list, operation_views
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.arrays import unpack_frames
from backend.tracking.models import Candidate, Tracklet
from tests.unit.backend.review.town import Town


def edit(town: Town, *edits: AnyEdit, person: str = "ann", request: str = "") -> Operation:
    return tracklets_edit(actor=town.people[person], scene=town.scene, run_id=town.run.pk, edits=edits, request=request)


def after(operation: Operation, at: int = 0) -> list[int]:
    return [state["id"] for state in operation.after["changes"][at]["after"]]


def seen(town: Town) -> dict[int, tuple[int, int, int]]:
    """Id of what is shown in camera B -> number, first and last frame."""
    rows = Tracklet.objects.shown().filter(camera__name="B", first_frame__lt=200)
    return {row.pk: (row.number, row.first_frame, row.last_frame) for row in rows}


def members(town: Town, number: int) -> int:
    return {row[0]: int(str(row[2])) for row in town.shown()}.get(str(number), 0)


def test_both_parts_of_a_split_stay_in_the_identity(town: Town) -> None:
    b1 = town.tracklets["b1"]
    operation = edit(town, Cut(b1.pk, 60))
    first, second = after(operation)
    assert seen(town)[first] == (1, 50, 59)
    assert seen(town)[second] == (4, 60, 69)
    assert b1.pk not in seen(town)
    assert members(town, 1) == 4
    assert operation.kind == OperationKind.CUT


def test_pairs_go_over_to_the_part_that_they_are_about(town: Town) -> None:
    first, second = after(edit(town, Cut(town.tracklets["b1"].pk, 60)))
    people = Candidate.objects.filter(layer="human")
    assert people.filter(left=town.tracklets["a1"], right=first).exists()
    assert people.filter(left=second, right=town.tracklets["c1"]).exists()
    assert people.filter(left=first, right=second, distance=0).exists()
    assert not people.filter(left=town.tracklets["a1"], right=second).exists()


def test_what_is_compared_with_a_part_goes_and_comes_back_with_it(town: Town) -> None:
    first, _ = after(edit(town, Cut(town.tracklets["b1"].pk, 60)))
    hidden = edit(town, Hide(town.tracklets["a1"].pk))
    pair = Candidate.objects.filter(left=town.tracklets["a1"], right=first)
    assert not pair.exists()
    operation_undo(actor=town.people["ben"], operation=hidden)
    assert pair.count() == 1


def test_undo_brings_the_same_tracklet_back_and_redo_the_same_parts(town: Town) -> None:
    before = (town.identities(), town.shown(), seen(town))
    operation = edit(town, Cut(town.tracklets["b1"].pk, 60))
    parts = seen(town)
    undo = operation_undo(actor=town.people["ben"], operation=operation)
    assert (town.identities(), town.shown(), seen(town)) == before
    assert not Candidate.objects.filter(layer="human").exists()
    operation_undo(actor=town.people["cleo"], operation=undo)
    assert seen(town) == parts


def test_what_somebody_else_has_changed_is_refused_with_both_versions(town: Town) -> None:
    b1 = town.tracklets["b1"]
    parts = after(edit(town, Cut(b1.pk, 60)))
    with pytest.raises(Conflict, match="ann did that") as refused:
        edit(town, Trim(b1.pk, 55), person="ben")
    assert refused.value.code == "tracklet-changed"
    assert refused.value.extra["yours"]["id"] == b1.pk
    assert [each["id"] for each in refused.value.extra["current"]] == parts


def test_an_edit_that_others_stand_on_is_not_undone(town: Town) -> None:
    operation = edit(town, Cut(town.tracklets["b1"].pk, 60))
    later = edit(town, Trim(after(operation)[1], 62), person="ben")
    with pytest.raises(Conflict, match="ben has gone on from there") as refused:
        operation_undo(actor=town.people["ann"], operation=operation)
    assert refused.value.code == "later-edit"
    assert refused.value.extra["operation"]["number"] == later.number
    operation_undo(actor=town.people["ann"], operation=later)
    operation_undo(actor=town.people["ann"], operation=operation)


def test_a_same_puts_nobody_out_who_is_cut_where_another_takes_over(town: Town) -> None:
    """a2 and b2 take over from a1 and b1 for the last second: "same" of a2 and b1 alone leaves a1 and b2 aside."""
    a1, a2, b1, b2 = (town.tracklets[name] for name in ("a1", "a2", "b1", "b2"))

    def beside(tracklet: int) -> int:
        numbers = identity_numbers(run=town.run)
        return list(numbers.values()).count(numbers[tracklet])

    town.say("ann", "a2 b1", "same")
    assert [beside(each.pk) for each in (a1, a2, b2)] == [1, 3, 1]
    operation_undo(actor=town.people["ann"], operation=Operation.objects.latest("pk"))

    cuts = [Trim(one.pk, last_frame=other.first_frame - 1) for one, other in ((a1, a2), (b1, b2))]
    operation = edit(town, *cuts, Say(a2.pk, Made(1, 0), Answer.SAME))

    assert beside(a2.pk) == 5  # a1, a2, b1, b2 and c1
    assert not Verdict.objects.filter(operation=operation).exclude(answer=Answer.SAME).exists()
    operation_undo(actor=town.people["ann"], operation=operation)
    assert town.groups() == {"a1 b1 c1", "a2 b2", "a3 b3", "c2", "c3"}


def test_a_verdict_on_a_part_holds_the_split_in_place(town: Town) -> None:
    operation = edit(town, Cut(town.tracklets["b1"].pk, 60))
    edit(town, Say(town.tracklets["a3"].pk, after(operation)[0], Answer.DIFFERENT), person="ben")
    with pytest.raises(Conflict, match="ben has gone on"):
        operation_undo(actor=town.people["ann"], operation=operation)


def test_a_verdict_follows_to_the_larger_part_and_back(town: Town) -> None:
    town.say("ann", "a3 b1", "different")
    place = town.run.verdict_places.get()
    operation = edit(town, Cut(town.tracklets["b1"].pk, 55))
    place.refresh_from_db()
    assert {place.left_id, place.right_id} == {town.tracklets["a3"].pk, after(operation)[1]}
    operation_undo(actor=town.people["ann"], operation=operation)
    place.refresh_from_db()
    assert {place.left_id, place.right_id} == {town.tracklets["a3"].pk, town.tracklets["b1"].pk}


def test_a_swap_exchanges_the_rest_and_keeps_every_box(town: Town) -> None:
    b1, b2 = town.tracklets["b1"], town.tracklets["b2"]
    one, other = after(edit(town, Swap(b1.pk, b2.pk, 65)))
    assert seen(town) == {one: (1, 50, 79), other: (2, 60, 69)}
    frames = np.concatenate([unpack_frames(Tracklet.objects.get(pk=each).frames) for each in (one, other)])
    assert sorted(frames) == sorted([*range(50, 70), *range(60, 80)])


def test_a_drawn_tracklet_is_a_vehicle_of_its_own(town: Town) -> None:
    b1 = town.tracklets["b1"]
    keys = [(100, (0.0, 0.0, 10.0, 10.0)), (109, (9.0, 0.0, 19.0, 10.0))]
    (made,) = after(edit(town, Create(b1.video_id, b1.camera_id, keys, 8)))
    row = Tracklet.objects.get(pk=made)
    assert (row.number, row.category, row.length, row.start_s, row.layer) == (4, 8, 10, 10.0, "human")
    assert len(town.shown()) == 6


def test_boxes_outside_the_picture_or_the_video_are_refused(town: Town) -> None:
    b1 = town.tracklets["b1"]
    with pytest.raises(BadInput, match="960 x 540"):
        edit(town, Boxes(b1.pk, {55: (900.0, 0.0, 961.0, 10.0)}))
    with pytest.raises(BadInput, match="has 400"):
        edit(town, Boxes(b1.pk, {400: (0.0, 0.0, 10.0, 10.0)}))
    with pytest.raises(BadInput, match="960 x 540"):  # no width is left of it in the float32 that is kept
        edit(town, Boxes(b1.pk, {55: (100.0, 0.0, 100.000001, 10.0)}))
    assert not Operation.objects.exists()


def test_a_hidden_tracklet_is_in_no_list_and_comes_back_as_itself(town: Town) -> None:
    b2 = town.tracklets["b2"]
    before = (town.identities(), town.shown())
    operation = edit(town, Hide(b2.pk))
    assert b2.pk not in seen(town)
    assert [each["tracklet"]["id"] for each in hidden_list(scene=town.scene).items] == [b2.pk]
    edit(town, Unhide(b2.pk), person="ben")
    assert (town.identities(), town.shown()) == before
    with pytest.raises(Conflict, match="ben has gone on"):
        operation_undo(actor=town.people["ann"], operation=operation)


def test_what_people_made_and_hid_stays_in_the_list_of_hidden_ones_when_showing_it_is_taken_back(town: Town) -> None:
    (red,) = after(edit(town, Attributes(town.tracklets["b2"].pk, colour="red")))
    edit(town, Hide(red))
    shown_again = edit(town, Unhide(red), person="ben")
    undone = operation_undo(actor=town.people["ben"], operation=shown_again)
    assert [each["tracklet"]["id"] for each in hidden_list(scene=town.scene).items] == [red]
    operation_undo(actor=town.people["ben"], operation=undone)
    assert (hidden_list(scene=town.scene).items, red in seen(town)) == ([], True)


def test_one_request_does_not_show_a_tracklet_again_and_take_it(town: Town) -> None:
    b2 = town.tracklets["b2"]
    edit(town, Hide(b2.pk))
    for later in (Cut(b2.pk, 70), Hide(b2.pk)):
        with pytest.raises(BadInput, match="Edit 1: show the tracklet again first"):
            edit(town, Unhide(b2.pk), later)
    assert b2.pk not in seen(town)


def test_the_list_of_hidden_ones_takes_as_many_queries_however_many_there_are(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    edit(town, *(Hide(each.pk) for each in town.tracklets.values()))
    with django_assert_max_num_queries(4):
        assert len(hidden_list(scene=town.scene).items) == len(town.tracklets)


def test_an_answer_about_what_is_no_longer_shown_is_refused_with_what_is(town: Town) -> None:
    parts = after(edit(town, Cut(town.tracklets["b1"].pk, 60)))
    with pytest.raises(Conflict, match="ann did that") as refused:
        town.say("ben", "a3 b1", "different")
    assert refused.value.code == "tracklet-changed"
    assert [each["id"] for each in refused.value.extra["current"]] == parts
    edit(town, Hide(town.tracklets["a3"].pk))
    with pytest.raises(Conflict, match="ann did that"):
        town.say("ben", "a3 b3", "different")
    assert not Verdict.objects.exists()


def test_a_duplicate_hides_one_and_takes_two_seen_together(town: Town) -> None:
    b1, b2, b3 = (town.tracklets[name] for name in ("b1", "b2", "b3"))
    with pytest.raises(Conflict, match="same time"):
        edit(town, Duplicate(b1.pk, b3.pk))
    edit(town, Duplicate(b2.pk, b1.pk))
    assert set(seen(town)) == {b1.pk}
    assert hidden_list(scene=town.scene).items[0]["of"] == b1.pk


def test_attributes_stay_where_nothing_is_said_of_them(town: Town) -> None:
    (first,) = after(edit(town, Attributes(town.tracklets["b1"].pk, category=8, colour="red")))
    (second,) = after(edit(town, Attributes(first, note="with a trailer")))
    row = Tracklet.objects.get(pk=second)
    assert (row.category, row.colour, row.note, row.number) == (8, "red", "with a trailer", 1)
    assert members(town, 1) == 3


def test_what_the_network_read_goes_with_the_boxes_until_people_say_otherwise(town: Town) -> None:
    """Of two parts both have it; a category that people set leaves no type beside it; a colour leaves the reading."""
    town.read("b1", machine_type="van", machine_type_chance=0.75, machine_colour="red", machine_colour_chance=0.5)
    read = {"type": "van", "type_chance": 0.75, "colour": "red", "colour_chance": 0.5}
    first, second = after(edit(town, Cut(town.tracklets["b1"].pk, 60)))
    assert [Tracklet.objects.get(pk=part).read for part in (first, second)] == [read, read]
    (bus,) = after(edit(town, Attributes(first, category=6)))
    assert Tracklet.objects.get(pk=bus).read == {**read, "type": "", "type_chance": None}
    (blue,) = after(edit(town, Attributes(second, colour="blue")))
    row = Tracklet.objects.get(pk=blue)
    assert (row.colour, row.read) == ("blue", read)
    assert Tracklet.objects.get(pk=town.tracklets["b2"].pk).read is None


def test_a_part_is_split_off_and_moved_in_one_operation_with_one_undo(town: Town) -> None:
    before = (town.identities(), town.shown())
    number = town.identities()["b3"]
    operation = edit(town, Cut(town.tracklets["b1"].pk, 60), Move(Made(0, 1), number))
    assert operation.kind == OperationKind.BULK
    assert members(town, number) == 3
    assert Tracklet.objects.shown().filter(human_membership__identity__number=number).count() == 1
    operation_undo(actor=town.people["ben"], operation=operation)
    assert (town.identities(), town.shown()) == before


def test_a_move_to_nowhere_makes_a_vehicle_of_its_own(town: Town) -> None:
    edit(town, Move(town.tracklets["b1"].pk, None))
    assert "b1" in town.groups()


def test_a_move_is_refused_where_the_vehicle_is_seen_already(town: Town) -> None:
    with pytest.raises(Conflict, match="seen at one time"):
        edit(town, Move(town.tracklets["b1"].pk, town.identities()["b2"]))


def test_an_edit_that_puts_a_vehicle_in_two_places_is_refused(town: Town) -> None:
    first, second = after(edit(town, Cut(town.tracklets["b1"].pk, 60)))
    with pytest.raises(Conflict, match="mark one as a duplicate") as refused:
        edit(town, Boxes(first, {62: (0.0, 0.0, 10.0, 10.0)}))
    assert refused.value.code == "overlap-in-camera"
    assert set(refused.value.extra["tracklets"]) > {second}


def test_nothing_is_done_if_one_of_several_edits_is_refused(town: Town) -> None:
    before = (town.shown(), seen(town))
    with pytest.raises(BadInput, match="Edit 1"):
        edit(town, Cut(town.tracklets["b1"].pk, 60), Trim(town.tracklets["b1"].pk, 55))
    assert (town.shown(), seen(town)) == before


def test_history_is_found_by_camera_tracklet_and_identity(town: Town) -> None:
    b1 = town.tracklets["b1"]
    split = edit(town, Cut(b1.pk, 60))
    moved = edit(town, Move(after(split)[1], None), person="ben")
    person, scene = town.people["vic"], town.scene.pk

    def found(**wanted: int) -> list[int]:
        return [each.pk for each in operation_list(user=person, scene_id=scene, wanted=OperationFilter(**wanted))]

    assert found(camera=b1.camera_id) == [split.pk]
    assert found(tracklet=b1.pk) == [split.pk]
    assert found(tracklet=after(split)[1]) == [moved.pk, split.pk]
    assert found(identity=1) == [moved.pk]
    views = operation_views(operations=list(operation_list(user=person, scene_id=scene)))
    assert views[1].summary == "split T1 at frame 60 in B"
    assert views[1].undo_refused is not None


def test_a_long_history_takes_as_many_queries_as_a_short_one(town: Town) -> None:
    tracklet = town.tracklets["b1"].pk
    for last_frame in range(68, 61, -1):
        tracklet = after(edit(town, Trim(tracklet, last_frame=last_frame)))[0]

    def queries(count: int) -> int:
        rows = operation_list(user=town.people["vic"], scene_id=town.scene.pk).order_by("-number")
        with CaptureQueriesContext(connection) as captured:
            views = operation_views(operations=list(rows[:count]))
        assert len(views) == count
        return len(captured)

    assert queries(6) == queries(2)
