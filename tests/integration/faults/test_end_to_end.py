"""A job's way without any fault: from its row through broker, worker and process back to rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.accounts.models import User
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_retry
from backend.tracking.models import Run, RunState, Tracklet
from tests.integration.faults.waiting import wait_for_state
from tests.processes import Worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_jobs_run_in_the_order_of_their_dependencies_and_end_their_run(
    run: Run, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    first = counting_job(steps=3)
    second = counting_job(kind=JobKind.MATCH, depends_on=(first,), steps=0)
    start_worker()
    wait_for_state(second, JobState.SUCCEEDED)
    first.refresh_from_db()
    assert (first.state, first.attempt, first.done, first.total, first.unit) == (JobState.SUCCEEDED, 1, 3, 3, "steps")
    assert first.finished_at < second.started_at
    assert Tracklet.objects.filter(run=run).count() == 3
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert run.started_at <= run.finished_at
    assert [line.message for line in first.lines.all()] == [
        "started by worker@test, attempt 1 of 3",
        "counting from 0",
        "succeeded",
    ]


def test_an_expected_failure_says_why_and_takes_its_dependents_along_until_a_retry(
    run: Run, manager: User, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    first = counting_job(steps=3, refuse=True)
    second = counting_job(kind=JobKind.MATCH, depends_on=(first,), steps=0)
    start_worker()
    wait_for_state(first, JobState.FAILED)
    wait_for_state(second, JobState.FAILED)
    reason = "there is nothing to count: give it fingers"
    assert (first.problem_code, first.problem, first.trace) == ("cannot-count", reason, "")
    assert second.problem == f"not started because job {first.pk} (detect c001) failed: {reason}"
    assert second.attempt == 0
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.FAILED, f"detect c001: {reason}")
    Job.objects.filter(pk=first.pk).update(parameters={"steps": 2})
    job_retry(job=first, actor=manager)
    wait_for_state(second, JobState.SUCCEEDED)
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.SUCCEEDED, "")


def test_a_bug_ends_as_errored_with_its_trace(
    counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    job = counting_job(steps=3, **{"break": True})
    start_worker()
    wait_for_state(job, JobState.ERRORED)
    assert job.problem == "ZeroDivisionError: counted past the end"
    assert "counting.py" in job.trace
    assert job.attempt == 1
