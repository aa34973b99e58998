"""What is in effect and what is taken back, as Ctrl-Z and Ctrl-Shift-Z ask for it."""

from __future__ import annotations

import pytest

from backend.config.problems import Conflict
from backend.media.models import Video
from backend.review.models import Operation
from backend.review.selectors.changes import together_told
from backend.review.selectors.operations import OperationFilter, operation_list
from backend.review.services.bulk import identities_merge
from backend.review.services.decisions import operation_undo
from tests.unit.backend.review.town import Town


def numbers(town: Town, standing: bool) -> list[int]:
    rows = operation_list(user=town.people["ann"], scene_id=town.scene.pk, wanted=OperationFilter(standing=standing))
    return [each.number for each in rows]


def undo(town: Town, number: int) -> None:
    operation_undo(actor=town.people["ann"], operation=Operation.objects.get(number=number))


def test_of_every_edit_the_last_word_is_in_effect_or_taken_back(town: Town) -> None:
    town.say("ann", "a1 b1", "same")
    town.say("ann", "b1 c1", "same")
    assert (numbers(town, True), numbers(town, False)) == ([2, 1], [])
    undo(town, 2)
    assert (numbers(town, True), numbers(town, False)) == ([1], [3])
    undo(town, 1)
    assert (numbers(town, True), numbers(town, False)) == ([], [4, 3])
    undo(town, 4)  # again: the first answer
    assert (numbers(town, True), numbers(town, False)) == ([5], [3])


def test_what_is_refused_because_two_were_seen_together_names_both(town: Town) -> None:
    """So that a page can offer to mark one as a duplicate of the other, or to end a1 where a2 takes over from it."""
    for attempt in (
        lambda: town.say("ann", "a1 a2", "same"),
        lambda: identities_merge(
            actor=town.people["ann"], scene=town.scene, run_id=town.run.pk,
            numbers=[town.identities()[name] for name in ("a1", "a2")],
        ),
    ):  # fmt: skip
        with pytest.raises(Conflict) as refused:
            attempt()
        assert [town.name_of(each["id"]) for each in refused.value.extra["together"]] == ["a1", "a2"]
        assert refused.value.extra["handover"]


def test_who_is_followed_in_two_videos_of_a_camera_is_not_cut_by_frames_of_the_other(town: Town) -> None:
    """The recorder's next file begins before the last one ends: its frames are counted anew."""
    a1, a2 = (town.tracklets[name] for name in ("a1", "a2"))
    a2.video = Video.objects.create(camera=a2.camera, sha256="d" * 64, size=1, start_s=1.0)
    a2.save()
    assert not together_told(a1, a2)["handover"]
