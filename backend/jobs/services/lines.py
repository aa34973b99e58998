"""The log on a job's row."""

from __future__ import annotations

from backend.jobs.models import Job, JobLine

LONGEST_MESSAGE = 10_000


def job_log(*, job: Job, message: str, level: str = "info") -> None:
    """Add a line to the job's log, under its present attempt."""
    JobLine.objects.create(job=job, attempt=job.attempt, level=level, message=message[:LONGEST_MESSAGE])
