"""What people ask of jobs: to stop, and to try again."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from backend.accounts.models import Role, User
from backend.accounts.permissions import is_admin, require_scene_role
from backend.config.problems import Conflict, Refused
from backend.jobs.dispatch import jobs_send
from backend.jobs.models import FINISHED, Job, JobState
from backend.jobs.selectors import job_label, jobs_depending_on
from backend.jobs.services.endings import end_cancelled
from backend.jobs.services.lines import job_log
from backend.jobs.services.runs import run_lock, run_state_update
from backend.tracking.models import Run

GONE_WRONG = (JobState.FAILED, JobState.ERRORED, JobState.CANCELLED)


def job_cancel(*, job: Job, actor: User) -> Job:
    """Cancel a job: at once if it waits, within seconds if it runs. Jobs that depend on it are cancelled with it.

    For managers of its scene and for the analyst who created it. Raises NotFound, Refused, or Conflict if the job
    has finished.
    """
    _require_right(job, actor)
    if not _cancel_all(Job.objects.filter(pk=job.pk), job.run_id, actor):
        job.refresh_from_db()
        raise Conflict("job-finished", f"Job {job.pk} ({job_label(job)}) has already ended as {job.state}.")
    job.refresh_from_db()
    return job


def run_jobs_cancel(*, run: Run, actor: User) -> None:
    """Cancel all jobs of a run that have not finished. For managers of the scene and the run's creator.

    Raises NotFound, Refused, or Conflict if nothing is left to cancel.
    """
    require_scene_role(actor, run.scene, Role.ANALYST if run.created_by_id == actor.pk else Role.MANAGER)
    if not _cancel_all(Job.objects.filter(run=run), run.pk, actor):
        run.refresh_from_db(fields=["state"])
        raise Conflict("run-finished", f"Run {run.number} has already ended as {run.state}.")


@transaction.atomic
def job_retry(*, job: Job, actor: User) -> Job:
    """Queue a failed, errored or cancelled job again, and with it the jobs that failed because of it.

    It goes on from its last checkpoint, with a fresh count of attempts. For managers of its scene and for the analyst
    who created it. Raises NotFound, Refused, or Conflict if it did not fail or if a job before it did.
    """
    _require_right(job, actor)
    job = _locked(job)
    if job.state not in GONE_WRONG:
        raise Conflict("job-not-failed", f"Job {job.pk} ({job_label(job)}) is {job.state}; there is nothing to retry.")
    _require_sound_dependencies(job)
    again = [job, *_retried_with(job)]
    for each in again:
        _queue_again(each, actor)
    run_state_update(run_id=job.run_id)
    transaction.on_commit(partial(jobs_send, [each.pk for each in again]), robust=True)
    return job


def _locked(job: Job) -> Job:
    run_lock(run_id=job.run_id)
    return Job.objects.select_for_update(of=("self",)).get(pk=job.pk)


def _require_right(job: Job, actor: User) -> None:
    if job.scene is not None:
        own = job.created_by_id == actor.pk
        require_scene_role(actor, job.scene, Role.ANALYST if own else Role.MANAGER)
    elif not is_admin(actor) and job.created_by_id != actor.pk:
        raise Refused("role-too-low", "Only an administrator or the job's creator may do this.")


def _cancel_all(jobs: QuerySet[Job], run_id: int | None, actor: User) -> bool:
    """Cancel those that have not finished. Returns whether there were any.

    Each step is a transaction: a running job is asked without waiting for the run's row, which the job itself may have
    locked for as long as it publishes. Until both are through, a job can start or be given back; then it is its turn.
    """
    active = jobs.exclude(state__in=FINISHED)
    found = active.exists()
    while active.filter(cancel_requested_at=None).exists():
        _ask_running(active, actor)
        _end_waiting(active, run_id, actor)
    return found


@transaction.atomic
def _ask_running(jobs: QuerySet[Job], actor: User) -> None:
    running = jobs.filter(state=JobState.RUNNING, cancel_requested_at=None).order_by("pk")
    for job in list(running.select_for_update(of=("self",))):
        Job.objects.filter(pk=job.pk).update(cancel_requested_at=Now())
        job_log(job=job, message=f"{actor.username} asked to cancel it", level="warning")


@transaction.atomic
def _end_waiting(jobs: QuerySet[Job], run_id: int | None, actor: User) -> None:
    if not jobs.filter(state=JobState.QUEUED).exists():
        return
    run_lock(run_id=run_id)
    for number in list(jobs.filter(state=JobState.QUEUED).order_by("pk").values_list("pk", flat=True)):
        job = Job.objects.select_for_update(of=("self",)).get(pk=number)
        if job.state == JobState.QUEUED:
            end_cancelled(job, by=actor.username)


def _require_sound_dependencies(job: Job) -> None:
    broken = job.depends_on.filter(state__in=GONE_WRONG).order_by("pk").first()
    if broken is not None:
        raise Conflict(
            "dependency-failed",
            f"Job {job.pk} ({job_label(job)}) waits for job {broken.pk} ({job_label(broken)}), which ended as "
            f"{broken.state}. Retry that one; this one follows.",
        )


def _retried_with(job: Job) -> list[Job]:
    """Dependents that went down with `job` and have no other reason to stay down."""
    waiting = [each.pk for each in jobs_depending_on(job)]
    dependents = Job.objects.select_for_update().filter(pk__in=waiting, state__in=GONE_WRONG).order_by("pk")
    again = {job.pk: job}
    for each in dependents:
        broken = each.depends_on.filter(state__in=GONE_WRONG).values_list("pk", flat=True)
        if set(broken) <= set(again):
            again[each.pk] = each
    return [each for number, each in again.items() if number != job.pk]


def _queue_again(job: Job, actor: User) -> None:
    job.state, job.attempt = JobState.QUEUED, 0
    job.problem_code = job.problem = job.trace = job.worker = ""
    job.cancel_requested_at = job.sent_at = job.finished_at = job.started_at = None
    job.save()
    job_log(job=job, message=f"queued again by {actor.username}")
