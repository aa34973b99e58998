"""A worker's hold on a job: taken once, shown to be alive, and lost without a way to write.

All times are the database's, so that the clocks of web and worker machines may differ.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Now

from backend.jobs.errors import JobLost
from backend.jobs.models import Job, JobState
from backend.jobs.selectors import jobs_ready
from backend.jobs.services.lines import job_log
from backend.jobs.services.runs import run_lock, run_state_update


@dataclass(frozen=True)
class Claim:
    """Proof of owning a job: `token` is on the job's row for as long as the owner has not changed."""

    job_id: int
    token: uuid.UUID

    def row(self) -> QuerySet[Job]:
        """The job's row while it is running under this claim; nothing afterwards."""
        return Job.objects.filter(pk=self.job_id, claim=self.token, state=JobState.RUNNING)


@dataclass(frozen=True)
class Pulse:
    """What a worker must know of its job from time to time. `idle_s` is the time since its last progress."""

    owned: bool
    cancel: bool = False
    idle_s: float = 0.0


@transaction.atomic
def job_claim(*, job_id: int, worker: str) -> Claim | None:
    """Take a ready job for `worker`, or None if it is gone, taken, finished or still waits for another."""
    ready = jobs_ready().filter(pk=job_id).values_list("run_id").first()
    if ready is None:
        return None
    run_lock(run_id=ready[0])
    job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id, state=JobState.QUEUED).first()
    if job is None:
        return None
    job.state, job.claim, job.worker = JobState.RUNNING, uuid.uuid4(), worker
    job.attempt += 1
    job.problem_code = job.problem = job.trace = ""
    job.save(update_fields=["state", "claim", "worker", "attempt", "problem_code", "problem", "trace"])
    Job.objects.filter(pk=job_id).update(heartbeat_at=Now(), progress_at=Now(), started_at=Now(), finished_at=None)
    job_log(job=job, message=f"started by {worker}, attempt {job.attempt} of {job.max_attempts}")
    run_state_update(run_id=job.run_id)
    return Claim(job_id, job.claim)


def job_heartbeat(*, claim: Claim) -> None:
    """Say that the process which does the job is alive."""
    claim.row().update(heartbeat_at=Now())


def job_pulse(*, claim: Claim) -> Pulse:
    """Whether the job is still this claim's, whether it shall stop, and how long it has not got on."""
    idle = ExpressionWrapper(Now() - F("progress_at"), output_field=DurationField())
    found = claim.row().annotate(idle=idle).values_list("cancel_requested_at", "idle").first()
    if found is None:
        return Pulse(owned=False)
    cancel_requested_at, idle_for = found
    return Pulse(owned=True, cancel=cancel_requested_at is not None, idle_s=(idle_for or timedelta()).total_seconds())


def job_progress(*, claim: Claim, done: int, total: int | None, unit: str) -> None:
    """Write how far the job is. Raises JobLost if it is no longer this claim's or shall stop."""
    found = claim.row().filter(cancel_requested_at=None)
    if not found.update(done=done, total=total, unit=unit, progress_at=Now()):
        raise JobLost(f"job {claim.job_id} is not this worker's any more, or was cancelled")


def job_checkpoint(*, claim: Claim, data: Mapping[str, Any]) -> None:
    """Write what a later attempt needs to go on from here. Raises JobLost."""
    if not claim.row().update(checkpoint=dict(data), progress_at=Now()):
        raise JobLost(f"job {claim.job_id} is not this worker's any more")


def job_of(*, claim: Claim) -> Job:
    """The job's row, locked until the transaction ends, as is its run's. Raises JobLost."""
    run_lock(run_id=Job.objects.filter(pk=claim.job_id).values_list("run_id", flat=True).first())
    job = claim.row().select_for_update(of=("self",)).first()
    if job is None:
        raise JobLost(f"job {claim.job_id} is not this worker's any more")
    return job
