"""Two runs side by side: which identities the later one sees otherwise."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.identities.services import identities_assign
from backend.scenes.services import camera_create, scene_create
from backend.tracking.models import Run, Tracklet
from backend.tracking.services import embeddings_replace, run_create, tracklets_replace
from tests.world import MODEL, World, embedding_row, tracklet_row


def another_run(world: World, second: list[Any], groups: dict[int, list[int]]) -> Run:
    """Its tracklets are those of the world in c001, and `second` in c002; `groups` by place in time."""
    run = run_create(actor=None, scene=world.scene, preset="cpu-light")
    tracklets_replace(run=run, video=world.videos[0], rows=[tracklet_row(1, 10), tracklet_row(2, 50)])
    tracklets_replace(run=run, video=world.videos[1], rows=second)
    embeddings_replace(run=run, video=world.videos[0], model=MODEL, rows=[embedding_row(1, [12])])
    found = list(Tracklet.objects.filter(run=run).order_by("video", "number"))
    identities_assign(
        run=run, groups={number: [found[place].pk for place in places] for number, places in groups.items()}
    )
    return run


def compared(world: World, run: Run, other: Run, name: str = "viewer") -> Any:
    return world.client(name).get(f"/api/v1/runs/{run.pk}/comparison?with={other.pk}")


def test_the_same_passages_are_no_difference(world: World) -> None:
    """The second run sees the vehicle in c002 half a second later, which is the same passage."""
    run = another_run(world, [tracklet_row(1, 25)], {1: [0, 2], 2: [1]})
    assert compared(world, run, world.run).json() == {
        "counts": {"same": 1, "changed": 0, "gone": 0, "new": 0},
        "differing": [],
    }


def test_a_vehicle_that_is_joined_otherwise_is_shown_from_both_sides(world: World) -> None:
    """Vehicle 2 of c001 goes on in c002 now, and 1 stays alone: both are changed."""
    run = another_run(world, [tracklet_row(1, 20)], {1: [0], 2: [1, 2]})
    answer = compared(world, run, world.run).json()
    assert answer["counts"] == {"same": 0, "changed": 2, "gone": 0, "new": 0}
    first, second = answer["differing"]
    cameras = [camera.pk for camera in world.cameras]
    assert (first["number"], first["kind"]) == (1, "changed")
    assert [way["camera"] for way in first["before"]] == cameras
    assert [way["camera"] for way in first["after"]] == cameras[:1]
    assert first["after"][0]["crop_url"].endswith("/crops/0.jpg")
    assert [way["camera"] for way in second["after"]] == [cameras[1], cameras[0]]  # c002 at 4 s, c001 at 5 s
    assert second["after"][0]["crop_url"] is None


def test_a_passage_at_another_time_is_another_one(world: World) -> None:
    run = another_run(world, [tracklet_row(1, 60)], {1: [0, 2], 2: [1]})
    assert [each["number"] for each in compared(world, run, world.run).json()["differing"]] == [1]


def test_new_and_gone_are_said_from_the_later_run_s_side(world: World) -> None:
    run = another_run(world, [tracklet_row(1, 20)], {7: [0, 2], 2: [1]})
    kinds = {each["number"]: each["kind"] for each in compared(world, run, world.run).json()["differing"]}
    assert kinds == {1: "gone", 7: "new"}
    back = {each["number"]: each["kind"] for each in compared(world, world.run, run).json()["differing"]}
    assert back == {1: "new", 7: "gone"}


def test_only_runs_of_one_scene_that_one_may_see_are_compared(world: World) -> None:
    elsewhere = scene_create(actor=world.people["stranger"], name="South Road")
    camera_create(scene=elsewhere, name="c001")
    other = Run.objects.create(scene=elsewhere, number=1, preset="cpu-light", config={})
    assert compared(world, world.run, other).status_code == 404
    assert compared(world, world.run, other, "admin").json()["fields"].keys() == {"with"}
    assert world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/comparison").status_code == 400


def test_a_comparison_reads_rows_together(world: World) -> None:
    """However many identities differ: 15 queries, those of the session included."""
    client = world.client("viewer")
    run = another_run(world, [tracklet_row(1, 60)], {1: [0], 2: [1, 2]})
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(f"/api/v1/runs/{run.pk}/comparison?with={world.run.pk}").json()
    assert len(answer["differing"]) == 2
    assert len(seen) <= 15
