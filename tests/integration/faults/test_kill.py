"""kill -9 and worse: the job is finished by whoever is left, once, and no process stays behind."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.jobs.models import Job, JobState
from backend.tracking.models import Run, RunState, Tracklet
from tests.integration.faults.waiting import (
    LONG,
    STOPPING,
    counted_from,
    wait_for_state,
    wait_for_step,
    wait_until_gone,
    wait_until_publishing,
)
from tests.processes import TAKES_OVER, Worker, has_ended, job_processes
from tests.services import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.django_db(transaction=True)]

STEPS = 30


def test_killed_worker_leaves_no_orphan_and_its_job_goes_on_from_the_checkpoint(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=STEPS, hang_at=5)
    worker = start_worker("first")
    reached = wait_for_step(job, 5)
    child = worker.child()
    worker.kill()
    wait_until_gone(child, seconds=STOPPING)
    start_worker("second", **TAKES_OVER)
    wait_for_state(job, JobState.SUCCEEDED)
    first, second = counted_from(job)
    assert first == 0
    assert second >= reached
    assert (job.attempt, job.worker) == (2, "second@test")
    assert Tracklet.objects.count() == STEPS


def test_killed_process_is_started_again_by_its_worker(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=STEPS, hang_at=5)
    worker = start_worker()
    reached = wait_for_step(job, 5)
    worker.child().kill()
    wait_for_state(job, JobState.SUCCEEDED)
    assert counted_from(job)[1] >= reached
    assert job.lines.filter(message="queued again because its process was killed by SIGKILL (out of memory?)").exists()
    assert Tracklet.objects.count() == STEPS


def test_a_job_that_kills_every_process_is_given_up(
    run: Run, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=STEPS, die_at=1)
    start_worker()
    wait_for_state(job, JobState.ERRORED)
    assert job.attempt == job.max_attempts == 3
    assert job.problem.startswith("given up after 3 attempts; the last one ended because its process was killed")
    assert Tracklet.objects.count() == 0
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_hung_process_is_killed_and_its_job_goes_on(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=5, hang_at=3)
    worker = start_worker(CROSSTRACK_JOB_HUNG_SECONDS="15")
    child = worker.child()
    wait_for_state(job, JobState.SUCCEEDED)
    assert has_ended(child)
    assert counted_from(job) == [0, 3]
    assert job.lines.filter(message__startswith="queued again because it made no progress for").exists()


def test_stopped_worker_gives_its_job_back_without_burning_an_attempt(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    job = counting_job(steps=STEPS, wait_at=5, wait_for=str(tmp_path / "go-on"))
    worker = start_worker("first")
    wait_for_step(job, 5)
    child = worker.child()
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(2 + STOPPING) == 0
    assert has_ended(child)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    (tmp_path / "go-on").touch()
    start_worker("second")
    wait_for_state(job, JobState.SUCCEEDED)
    assert job.attempt == 1
    assert counted_from(job)[1] >= 5
    assert Tracklet.objects.count() == STEPS


def test_a_worker_that_was_given_up_comes_back_and_cannot_write(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    job = counting_job(steps=5, wait_in_publish=str(go_on))
    first = start_worker("first")
    wait_for_step(job, 5)
    child = first.child()
    wait_until_publishing()
    for process in (first.process, child):
        process.suspend()
    start_worker("second", **TAKES_OVER)
    wait_for(lambda: Job.objects.get(pk=job.pk).worker == "second@test", seconds=LONG, what="the second worker")
    go_on.touch()
    # The first worker wakes up in the middle of publishing, before the second one has published.
    for process in (first.process, child):
        process.resume()
    wait_for_state(job, JobState.SUCCEEDED)
    wait_until_gone(child)
    job.refresh_from_db()
    assert (job.state, job.worker, job.attempt) == (JobState.SUCCEEDED, "second@test", 2)
    assert Tracklet.objects.count() == 5
    assert job.lines.filter(message="succeeded").count() == 1


def test_a_worker_that_stops_dead_while_it_publishes_does_not_block_the_next(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    job = counting_job(steps=5, wait_in_publish=str(go_on))
    # The server ends what stands open twice as long.
    first = start_worker("first", CROSSTRACK_JOB_SILENT_SECONDS="10")
    wait_for_step(job, 5)
    child = first.child()
    wait_until_publishing()
    for process in (first.process, child):
        process.suspend()
    go_on.touch()
    start_worker("second", **TAKES_OVER)
    wait_for_state(job, JobState.SUCCEEDED)
    assert (job.worker, job.attempt, Tracklet.objects.count()) == ("second@test", 2, 5)


def test_two_workers_with_many_messages_do_a_job_once(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    from backend.config.celery import RUN_JOB, app

    start_worker("first")
    start_worker("second")
    job = counting_job(steps=STEPS)
    for _ in range(10):
        app.send_task(RUN_JOB, args=[job.pk], queue=job.queue)
    wait_for_step(job, 5)
    assert len(job_processes()) <= 1
    wait_for_state(job, JobState.SUCCEEDED)
    assert (job.attempt, counted_from(job)) == (1, [0])
    assert Tracklet.objects.count() == STEPS
