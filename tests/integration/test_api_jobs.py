"""Jobs over HTTP: lists, lines, cancel and retry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_create, job_log
from tests.world import World

JOBS = "/api/v1/jobs"


@pytest.fixture
def detect(world: World) -> Job:
    """The first video's detection, which stands first in its queue."""
    return Job.objects.filter(run=world.run, kind=JobKind.DETECT).earliest("pk")


def test_jobs_are_listed_newest_first_with_their_places(world: World, detect: Job) -> None:
    jobs = world.client("viewer").get(JOBS).json()["results"]
    assert [job["kind"] for job in jobs][:2] == ["evaluate", "match"]
    shown = next(job for job in jobs if job["id"] == detect.pk)
    assert (shown["camera_name"], shown["scene_name"], shown["run_number"]) == ("c001", "North Road", 1)
    assert (shown["queue_position"], shown["state"], shown["created_by"]) == (0, "queued", "manager")
    waiting = next(job for job in jobs if job["kind"] == "match")
    assert (waiting["queue_position"], waiting["camera_name"]) == (None, None)


def test_jobs_are_filtered(world: World, detect: Job) -> None:
    Job.objects.filter(pk=detect.pk).update(state=JobState.RUNNING)
    client = world.client("viewer")
    assert [job["id"] for job in client.get(f"{JOBS}?state=running").json()["results"]] == [detect.pk]
    assert len(client.get(f"{JOBS}?run={world.run.pk}").json()["results"]) == 8
    assert client.get(f"{JOBS}?run=999999").json()["results"] == []
    assert client.get(f"{JOBS}?state=sleeping").status_code == 400


def test_a_running_job_tells_how_long_still(world: World, detect: Job) -> None:
    ago = timezone.now() - timedelta(seconds=30)
    Job.objects.filter(pk=detect.pk).update(state=JobState.RUNNING, started_at=ago, done=75, total=100)
    job = world.client("viewer").get(f"{JOBS}/{detect.pk}").json()
    assert job["elapsed_s"] == pytest.approx(30, abs=5)
    assert job["remaining_s"] == pytest.approx(10, abs=3)


def test_lines_come_in_order_and_only_the_new_ones(world: World, detect: Job) -> None:
    for message in ("one", "two", "three"):
        job_log(job=detect, message=message)
    client, url = world.client("viewer"), f"{JOBS}/{detect.pk}/lines"
    lines = client.get(url).json()
    assert [line["message"] for line in lines] == ["one", "two", "three"]
    assert [line["message"] for line in client.get(f"{url}?after={lines[1]['id']}").json()] == ["three"]
    assert len(client.get(f"{url}?limit=2").json()) == 2


def test_cancel_then_retry_puts_a_job_back_into_its_queue(world: World, detect: Job) -> None:
    client = world.client("manager")
    cancelled = client.post(f"{JOBS}/{detect.pk}/cancel").json()
    assert cancelled["state"] == "cancelled"
    assert client.post(f"{JOBS}/{detect.pk}/cancel").json()["code"] == "job-finished"
    again = client.post(f"{JOBS}/{detect.pk}/retry").json()
    assert (again["state"], again["queue_position"]) == ("queued", 0)
    assert client.post(f"{JOBS}/{detect.pk}/retry").json()["code"] == "job-not-failed"


def test_a_failed_job_shows_the_sentence_and_a_bug_its_trace(world: World, detect: Job) -> None:
    Job.objects.filter(pk=detect.pk).update(
        state=JobState.ERRORED, problem_code="bug", problem="It broke.", trace="Traceback: here"
    )
    client = world.client("viewer")
    assert client.get(f"{JOBS}/{detect.pk}").json()["trace"] == "Traceback: here"
    listed = client.get(f"{JOBS}?state=errored").json()["results"][0]
    assert listed["problem"] == "It broke."
    assert "trace" not in listed


def test_polling_unchanged_jobs_costs_no_body(world: World) -> None:
    client = world.client("viewer")
    tag = client.get(JOBS)["ETag"]
    assert client.get(JOBS, headers={"If-None-Match": tag}).status_code == 304


def test_more_jobs_take_no_more_queries(
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = world.client("viewer")
    with django_assert_max_num_queries(8) as few:
        client.get(JOBS)
    for _ in range(20):
        job_create(kind=JobKind.DETECT, scene=world.scene, run=world.run, video=world.videos[0])
    with django_assert_num_queries(len(few)):
        assert len(client.get(JOBS).json()["results"]) == 28
