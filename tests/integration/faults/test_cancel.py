"""Cancelling: at once, without a process left and without half a result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.accounts.models import User
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_cancel, job_retry, run_jobs_cancel
from backend.tracking.models import Run, RunState, Tracklet
from tests.integration.faults.waiting import (
    STOPPING,
    counted_from,
    wait_for_state,
    wait_for_step,
    wait_until_gone,
    wait_until_publishing,
)
from tests.processes import Worker

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def test_running_job_ends_at_once_and_its_dependents_with_it(
    run: Run, manager: User, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=1000)
    after = counting_job(kind=JobKind.MATCH, depends_on=(job,), steps=0)
    worker = start_worker()
    wait_for_step(job, 3)
    child = worker.child()
    job_cancel(job=job, actor=manager)
    wait_for_state(job, JobState.CANCELLED, seconds=STOPPING)
    wait_until_gone(child, seconds=STOPPING)
    after.refresh_from_db()
    run.refresh_from_db()
    assert (after.state, after.attempt, run.state) == (JobState.CANCELLED, 0, RunState.CANCELLED)
    assert after.problem == f"not started because job {job.pk} (detect c001) was cancelled"
    assert Tracklet.objects.count() == 0


def test_cancel_in_the_middle_of_publishing_leaves_no_rows(
    manager: User, counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    job = counting_job(steps=2, wait_in_publish=str(tmp_path / "never"))
    start_worker()
    wait_for_step(job, 2)
    wait_until_publishing()
    job_cancel(job=job, actor=manager)
    wait_for_state(job, JobState.CANCELLED, seconds=STOPPING)
    assert Tracklet.objects.count() == 0


def test_cancelled_run_stops_all_its_jobs_and_a_retry_goes_on(
    run: Run, manager: User, counting_job: Callable[..., Job], start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    first = counting_job(steps=40, wait_at=3, wait_for=str(tmp_path / "go-on"))
    waiting = counting_job(kind=JobKind.MATCH, depends_on=(first,), steps=0)
    start_worker()
    wait_for_step(first, 3)
    run_jobs_cancel(run=run, actor=manager)
    wait_for_state(first, JobState.CANCELLED, seconds=STOPPING)
    waiting.refresh_from_db()
    run.refresh_from_db()
    assert (waiting.state, run.state) == (JobState.CANCELLED, RunState.CANCELLED)
    (tmp_path / "go-on").touch()
    job_retry(job=first, actor=manager)
    wait_for_state(waiting, JobState.SUCCEEDED)
    assert counted_from(first)[1] >= 3
    run.refresh_from_db()
    assert (run.state, Tracklet.objects.count()) == (RunState.SUCCEEDED, 40)
