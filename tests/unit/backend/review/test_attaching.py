"""Verdicts in a new run: found again by their anchors, kept where nothing is there."""

from __future__ import annotations

from dataclasses import replace

from backend.identities.selectors import identity_numbers, previous_numbers
from backend.media.models import Video
from backend.review.models import Anchor, Verdict
from backend.review.selectors.operations import verdict_list, verdict_views
from backend.review.services.attaching import verdicts_attach
from backend.review.services.carrying import layer_carry, numbers_kept, numbers_seen
from backend.review.services.decisions import operation_undo
from tests.unit.backend.review.town import COMPARED, STARTS, Town, make_run, make_tracklet, match
from workers.overlap import anchor_places, counterparts


def again(town: Town, names: list[str], *, shift: float = 4.0) -> Town:
    """The same scene run once more, with these tracklets some pixels aside; verdicts carried over."""
    run = make_run(town.scene, number=town.scene.runs.count() + 1)
    videos = {video.camera.name: video for video in Video.objects.filter(camera__scene=town.scene)}
    tracklets = {name: make_tracklet(run, videos[name[0].upper()], name, shift=shift) for name in names}
    match(run, tracklets, [row for row in COMPARED if row[0] in names and row[1] in names])
    seen = identity_numbers(run=town.run)
    numbers = {new: seen[old] for new, old in counterparts(run, town.run).items()}
    edited = numbers_seen(run=run)
    change = layer_carry(run=run, numbers=edited)
    numbers |= numbers_kept(run=run, numbers=edited)
    verdicts_attach(run=run, places=anchor_places(run, Anchor.objects.all()), numbers=numbers, change=change)
    town.scene.current_run = run
    town.scene.save()
    return replace(town, run=run, tracklets=tracklets)


def dangling(town: Town) -> list[str | None]:
    """What the verdicts without counterpart lack."""
    rows = verdict_list(user=town.people["vic"], scene_id=town.scene.pk, dangling=True)
    return [view.dangling for view in verdict_views(verdicts=list(rows.order_by("id")))]


def test_decisions_hold_in_the_next_run(town: Town) -> None:
    town.say("ann", "a1 b1", "different")
    town.say("ben", "b3 c3", "same")
    groups = town.groups()
    later = again(town, list(STARTS))
    assert later.groups() == groups == {"a1", "b1 c1", "a2 b2", "a3 b3 c3", "c2"}
    assert dangling(later) == []


def test_numbers_that_people_made_hold_in_the_next_run(town: Town) -> None:
    town.say("ann", "a1 b1", "different")
    number = town.identities()["a1"]
    assert number == 6
    assert again(town, list(STARTS)).identities()["a1"] == number


def test_what_was_taken_back_can_be_restored_in_the_next_run(town: Town) -> None:
    undo = operation_undo(actor=town.people["ann"], operation=town.say("ann", "a1 b1", "different"))
    later = again(town, list(STARTS))
    assert "a1 b1 c1" in later.groups()
    operation_undo(actor=later.people["ben"], operation=undo)
    assert {"a1", "b1 c1"} <= later.groups()


def test_a_verdict_without_counterpart_is_kept_and_listed(town: Town) -> None:
    town.say("ann", "a1 b1", "different")
    town.say("ann", "b3 c3", "same")
    later = again(town, [name for name in STARTS if name not in {"a1", "c3"}])
    assert dangling(later) == ["left", "right"]
    assert Verdict.objects.filter(revoked_by=None).count() == 2
    once_more = again(later, list(STARTS))
    assert dangling(once_more) == []
    assert {"a1", "b1 c1", "a3 b3 c3"} <= once_more.groups()


def test_tracklets_elsewhere_in_the_picture_are_no_counterpart(town: Town) -> None:
    """Boxes of 40 x 20 moved by 10 pixels have an IoU of 30 / 50; by 20 pixels, of 20 / 60."""
    town.say("ann", "a1 b1", "different")
    assert dangling(again(town, list(STARTS), shift=10)) == []
    assert dangling(again(town, list(STARTS), shift=20)) == ["both"]


def test_what_people_joined_has_its_old_numbers_in_reserve(town: Town) -> None:
    """b3 and c3 are shown as one number, but the next run is given both."""
    own = town.identities()
    town.say("ann", "b3 c3", "same")
    names = {tracklet.pk: name for name, tracklet in town.tracklets.items()}
    assert {names[pk]: number for pk, number in previous_numbers(scene=town.scene).items()} == own
