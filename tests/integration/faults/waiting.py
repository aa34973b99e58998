"""Conditions that the fault tests wait for."""

from __future__ import annotations

import os
import time

import psutil
from django.db import InterfaceError, OperationalError, connection

from backend.jobs.models import FINISHED, Job, JobState
from tests.processes import has_ended
from tests.services import wait_for

REPEAT = int(os.environ.get("CROSSTRACK_REPEAT", "1"))
# Generous: the machine may be busy with other work.
LONG = 120.0
# How soon a worker that is told to stop has stopped. It is held to that where the tests are repeated, on a machine
# that does nothing else.
STOPPING = 3.0 if REPEAT > 1 else LONG


def state_of(job: Job) -> str:
    """The job's state; empty while the database does not answer."""
    try:
        return Job.objects.values_list("state", flat=True).get(pk=job.pk)
    except (OperationalError, InterfaceError):
        connection.close()
        return ""


def wait_for_state(job: Job, state: JobState, seconds: float = LONG) -> Job:
    """The job once it is in that state. Fails at once if it has ended in another."""

    def reached() -> bool:
        found = state_of(job)
        if found in FINISHED and found != state:
            job.refresh_from_db()
            raise AssertionError(f"job ended as {found}, not {state}: {job.problem}\n{job.trace}")
        return found == state

    wait_for(reached, seconds=seconds, what=f"job {job.pk} to be {state}")
    job.refresh_from_db()
    return job


def wait_for_step(job: Job, step: int) -> int:
    """The step that the job has reached, once it is at least `step`."""
    return wait_for(lambda: (found := _step(job)) >= step and found, seconds=LONG, what=f"step {step} of job {job.pk}")


def _step(job: Job) -> int:
    checkpoint: dict[str, int] = Job.objects.values_list("checkpoint", flat=True).get(pk=job.pk)
    return checkpoint.get("next", 0)


def wait_until_gone(process: psutil.Process, seconds: float = LONG) -> None:
    wait_for(lambda: has_ended(process), seconds=seconds, what=f"process {process.pid} to be gone")


def wait_until_publishing() -> None:
    """Wait until a job that holds its publishing open has begun to write."""
    wait_for(_someone_is_publishing, seconds=LONG, what="a job to publish")


def _someone_is_publishing() -> bool:
    """Whether a transaction stands open whose last statement has written the job's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where state = 'idle in transaction' "
            "and query like 'INSERT INTO \"tracking_tracklet\"%'"
        )
        return bool(cursor.fetchone() != (0,))


def wait_until(moment: float) -> None:
    """Wait for a moment of the monotonic clock."""
    wait_for(lambda: time.monotonic() >= moment, seconds=moment - time.monotonic() + 1, what="time to pass")


def counted_from(job: Job) -> list[int]:
    """The step at which each attempt began."""
    lines = job.lines.filter(message__startswith="counting from").values_list("message", flat=True)
    return [int(line.rsplit(" ", 1)[1]) for line in lines]
