"""Numbers that a new run takes over from the run before."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.identities.services import identities_change
from backend.review.models import Answer
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.tracking.selectors import tracklet_list
from backend.tracking.services import run_create, tracklets_replace
from tests.world import build_world, tracklet_row
from workers.match import numbers_before, vehicles_before
from workers.overlap import counterparts


@pytest.mark.django_db
def test_a_tracklet_has_the_number_of_the_one_that_it_overlaps_in_its_video(tmp_path: Path) -> None:
    """In c001 vehicle 1 was seen at frame 10 and vehicle 2 at frame 50, in c002 vehicle 1 at frame 20."""
    world = build_world(tmp_path)
    later = run_create(actor=None, scene=world.scene, preset="cpu-light")
    rows = [tracklet_row(1, 50), tracklet_row(2, 10), tracklet_row(3, 20), tracklet_row(4, 10, x=600.0)]
    tracklets_replace(run=later, video=world.videos[0], rows=rows)
    tracklets_replace(run=later, video=world.videos[1], rows=[tracklet_row(1, 20)])
    earlier = counterparts(later, world.run)
    known, seen = numbers_before(later, earlier)
    ids = tracklet_list(run=later).values_list("pk", flat=True)
    assert [known.get(each, 0) for each in ids] == [2, 1, 0, 0, 1]
    assert seen == known
    # An edit while the run is matched: it carries on with the new number.
    edited = world.tracklets[1].pk
    identities_change(run=world.run, numbers={edited: 7})
    numbers = numbers_before(later, earlier)
    assert [{earlier[new]: number for new, number in each.items()}[edited] for each in numbers] == [7, 7]


@pytest.mark.django_db
def test_the_first_run_takes_over_nothing(tmp_path: Path) -> None:
    world = build_world(tmp_path)
    world.scene.current_run = None
    world.scene.save()
    later = run_create(actor=None, scene=world.scene, preset="cpu-light")
    tracklets_replace(run=later, video=world.videos[0], rows=[tracklet_row(1, 10)])
    assert numbers_before(later, counterparts(later, None)) == ({}, {})


@pytest.mark.django_db
def test_what_answers_hold_together_is_a_vehicle_that_transit_times_are_learned_from(tmp_path: Path) -> None:
    """Vehicle 1 of c001 and of c002 are the same, somebody said; of vehicle 2 nothing was said."""
    world = build_world(tmp_path)
    assert vehicles_before(world.run, {}) == {}
    one, two, other = world.tracklets
    verdict_give(actor=world.people["analyst"], scene=world.scene, left=one, right=other, opinion=Opinion(Answer.SAME))

    later = run_create(actor=None, scene=world.scene, preset="cpu-light")

    assert vehicles_before(later, {101: one.pk, 102: two.pk, 103: other.pk}) == {101: one.pk, 103: one.pk}
