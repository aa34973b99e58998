"""The broker loses its memory, the database goes away: no job is lost and none is done twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from backend.config.embedded import postgres, valkey
from backend.jobs.models import Job, JobState
from backend.tracking.models import Run, RunState, Tracklet
from tests.integration.faults.waiting import (
    STOPPING,
    counted_from,
    wait_for_state,
    wait_for_step,
    wait_until,
    wait_until_publishing,
)
from tests.processes import TAKES_OVER, Worker, has_ended, job_processes
from tests.services import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.django_db(transaction=True)]

OUTAGE_SECONDS = 10.0


def test_jobs_that_wait_survive_a_broker_that_forgets_them(
    run: Run, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    running = counting_job(steps=40)
    start_worker()
    wait_for_step(running, 3)
    waiting = [counting_job(steps=0), counting_job(steps=0)]
    valkey.stop(settings.DATA_DIR)
    valkey.start(settings.DATA_DIR)
    for job in (running, *waiting):
        wait_for_state(job, JobState.SUCCEEDED)
        assert (job.attempt, counted_from(job)) == (1, [0])
    run.refresh_from_db()
    assert (run.state, Tracklet.objects.count()) == (RunState.SUCCEEDED, 40)


def test_a_job_made_while_the_broker_is_down_is_not_lost(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    valkey.stop(settings.DATA_DIR)
    jobs = [counting_job(steps=0) for _ in range(5)]
    start_worker()
    valkey.start(settings.DATA_DIR)
    for job in jobs:
        wait_for_state(job, JobState.SUCCEEDED)


def test_a_job_outlives_ten_seconds_without_database(
    run: Run, counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    job = counting_job(steps=60, wait_at=5, wait_for=str(tmp_path / "go-on"))
    worker = start_worker()
    wait_for_step(job, 5)
    child = worker.child()
    gone_at = time.monotonic()
    postgres.stop(settings.DATA_DIR, mode="immediate")
    (tmp_path / "go-on").touch()
    wait_until(gone_at + OUTAGE_SECONDS)
    assert not has_ended(child)
    postgres.start(settings.DATA_DIR)
    wait_for_state(job, JobState.SUCCEEDED)
    assert (job.attempt, Tracklet.objects.count()) == (1, 60)
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED


def test_a_job_that_was_publishing_when_the_database_crashed_publishes_once(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    job = counting_job(steps=3, wait_in_publish=str(go_on))
    start_worker()
    wait_for_step(job, 3)
    wait_until_publishing()
    postgres.stop(settings.DATA_DIR, mode="immediate")
    go_on.touch()
    postgres.start(settings.DATA_DIR)
    wait_for_state(job, JobState.SUCCEEDED)
    assert (job.attempt, Tracklet.objects.count()) == (1, 3)
    assert counted_from(job) == [0, 3]


def test_a_worker_can_be_stopped_while_the_database_is_away(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    job = counting_job(steps=40, wait_at=3, wait_for=str(tmp_path / "go-on"))
    worker = start_worker("first")
    wait_for_step(job, 3)
    postgres.stop(settings.DATA_DIR, mode="immediate")
    (tmp_path / "go-on").touch()
    worker.process.terminate()
    worker.process.wait(2 + STOPPING)
    wait_for(lambda: not job_processes(), what="the job's process to be gone")
    postgres.start(settings.DATA_DIR)
    start_worker("second", **TAKES_OVER)
    wait_for_state(job, JobState.SUCCEEDED)
    assert (job.attempt, Tracklet.objects.count()) == (2, 40)
