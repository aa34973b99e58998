"""Edits of tracklets in a new run: done again to what it found, or kept and listed."""

from __future__ import annotations

import pytest

from backend.identities.services import identities_assign
from backend.review.edits import AnyEdit, Boxes, Create, Cut, Duplicate, Hide, Move, Swap
from backend.review.models import Operation
from backend.review.selectors.dangling import dangling_edits
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.arrays import unpack_boxes
from backend.tracking.models import Tracklet
from tests.unit.backend.review.test_attaching import again
from tests.unit.backend.review.town import STARTS, Town


def edit(town: Town, *edits: AnyEdit) -> Operation:
    return tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=edits)


def spans(town: Town, camera: str = "B") -> list[tuple[int, int]]:
    """First and last frame of what is shown in the camera."""
    rows = Tracklet.objects.shown().filter(run=town.run, camera__name=camera).order_by("first_frame", "last_frame")
    return list(rows.values_list("first_frame", "last_frame"))


def without(*names: str) -> list[str]:
    return [name for name in STARTS if name not in names]


def test_a_split_is_done_again_to_what_the_next_run_found(town: Town) -> None:
    edit(town, Cut(town.tracklets["b1"].pk, 60))
    later = again(town, list(STARTS))
    assert spans(later) == [(50, 59), (60, 69), (60, 79), (250, 269)]
    first = Tracklet.objects.shown().get(run=later.run, camera__name="B", last_frame=59)
    assert unpack_boxes(first.boxes)[0].tolist() == unpack_boxes(later.tracklets["b1"].boxes)[0].tolist()
    assert dangling_edits(scene=later.scene) == []


def test_a_split_can_be_taken_back_in_the_next_run_and_done_again(town: Town) -> None:
    split = edit(town, Cut(town.tracklets["b1"].pk, 60))
    later = again(town, list(STARTS))
    undo = operation_undo(actor=town.people["ben"], operation=split)
    assert spans(later) == [(50, 69), (60, 79), (250, 269)]
    assert "a1 b1 c1" in later.groups()
    operation_undo(actor=town.people["ben"], operation=undo)
    assert spans(later) == [(50, 59), (60, 69), (60, 79), (250, 269)]


def test_what_was_taken_back_before_is_done_again_after(town: Town) -> None:
    undo = operation_undo(actor=town.people["ben"], operation=edit(town, Hide(town.tracklets["b2"].pk)))
    later = again(town, list(STARTS))
    assert len(spans(later)) == 3
    operation_undo(actor=town.people["ann"], operation=undo)
    assert spans(later) == [(50, 69), (250, 269)]


def test_what_people_drew_stays_and_replaces_what_it_overlaps(town: Town) -> None:
    b1 = town.tracklets["b1"]
    moved = (100.0, 50.0, 145.0, 70.0)
    edit(town, Boxes(b1.pk, {50: moved}))
    later = again(town, list(STARTS))
    assert spans(later) == [(50, 69), (60, 79), (250, 269)]
    drawn = Tracklet.objects.shown().get(run=later.run, first_frame=50)
    assert unpack_boxes(drawn.boxes)[0].tolist() == list(moved)
    assert drawn.roots == [later.tracklets["b1"].pk]


def test_a_drawn_vehicle_keeps_its_number(town: Town) -> None:
    b1 = town.tracklets["b1"]
    keys = [(150, (0.0, 0.0, 10.0, 10.0)), (160, (0.0, 0.0, 10.0, 10.0))]
    edit(town, Create(b1.video_id, b1.camera_id, keys))
    number = town.shown()[-1][0]
    later = again(town, list(STARTS))
    drawn = Tracklet.objects.shown().get(run=later.run, first_frame=150)
    assert str(drawn.human_membership.identity.number) == number


def test_edits_without_counterpart_are_listed_and_come_back(town: Town) -> None:
    split = edit(town, Cut(town.tracklets["b1"].pk, 60))
    hidden = edit(town, Hide(town.tracklets["c2"].pk))
    later = again(town, without("b1", "c2"))
    lost = dangling_edits(scene=later.scene)
    assert [each["operation"]["number"] for each in lost] == [hidden.number, split.number, split.number]
    once_more = again(later, list(STARTS))
    assert dangling_edits(scene=once_more.scene) == []
    assert spans(once_more) == [(50, 59), (60, 69), (60, 79), (250, 269)]
    assert spans(once_more, "C") == [(100, 119), (300, 319)]


def test_a_swap_of_which_one_is_missing_keeps_what_is_there(town: Town) -> None:
    edit(town, Swap(town.tracklets["b1"].pk, town.tracklets["b2"].pk, 65))
    later = again(town, without("b2"))
    assert spans(later) == [(50, 64), (65, 69), (250, 269)]


def test_a_duplicate_of_a_vehicle_that_is_found_once_hides_nothing(town: Town) -> None:
    """The twin is drawn over b1 and called the duplicate; the next run knows only b1."""
    b1 = town.tracklets["b1"]
    twin = Tracklet.objects.get(pk=b1.pk)
    twin.pk, twin.number = None, 9
    twin.save(force_insert=True)
    groups = {number: [town.tracklets[name].pk] for name, number in town.identities().items() if name == "b1"}
    others = [row.pk for name, row in town.tracklets.items() if name != "b1"]
    groups |= {100 + place: [each] for place, each in enumerate(others)}
    identities_assign(run=town.run, groups={**groups, 99: [twin.pk]})
    edit(town, Duplicate(twin.pk, b1.pk))
    later = again(town, list(STARTS))
    assert spans(later) == [(50, 69), (60, 79), (250, 269)]


@pytest.mark.parametrize("name", ["b3", "c3"])
def test_a_move_holds_in_the_next_run(town: Town, name: str) -> None:
    edit(town, Move(town.tracklets["a2"].pk, town.identities()[name]))
    later = again(town, list(STARTS))
    assert any({"a2", name} <= set(group.split()) for group in later.groups())
