"""A run's state follows from its jobs' and changes in the same transaction."""

from __future__ import annotations

from django.utils import timezone

from backend.jobs.models import Job, JobState
from backend.jobs.selectors import job_label
from backend.tracking.models import Run, RunState

BROKEN = (JobState.FAILED, JobState.ERRORED)


def run_lock(*, run_id: int | None, wait: bool = True) -> bool:
    """Lock the run's row until the transaction ends. Returns False, instead of waiting, if someone else has it.

    Whoever changes jobs of a run locks the run first and then the jobs by their ids, so that nobody waits in a circle.
    A handler's transaction may have locked the run too, long before it ends its job.
    """
    if run_id is None:
        return True
    found = Run.objects.select_for_update(no_key=True, skip_locked=not wait).filter(pk=run_id)
    return found.values_list("pk").first() is not None


def run_state_update(*, run_id: int | None) -> None:
    """Derive the run's state. To be called inside the transaction that changed one of its jobs, after the change.

    The run's row is locked: of two jobs that end at the same moment, the second sees the first.
    A run goes on while any of its jobs can go on, so that a later retry finds their results.
    """
    if run_id is None:
        return
    run = Run.objects.select_for_update(no_key=True).get(pk=run_id)
    rows = Job.objects.filter(run=run).select_related("video__camera").defer("video__frame_times", "trace")
    jobs = list(rows.order_by("pk"))
    run.state = _state({job.state for job in jobs})
    run.problem = _problem(jobs) if run.state == RunState.FAILED else ""
    active = run.state in (RunState.RUNNING, RunState.QUEUED)
    run.finished_at = None if active else run.finished_at or timezone.now()
    if run.state != RunState.QUEUED:
        run.started_at = run.started_at or timezone.now()
    run.save(update_fields=["state", "problem", "started_at", "finished_at"])


def _state(states: set[str]) -> RunState:
    if states <= {JobState.QUEUED}:
        return RunState.QUEUED
    if states & {JobState.QUEUED, JobState.RUNNING}:
        return RunState.RUNNING
    if states & set(BROKEN):
        return RunState.FAILED
    return RunState.CANCELLED if JobState.CANCELLED in states else RunState.SUCCEEDED


def _problem(jobs: list[Job]) -> str:
    """Of the first job that broke: the others failed because of it."""
    first = next(job for job in jobs if job.state in BROKEN)
    return f"{job_label(first)}: {first.problem}"
