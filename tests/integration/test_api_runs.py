"""Runs over HTTP: starting, watching, cancelling; tracks for drawing; candidates."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_create
from backend.media.services import video_mark_failed
from backend.tracking.models import Run
from backend.tracking.services import (
    run_create,
    run_make_current,
    run_models_used_set,
    run_score_set,
    tracklets_replace,
)
from tests.world import World, make_video, tracklet_row


def start(world: World, preset: str = "cpu-light", key: str | None = None, name: str = "manager") -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    url = f"/api/v1/scenes/{world.scene.pk}/runs"
    return world.client(name).post(url, {"preset": preset}, content_type="application/json", headers=headers)


def tracks(world: World, **query: int) -> Any:
    wanted = {"video": world.videos[0].pk, **query}
    return world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/tracks", wanted)


def test_presets_say_what_they_are_for(world: World) -> None:
    presets = {preset["name"]: preset for preset in world.client("viewer").get("/api/v1/presets").json()}
    assert presets["cpu-light"]["title"]
    assert presets["cpu-light"]["description"]
    assert presets["cpu-light"]["config"]["tracker"]["name"] == "stitched"


def test_a_run_is_cut_into_jobs_that_wait_for_each_other(world: World) -> None:
    run = Run.objects.get(pk=start(world).json()["id"])
    jobs = Job.objects.filter(run=run).prefetch_related("depends_on").order_by("pk")
    waits = {(job.kind, job.video_id): {(each.kind, each.video_id) for each in job.depends_on.all()} for job in jobs}
    first, second = (video.pk for video in world.videos)
    assert waits == {
        ("detect", first): set(),
        ("track", first): {("detect", first)},
        ("embed", first): {("track", first)},
        ("detect", second): set(),
        ("track", second): {("detect", second)},
        ("embed", second): {("track", second)},
        ("match", None): {("embed", first), ("embed", second)},
        ("evaluate", None): {("match", None)},
    }
    assert run.number == 2
    assert run.config["detector"]


def test_without_ground_truth_nothing_is_scored(world: World) -> None:
    world.videos[0].ground_truth.all().delete()
    run_id = start(world).json()["id"]
    assert not Job.objects.filter(run=run_id, kind=JobKind.EVALUATE).exists()


def test_a_video_in_ingest_is_waited_for_and_a_broken_one_left_out(world: World, tmp_path: Path) -> None:
    waiting = make_video(tmp_path, world.cameras[0], start_s=50.0, ready=False)
    ingest = job_create(kind=JobKind.INGEST, scene=world.scene, video=waiting)
    video_mark_failed(video=world.videos[1], problem="The file is no video.")
    run_id = start(world).json()["id"]
    detects = Job.objects.filter(run=run_id, kind=JobKind.DETECT).order_by("pk")
    assert [job.video_id for job in detects] == [world.videos[0].pk, waiting.pk]
    assert list(detects[1].depends_on.all()) == [ingest]


def test_a_scene_without_videos_cannot_be_run(world: World) -> None:
    for video in world.videos:
        video_mark_failed(video=video, problem="The file is no video.")
    response = start(world)
    assert (response.status_code, response.json()["code"]) == (409, "no-videos")


def test_an_unknown_preset_is_named_with_those_there_are(world: World) -> None:
    response = start(world, preset="../../etc/passwd")
    assert response.status_code == 400
    assert "cpu-light" in response.json()["fields"]["preset"][0]


def test_the_same_key_starts_one_run(world: World) -> None:
    first, second = start(world, key="k1"), start(world, key="k1")
    assert first.json() == second.json()
    assert (first.status_code, second.status_code) == (201, 201)
    assert second["Idempotent-Replay"] == "true"
    assert Run.objects.count() == 2
    assert start(world, key="k2").json()["number"] == 3


def test_a_key_belongs_to_one_request_of_one_person(world: World) -> None:
    start(world, key="k1")
    other = start(world, preset="another", key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert start(world, key="k1", name="admin").json()["number"] == 3


def test_a_refused_request_may_be_repeated_with_its_key(world: World) -> None:
    assert start(world, preset="another", key="k1").status_code == 400
    assert start(world, key="k1").status_code == 201


def test_a_run_tells_how_far_it_is(world: World) -> None:
    client, url = world.client("viewer"), f"/api/v1/runs/{world.run.pk}"
    jobs = Job.objects.filter(run=world.run)
    jobs.filter(kind=JobKind.DETECT, video=world.videos[0]).update(state=JobState.SUCCEEDED, done=100, total=100)
    jobs.filter(kind=JobKind.DETECT, video=world.videos[1]).update(
        state=JobState.RUNNING, done=25, total=100, unit="frames", started_at=timezone.now()
    )
    run = client.get(url).json()
    stages = {(stage["stage"], stage["camera_name"]): stage for stage in run["progress"]["stages"]}
    assert list(stages)[:2] == [("detect", "c001"), ("detect", "c002")]
    assert list(stages)[-2:] == [("match", None), ("evaluate", None)]
    running = stages["detect", "c002"]
    assert (running["state"], running["done"], running["total"], running["unit"]) == ("running", 25, 100, "frames")
    # Shares: detect 12, track 1, embed 4 for each of two videos, match 1, evaluate 1.
    assert run["progress"]["fraction"] == pytest.approx((12 + 12 / 4) / 36)


def test_a_run_counts_what_it_found(world: World) -> None:
    run_models_used_set(run=world.run, stage="detect", name="nanodet", checksum="abc")
    run_score_set(run=world.run, score={"idf1": 0.5, "rule": "as is", "per_camera": {}})
    run = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}").json()
    assert (run["tracklet_count"], run["identity_count"], run["shared_identity_count"]) == (3, 2, 1)
    assert run["models_used"] == {"detect": {"name": "nanodet", "checksum": "abc"}}
    assert run["score"] == {"idf1": 0.5, "rule": "as is", "per_camera": {}}
    assert run["is_current"] is True
    assert run["created_by"] == "manager"


def test_polling_an_unchanged_run_costs_no_body(world: World) -> None:
    client, url = world.client("viewer"), f"/api/v1/runs/{world.run.pk}"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    Job.objects.filter(run=world.run, kind=JobKind.MATCH).update(done=5)
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_runs_are_listed_newest_first(world: World) -> None:
    start(world)
    runs = world.client("viewer").get(f"/api/v1/scenes/{world.scene.pk}/runs").json()["results"]
    assert [run["number"] for run in runs] == [2, 1]


def test_a_run_that_waits_is_cancelled_at_once(world: World) -> None:
    client, url = world.client("manager"), f"/api/v1/runs/{world.run.pk}/cancel"
    assert client.post(url).json()["state"] == "cancelled"
    assert set(Job.objects.filter(run=world.run).values_list("state", flat=True)) == {JobState.CANCELLED}
    assert client.post(url).status_code == 409


def test_an_older_run_does_not_push_a_newer_one_aside(world: World) -> None:
    newer = run_create(actor=None, scene=world.scene, preset="cpu-light")
    run_make_current(run=newer)
    run_make_current(run=world.run)
    world.scene.refresh_from_db()
    assert world.scene.current_run == newer


def test_tracks_are_cut_to_the_window(world: World) -> None:
    answer = tracks(world, first_frame=15, last_frame=17).json()
    (tracklet,) = answer["tracklets"]
    assert tracklet["number"] == 1
    assert tracklet["frames"] == [15, 16, 17]
    # Frame 15 is step 5: x1 = 100 + 2 * 5, y1 = 50, x2 = 100 + 40 + 3 * 5, y2 = 70 + 5.
    assert tracklet["boxes"][0] == [110.0, 50.0, 155.0, 75.0]
    assert (tracklet["identity_number"], tracklet["identity_cameras"], tracklet["category"]) == (1, 2, 3)


def test_a_window_ends_with_its_last_frame(world: World) -> None:
    def seen(first: int, last: int) -> list[int]:
        return [each["number"] for each in tracks(world, first_frame=first, last_frame=last).json()["tracklets"]]

    assert seen(0, 9) == []
    assert seen(0, 10) == [1]
    assert seen(19, 50) == [1, 2]
    assert seen(20, 49) == []
    assert seen(60, 99) == []


def test_a_gap_in_a_track_draws_nothing(world: World) -> None:
    row = tracklet_row(3, 10, 2)
    row.frames[1] = 90
    tracklets_replace(run=world.run, video=world.videos[0], rows=[row])
    assert tracks(world, first_frame=20, last_frame=80).json()["tracklets"] == []
    (drawn,) = tracks(world).json()["tracklets"]
    assert (drawn["frames"], drawn["identity_number"], drawn["identity_cameras"]) == ([10, 90], None, 0)


@pytest.mark.parametrize(
    "query", [{"last_frame": 3000}, {"first_frame": 10, "last_frame": 9}, {"first_frame": -1}, {"last_frame": 2**31}]
)
def test_windows_too_large_or_turned_round_are_refused(world: World, query: dict[str, int]) -> None:
    assert tracks(world, **query).status_code == 400


def test_tracks_of_a_video_elsewhere_are_not_found(world: World) -> None:
    assert tracks(world, video=999999).status_code == 404
    assert world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/tracks").status_code == 400


def test_tracks_take_no_more_queries_however_many(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = world.client("viewer"), f"/api/v1/runs/{world.run.pk}/tracks?video={world.videos[0].pk}"
    with django_assert_max_num_queries(8) as few:
        client.get(url)
    rows = [tracklet_row(number, number) for number in range(1, 60)]
    tracklets_replace(run=world.run, video=world.videos[0], rows=rows)
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(url).json()["tracklets"]) == 59


def passages(world: World, name: str = "viewer") -> Any:
    return world.client(name).get(f"/api/v1/runs/{world.run.pk}/videos/{world.videos[0].pk}/tracklets")


def test_a_video_s_tracklets_are_listed_with_their_gaps_and_without_boxes(world: World) -> None:
    row = tracklet_row(1, 10)
    row.frames[5:] += 70
    tracklets_replace(run=world.run, video=world.videos[0], rows=[row, tracklet_row(2, 5)])
    second, first = passages(world).json()["tracklets"]
    assert (second["number"], second["spans"], second["picture"]) == (2, [[5, 14]], None)
    assert (first["number"], first["spans"]) == (1, [[10, 14], [85, 89]])
    assert "boxes" not in first
    assert (first["start_s"], first["end_s"]) == (pytest.approx(1.0), pytest.approx(8.9))


def test_the_list_names_identity_and_picture_and_is_not_sent_twice(world: World) -> None:
    answer = passages(world)
    seen = answer.json()["tracklets"][0]
    assert (seen["identity_number"], seen["identity_cameras"]) == (1, 2)
    assert world.client("viewer").get(seen["picture"]).status_code == 200
    again = world.client("viewer").get(answer.request["PATH_INFO"], headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_tracklets_of_a_scene_that_one_may_not_see_are_not_listed(world: World) -> None:
    assert passages(world, "stranger").status_code == 404


def test_unchanged_tracks_are_not_sent_again(world: World) -> None:
    tag = tracks(world)["ETag"]
    url = f"/api/v1/runs/{world.run.pk}/tracks?video={world.videos[0].pk}"
    assert world.client("viewer").get(url, headers={"If-None-Match": tag}).status_code == 304


def test_candidates_give_score_and_reasons(world: World) -> None:
    url = f"/api/v1/runs/{world.run.pk}/candidates"
    (candidate,) = world.client("viewer").get(url).json()["results"]
    assert (candidate["distance"], candidate["transit_s"], candidate["joined"]) == (0.25, 2.1, True)
    assert (candidate["left"]["camera_name"], candidate["right"]["camera_name"]) == ("c001", "c002")
    of_second = world.client("viewer").get(url, {"tracklet": world.tracklets[1].pk}).json()
    assert of_second["results"] == []
    of_third = world.client("viewer").get(url, {"tracklet": world.tracklets[2].pk}).json()
    assert len(of_third["results"]) == 1


def test_a_run_is_exported_as_an_archive_by_members_only(world: World) -> None:
    answer = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/export")
    assert answer.status_code == 409, "it has not finished"
    Run.objects.filter(pk=world.run.pk).update(state="succeeded")
    answer = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/export")
    assert answer["Content-Disposition"] == 'attachment; filename="north-road-run1.zip"'
    archive = ZipFile(io.BytesIO(async_to_sync(_whole)(answer.streaming_content)))
    assert archive.read("track1.txt").splitlines()[0] == b"1 1 11 100 50 40 20 -1 -1"
    assert world.client("stranger").get(f"/api/v1/runs/{world.run.pk}/export").status_code == 404


async def _whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])
