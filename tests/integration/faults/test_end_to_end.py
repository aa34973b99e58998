"""A job's way without any fault: from its row through broker, worker and process back to rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.jobs.models import Job, JobKind, JobState
from backend.tracking.models import Run, RunState, Tracklet
from tests.processes import Worker
from tests.services import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_jobs_run_in_the_order_of_their_dependencies_and_end_their_run(
    run: Run, counting_job: Callable[..., Job], start_worker: Callable[..., Worker]
) -> None:
    first = counting_job(steps=3)
    second = counting_job(kind=JobKind.MATCH, depends_on=(first,), steps=0)
    start_worker()
    wait_for(lambda: state_of(second) == JobState.SUCCEEDED, what="the second job")
    first.refresh_from_db()
    second.refresh_from_db()
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
