"""Label sets: numbered, the same for ever, for analysts to make and for viewers to read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backend.config.problems import BadInput, Conflict, NotFound, Refused
from backend.labels import snapshot
from backend.labels.content import content_from_bytes
from backend.labels.models import LabelSet
from backend.labels.selectors import label_content, label_set_get, label_set_list
from backend.labels.serializers import LabelSetCreateSerializer
from backend.labels.services import label_set_create
from backend.media.storage import read_bytes, save_bytes
from backend.review.edits import Attributes, Hide, Trim
from backend.review.services.decisions import operation_undo
from backend.review.services.tracklet_edits import tracklets_edit
from backend.tracking.models import Run
from tests.unit.backend.review.town import Town


def made(town: Town, **options: Any) -> LabelSet:
    return label_set_create(actor=town.people["ann"], scene=town.scene, **options)


def test_a_set_holds_the_boxes_and_attributes_as_people_have_them(town: Town) -> None:
    said = town.say("ann", "a3 b3", "same")
    edits = [Trim(town.tracklets["a3"].pk, first_frame=210), Attributes(town.tracklets["b3"].pk, colour="red")]
    tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=edits)
    label_set = made(town)
    first, second = label_content(label_set=label_set).tracklets
    assert (label_set.number, label_set.run_number, label_set.last_operation) == (1, 1, said.number + 1)
    assert first.frames.tolist() == list(range(210, 220))
    assert first.boxes[0].tolist() == [310.0, 50.0, 350.0, 70.0]
    assert (second.colour, second.human, len(second.frames)) == ("red", True, 20)
    assert first.identity == second.identity


def test_statistics_and_changes_say_what_came_went_and_changed(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    undone = town.say("ann", "a2 b2", "same")
    first = made(town, held_share=0.5)
    assert first.statistics == {
        "identities": 2, "shared_identities": 2, "held_identities": 1, "tracklets": 4, "human_tracklets": 4,
        "machine_tracklets": 0, "boxes": 80, "other_tracklets": 5, "categories": {"3": 4}, "colours": {},
        "cameras": [{"camera": name, "tracklets": 2, "identities": 2, "boxes": 40} for name in "AB"],
    }  # fmt: skip
    assert first.changes == {"added": [1, 2], "removed": [], "changed": []}
    operation_undo(actor=town.people["ben"], operation=undone)
    town.say("ann", "b1 c1", "same")
    town.say("ann", "a3 b3", "same")
    second = made(town)
    assert (second.number, second.changes) == (2, {"added": [3], "removed": [2], "changed": [1]})


def test_a_set_is_what_it_was_after_the_run_and_all_edits_are_gone(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    label_set = made(town)
    before = label_content(label_set=label_set, with_around=True).to_bytes()
    town.scene.current_run = None
    town.scene.save()
    Run.objects.all().delete()
    again = LabelSet.objects.get(pk=label_set.pk)
    assert (again.run, again.run_number) == (None, 1)
    assert label_content(label_set=again, with_around=True).to_bytes() == before == read_bytes(again.file)


def test_the_same_labels_are_the_same_bytes_and_read_back_as_they_were(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    first, second = made(town), made(town)
    assert first.sha256 == second.sha256
    content = label_content(label_set=first)
    again = content_from_bytes(content.to_bytes())
    assert again.videos == content.videos
    for one, other in zip(content.tracklets, again.tracklets, strict=True):
        assert np.array_equal(one.boxes, other.boxes)
        assert (one.identity, one.number, one.held) == (other.identity, other.number, other.held)


def test_a_damaged_file_is_noticed(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    label_set = made(town)
    save_bytes(label_set.file, b"something else")
    with pytest.raises(Conflict, match="damaged"):
        label_content(label_set=label_set)


def test_nothing_confirmed_no_run_and_numbers_out_of_range_are_refused(town: Town) -> None:
    with pytest.raises(Conflict, match="Nobody has confirmed"):
        made(town)
    with pytest.raises(BadInput, match="probability"):
        made(town, machine_from=0.0)
    with pytest.raises(BadInput, match="Hold back"):
        made(town, held_share=1.0)
    town.scene.current_run = None
    town.scene.save()
    with pytest.raises(Conflict, match="shows no run"):
        made(town)


def test_a_viewer_reads_sets_and_makes_none_and_a_stranger_sees_none(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    label_set = made(town)
    viewer = town.people["vic"]
    with pytest.raises(Refused):
        label_set_create(actor=viewer, scene=town.scene)
    assert label_set_get(user=viewer, label_set_id=label_set.pk) == label_set
    assert list(label_set_list(user=viewer, scene_id=town.scene.pk)) == [label_set]
    town.scene.memberships.filter(user=viewer).delete()
    with pytest.raises(NotFound):
        label_set_get(user=viewer, label_set_id=label_set.pk)


@pytest.mark.parametrize("given", ["nan", "inf", 10**400])
def test_a_share_that_is_no_number_is_refused(given: object) -> None:
    refused = LabelSetCreateSerializer(data={"held_share": given, "machine_from": given})
    assert not refused.is_valid()
    assert refused.errors.keys() == {"held_share", "machine_from"}


def test_a_set_says_what_else_was_seen_and_what_people_hid_is_not_among_it(town: Town) -> None:
    """Labelled are a2 and b2, which ann joined; c1, which the machine joined to them, she has trimmed."""
    town.say("ann", "a2 b2", "same")
    camera = town.tracklets["b1"].camera
    camera.roi = save_bytes("rois/b.png", b"a picture")
    camera.save()
    edits = [Trim(town.tracklets["c1"].pk, first_frame=105), Hide(town.tracklets["c3"].pk)]
    tracklets_edit(actor=town.people["ann"], scene=town.scene, run_id=town.run.pk, edits=edits)
    label_set = made(town, held_share=0.5)
    content = label_content(label_set=label_set, with_around=True)
    assert content.around is not None
    others = [(content.videos[each.video].camera, int(each.frames[0])) for each in content.around.tracklets]
    assert sorted(others) == [("A", 0), ("A", 200), ("B", 50), ("B", 250), ("C", 105), ("C", 110)]
    drawn = [each for each in content.around.tracklets if each.human]
    assert [(each.frames[0], len(each.frames)) for each in drawn] == [(105, 15)]
    assert drawn[0].identity == content.tracklets[0].identity
    assert drawn[0].held == content.tracklets[0].held
    assert content.around.regions == {1: b"a picture"}
    assert label_set.statistics["other_tracklets"] == 6
    assert label_content(label_set=label_set).around is None


def test_labels_alone_are_written_and_read_as_before_there_was_anything_around_them(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    content = label_content(label_set=made(town))
    again = content_from_bytes(content.to_bytes(), with_around=True)
    assert again.around is None
    assert again.to_bytes() == content.to_bytes()


def test_a_scene_with_more_than_a_set_may_hold_keeps_the_labels_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.say("ann", "a1 b1", "same")
    monkeypatch.setattr(snapshot, "MOST_WITH_AROUND", 50)  # two tracklets of 20 boxes are labelled
    label_set = made(town)
    assert (label_set.statistics["boxes"], label_set.statistics["other_tracklets"]) == (40, None)
    monkeypatch.setattr(snapshot, "MOST_BOXES", 30)
    with pytest.raises(Conflict, match="40 boxes"):
        made(town)


def test_a_region_that_the_storage_has_lost_is_named(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    town.scene.cameras.filter(name="C").update(roi="gone.png")
    with pytest.raises(Conflict, match="camera C cannot be read"):
        made(town)
