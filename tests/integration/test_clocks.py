"""Clocks that disagree: told from what people confirmed, set by a manager, with all that runs found in step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backend.config.problems import Conflict, NotFound, Refused
from backend.identities.models import RunIdentity
from backend.media.models import Video
from backend.review.models import Answer
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.scenes.clocks.selectors import clock_offsets
from backend.scenes.clocks.services import camera_clock_shift
from backend.scenes.services import StaleVersion
from backend.search.models import Look
from backend.tracking.models import Candidate, Run, RunState, Tracklet
from tests.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def finished(world: World) -> World:
    Run.objects.update(state=RunState.SUCCEEDED)
    return world


def same(world: World, left: Tracklet, right: Tracklet) -> None:
    actor, opinion = world.people["analyst"], Opinion(Answer.SAME)
    verdict_give(actor=actor, scene=world.scene, left=left, right=right, opinion=opinion)


def times(world: World) -> dict[str, Any]:
    """All scene times that are kept of what was found."""
    return {
        "tracklets": sorted(Tracklet.objects.values_list("pk", "start_s", "end_s")),
        "looks": sorted(Look.objects.values_list("tracklet", "start_s", "end_s")),
        "identities": sorted(RunIdentity.objects.values_list("number", "layer", "start_s", "end_s")),
        "pairs": sorted(Candidate.objects.values_list("pk", "transit_s")),
        "videos": sorted(Video.objects.values_list("pk", "start_s")),
    }


def test_one_confirmed_match_is_counted_and_tells_no_offset(finished: World) -> None:
    """c001 sees vehicle 1 until 1.9 s, c002 from 4.0 s on: 2.1 s, of which nobody knows what is the clocks'."""
    same(finished, finished.tracklets[0], finished.tracklets[2])
    (found,) = clock_offsets(run=finished.run)
    assert (found["source"], found["target"]) == (finished.cameras[0].pk, finished.cameras[1].pk)
    assert (found["confirmed"], found["there"], found["back"], found["method"]) == (1, 1, 0, "")
    assert found["offset_s"] is None
    assert found["median_s"] == pytest.approx(2.1)
    assert found["link_s"] == [0.0, 30.0]


def test_what_the_machine_joined_is_no_match_that_a_person_confirmed(finished: World) -> None:
    assert clock_offsets(run=finished.run) == []


def test_a_set_clock_moves_all_that_was_found_and_setting_it_back_undoes_that(finished: World) -> None:
    same(finished, finished.tracklets[0], finished.tracklets[2])
    before = times(finished)
    manager, camera = finished.people["manager"], finished.cameras[1]
    camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=1, seconds=-1.5)
    row = Tracklet.objects.get(pk=finished.tracklets[2].pk)
    assert (row.start_s, row.end_s) == (pytest.approx(2.5), pytest.approx(3.4))
    assert Candidate.objects.get().transit_s == pytest.approx(2.1 - 1.5)
    assert RunIdentity.objects.filter(number=1).latest("layer").end_s == pytest.approx(3.4)
    assert RunIdentity.objects.filter(number=1).latest("layer").start_s == pytest.approx(1.0)
    assert Look.objects.get(tracklet=row).start_s == pytest.approx(2.5)
    assert Video.objects.get(camera=camera).start_s == pytest.approx(0.5)
    assert clock_offsets(run=finished.run)[0]["median_s"] == pytest.approx(0.6)
    camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=2, seconds=1.5)
    for name, rows in times(finished).items():
        assert [tuple(row[:1]) for row in rows] == [tuple(row[:1]) for row in before[name]]
        np.testing.assert_allclose(
            [row[-1] for row in rows], [row[-1] for row in before[name]], atol=1e-9, err_msg=name
        )


def test_a_pair_whose_order_the_clock_had_wrong_is_turned(finished: World) -> None:
    """c001 until 1.9 s, c002 until 4.9 s; ten seconds earlier c002 comes first, 6.1 s before c001."""
    manager, camera = finished.people["manager"], finished.cameras[1]
    pair = Candidate.objects.get()
    camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=1, seconds=-10)
    turned = Candidate.objects.get()
    assert (turned.left_id, turned.right_id) == (pair.right_id, pair.left_id)
    assert turned.transit_s == pytest.approx(1.0 - (4.9 - 10))
    camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=2, seconds=10)
    back = Candidate.objects.get()
    assert (back.left_id, back.right_id, back.transit_s) == (pair.left_id, pair.right_id, pytest.approx(2.1))


def test_a_clock_is_set_by_managers_between_runs_on_the_newest_version(world: World) -> None:
    manager, camera = world.people["manager"], world.cameras[0]
    with pytest.raises(Conflict, match="follows vehicles by the clocks as they are"):
        camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=camera.version, seconds=1)
    Run.objects.update(state=RunState.SUCCEEDED)
    with pytest.raises(Refused):
        camera_clock_shift(actor=world.people["analyst"], camera_id=camera.pk, based_on=camera.version, seconds=1)
    with pytest.raises(NotFound):
        camera_clock_shift(actor=world.people["stranger"], camera_id=camera.pk, based_on=camera.version, seconds=1)
    with pytest.raises(StaleVersion):
        camera_clock_shift(actor=manager, camera_id=camera.pk, based_on=camera.version - 1, seconds=1)
