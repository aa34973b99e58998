"""Who changes jobs of a run locks the run before any of them: otherwise two could wait for each other for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from backend.accounts.models import User
from backend.config.embedded import postgres
from backend.jobs.models import Job
from backend.jobs.services import (
    job_cancel,
    job_claim,
    job_fail,
    job_give_back,
    job_retry,
    job_succeed,
    run_jobs_cancel,
)
from backend.tracking.models import Run
from tests.services import PATIENCE, wait_for
from tests.unit.backend.jobs.conftest import MakeJob, claimed

pytestmark = pytest.mark.django_db(transaction=True)

Connection = psycopg.Connection[tuple[int]]
BLOCKED = "select count(*) from pg_locks where not granted"


@pytest.fixture
def other(transactional_db: None) -> Iterator[Connection]:
    """A second session on the test's database."""
    name, host = connection.settings_dict["NAME"], str(postgres.socket_folder(settings.DATA_DIR))
    with psycopg.connect(dbname=name, host=host, user="postgres") as session:
        yield session


def _do(operation: Callable[[], object]) -> None:
    try:
        operation()
    finally:
        connections.close_all()


def _operations(job: Job, run: Run, manager: User) -> dict[str, Callable[[], object]]:
    return {
        "claim": lambda: job_claim(job_id=job.pk, worker="w"),
        "cancel": lambda: job_cancel(job=job, actor=manager),
        "cancel run": lambda: run_jobs_cancel(run=run, actor=manager),
    }


@pytest.mark.parametrize("name", ["claim", "cancel", "cancel run"])
def test_waiting_jobs(other: Connection, run: Run, manager: User, make_job: MakeJob, name: str) -> None:
    job = make_job()
    _require_run_first(other, job, _operations(job, run, manager)[name])


@pytest.mark.parametrize("name", ["succeed", "fail", "give back"])
def test_running_jobs(other: Connection, make_job: MakeJob, name: str) -> None:
    job = make_job()
    claim = claimed(job)
    operations = {
        "succeed": lambda: job_succeed(claim=claim),
        "fail": lambda: job_fail(claim=claim, code="x", problem="no luck"),
        "give back": lambda: job_give_back(claim=claim, reason="it died", blame=True),
    }
    _require_run_first(other, job, operations[name])


def test_broken_jobs(other: Connection, manager: User, make_job: MakeJob) -> None:
    job = make_job()
    job_fail(claim=claimed(job), code="x", problem="no luck")
    _require_run_first(other, job, lambda: job_retry(job=job, actor=manager))


def _require_run_first(other: Connection, job: Job, operation: Callable[[], object]) -> None:
    """While another session holds the run, the operation waits and leaves the job free."""
    other.execute("select 1 from tracking_run for no key update")
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(_do, operation)
        try:
            wait_for(lambda: done.done() or other.execute(BLOCKED).fetchone() == (1,), what="the operation to wait")
            assert not done.done()
            other.execute("select 1 from jobs_job where id = %s for update nowait", [job.pk])
        finally:
            other.rollback()
        done.result(PATIENCE)
