"""How a job ends: once, by its owner, together with all that follows from it, in one transaction.

Rows are locked in one order everywhere: the run, then its jobs by their ids.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from backend.jobs.models import Job, JobState
from backend.jobs.selectors import job_label, jobs_depending_on
from backend.jobs.services.claims import Claim, job_of
from backend.jobs.services.lines import job_log
from backend.jobs.services.runs import run_state_update

DEPENDENCY_FAILED = "dependency-failed"
DEPENDENCY_CANCELLED = "dependency-cancelled"
WORKER_LOST = "worker-lost"


@transaction.atomic
def job_succeed(*, claim: Claim) -> None:
    """The job is done. Its dependents become ready; whoever runs jobs sends them. Raises JobLost."""
    job = job_of(claim=claim)
    end(job, JobState.SUCCEEDED)
    Job.objects.filter(pk=job.pk).update(done=Coalesce(F("total"), F("done")))
    job_log(job=job, message="succeeded")
    run_state_update(run_id=job.run_id)


@transaction.atomic
def job_fail(*, claim: Claim, code: str, problem: str) -> None:
    """The job cannot be done, for a reason that a person can put right. Raises JobLost."""
    job = job_of(claim=claim)
    end(job, JobState.FAILED, code=code, problem=problem)
    end_dependents(job)
    run_state_update(run_id=job.run_id)


@transaction.atomic
def job_error(*, claim: Claim, problem: str, trace: str) -> None:
    """The job hit a bug. Raises JobLost."""
    job = job_of(claim=claim)
    end(job, JobState.ERRORED, code="bug", problem=problem, trace=trace)
    end_dependents(job)
    run_state_update(run_id=job.run_id)


@transaction.atomic
def job_stopped(*, claim: Claim) -> None:
    """The job's process was stopped because someone cancelled the job. Raises JobLost."""
    end_cancelled(job_of(claim=claim))


@transaction.atomic
def job_give_back(*, claim: Claim, reason: str, blame: bool, trace: str = "") -> None:
    """The job's process ended without an answer: queue the job again, to go on from its checkpoint.

    blame  whether the attempt counts: a job whose process dies in every attempt ends as errored with `reason`.
    Raises JobLost.
    """
    put_back(job_of(claim=claim), reason=reason, blame=blame, trace=trace)


def put_back(job: Job, *, reason: str, blame: bool, trace: str = "") -> None:
    """As `job_give_back`, for a running job, locked like its run, whose owner does not answer."""
    if job.cancel_requested_at is not None:
        end_cancelled(job)
    elif blame and job.attempt >= job.max_attempts:
        problem = f"given up after {job.attempt} attempts; the last one ended because {reason}"
        end(job, JobState.ERRORED, code=WORKER_LOST, problem=problem, trace=trace)
        end_dependents(job)
    else:
        job_log(job=job, message=f"queued again because {reason}", level="warning")
        job.state, job.attempt = JobState.QUEUED, job.attempt - (0 if blame else 1)
        job.worker, job.sent_at, job.trace = "", None, trace
        job.save(update_fields=["state", "attempt", "worker", "sent_at", "trace"])
    run_state_update(run_id=job.run_id)


def end(job: Job, state: JobState, *, code: str = "", problem: str = "", trace: str = "") -> None:
    """Write a locked job's end. Its log gets the reason, if there is one."""
    job.state, job.problem_code, job.problem, job.trace = state, code, problem, trace
    job.save(update_fields=["state", "problem_code", "problem", "trace"])
    Job.objects.filter(pk=job.pk).update(finished_at=Now())
    if problem:
        job_log(job=job, message=problem, level="error" if state == JobState.ERRORED else "warning")


def end_cancelled(job: Job, *, by: str = "") -> None:
    """End a locked job as cancelled, and all that depend on it."""
    end(job, JobState.CANCELLED, code="cancelled", problem=f"cancelled by {by}" if by else "cancelled")
    end_dependents(job)
    run_state_update(run_id=job.run_id)


def end_dependents(job: Job) -> None:
    """End the queued jobs that can no longer start because `job` did not succeed."""
    cancelled = job.state == JobState.CANCELLED
    what = "was cancelled" if cancelled else f"failed: {job.problem}"
    problem = f"not started because job {job.pk} ({job_label(job)}) {what}"
    code = DEPENDENCY_CANCELLED if cancelled else DEPENDENCY_FAILED
    waiting = [each.pk for each in jobs_depending_on(job)]
    for each in Job.objects.select_for_update().filter(pk__in=waiting, state=JobState.QUEUED).order_by("pk"):
        end(each, JobState.CANCELLED if cancelled else JobState.FAILED, code=code, problem=problem)
