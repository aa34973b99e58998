"""What becomes of a job by how its handler ends; and a database that comes and goes under it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from django.db import OperationalError, connection

from backend.jobs.models import JobState
from backend.jobs.services import job_give_back
from backend.tracking.models import Tracklet
from tests.unit.workers.conftest import ClaimJob, row
from workers.context import JobCancelled, JobContext
from workers.database import patiently
from workers.execution import MOST_RUNS, execute


@pytest.fixture
def handler(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[JobContext], None]], None]:
    """Makes a function the handler of `detect`."""

    def install(run: Callable[[JobContext], None]) -> None:
        module = ModuleType("handler_of_this_test")
        module.run = run  # type: ignore[attr-defined]  # that makes it one
        monkeypatch.setitem(sys.modules, module.__name__, module)
        settings.JOB_HANDLERS = {"detect": module.__name__}

    return install


def test_a_handler_that_returns_has_succeeded(claim_job: ClaimJob) -> None:
    claim = claim_job(steps=2)
    execute(claim)
    job = row(claim)
    assert (job.state, job.done, job.checkpoint, Tracklet.objects.count()) == (JobState.SUCCEEDED, 2, {"next": 2}, 2)


def test_a_handler_need_not_publish(claim_job: ClaimJob, handler: Any) -> None:
    claim = claim_job()
    handler(lambda context: None)
    execute(claim)
    assert row(claim).state == JobState.SUCCEEDED


def test_what_a_person_can_put_right_is_a_failure(claim_job: ClaimJob) -> None:
    claim = claim_job(refuse=True)
    execute(claim)
    job = row(claim)
    assert (job.state, job.problem_code, job.trace) == (JobState.FAILED, "cannot-count", "")


def test_anything_else_is_a_bug(claim_job: ClaimJob) -> None:
    claim = claim_job(**{"break": True})
    execute(claim)
    job = row(claim)
    assert (job.state, job.problem) == (JobState.ERRORED, "ZeroDivisionError: counted past the end")
    assert job.trace.startswith("Traceback")


def test_a_kind_without_handler_is_a_bug_with_a_trace(claim_job: ClaimJob, settings: Any) -> None:
    claim = claim_job()
    settings.JOB_HANDLERS = {}
    execute(claim)
    assert (row(claim).state, row(claim).problem) == (JobState.ERRORED, "KeyError: 'detect'")


def test_a_job_that_was_lost_on_the_way_is_left_to_its_new_owner(claim_job: ClaimJob, handler: Any) -> None:
    claim = claim_job()
    handler(lambda context: job_give_back(claim=claim, reason="it went silent", blame=True))
    with pytest.raises(JobCancelled):
        execute(claim)
    assert row(claim).state == JobState.QUEUED


def test_a_handler_is_run_again_after_its_connection_broke(claim_job: ClaimJob, handler: Any) -> None:
    claim = claim_job()
    runs = []

    def run(context: JobContext) -> None:
        runs.append(context.job.checkpoint)
        context.save_checkpoint({"runs": len(runs)})
        if len(runs) < 3:
            with connection.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    handler(run)
    execute(claim)
    assert runs == [{}, {"runs": 1}, {"runs": 2}]
    assert (row(claim).state, row(claim).attempt) == (JobState.SUCCEEDED, 1)


def test_a_database_that_always_breaks_is_a_bug_in_the_end(claim_job: ClaimJob, handler: Any) -> None:
    claim = claim_job()
    runs = []

    def run(context: JobContext) -> None:
        runs.append(1)
        raise OperationalError("no luck")

    handler(run)
    execute(claim)
    assert (len(runs), row(claim).state) == (MOST_RUNS, JobState.ERRORED)


def test_patience_ends(db: None, settings: Any) -> None:
    settings.JOB_DATABASE_PATIENCE_SECONDS = 0.3
    calls = []

    def call() -> None:
        calls.append(1)
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        patiently(call)
    assert len(calls) == 2  # at once, and after 0.1 s; the next would have come after 0.3 s
