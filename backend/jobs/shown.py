"""Jobs as people see them: whose, how long already, how long still."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.config.problems import NotFound
from backend.jobs.models import Job, JobState
from backend.jobs.selectors import job_list

FRACTION_TO_TRUST = 0.02


def jobs_shown(
    *, user: User, state: str | None = None, scene: int | None = None, run: int | None = None
) -> QuerySet[Job]:
    """The jobs that the person may see, of this state, scene and run where given."""
    wanted = {"state": state, "scene": scene, "run": run}
    jobs = job_list(user=user).filter(**{name: value for name, value in wanted.items() if value is not None})
    return jobs.defer("checkpoint", "parameters", "run__config", "video__frame_times")


def job_shown(*, user: User, job_id: int) -> Job:
    """Raises NotFound."""
    job = jobs_shown(user=user).filter(pk=job_id).first()
    if job is None:
        raise NotFound("job")
    return job


def elapsed_s(job: Job, now: datetime) -> float | None:
    """Seconds since its last attempt started, until it ended; None before the first."""
    if job.started_at is None:
        return None
    return max(((job.finished_at or now) - job.started_at).total_seconds(), 0.0)


def remaining_s(job: Job, now: datetime) -> float | None:
    """Seconds that the rest takes at the pace so far; None if it does not run or has no pace yet."""
    elapsed = elapsed_s(job, now)
    if job.state != JobState.RUNNING or not job.total or elapsed is None:
        return None
    fraction = min(job.done / job.total, 1.0)
    return elapsed * (1.0 - fraction) / fraction if fraction >= FRACTION_TO_TRUST else None
