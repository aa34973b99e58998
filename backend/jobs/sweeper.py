"""Puts right what a crash left behind: running jobs without a worker, and ready jobs without a message.

Every worker sweeps; a lock in the database lets one of them do it at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from backend.jobs.dispatch import jobs_send, queue_lengths
from backend.jobs.models import Job, JobState, Queue
from backend.jobs.selectors import jobs_ready
from backend.jobs.services.endings import put_back
from backend.jobs.services.runs import run_lock

SWEEP_LOCK = 0x63726F73


@dataclass(frozen=True)
class Swept:
    """What a sweep did."""

    taken_back: int = 0
    sent: int = 0


def sweep(*, blind_until_s: float = 0.0) -> Swept:
    """Take back silent jobs and send lost ones. Does nothing while another sweep is going on.

    blind_until_s  for how many more seconds a silence proves nothing, because the sweeper itself could not reach the
                   database: workers that wait for it to come back are not dead
    """
    with transaction.atomic():
        if not _lock():
            return Swept()
        taken_back = 0 if blind_until_s > 0 or _database_is_young() else _take_back_silent_jobs()
    return Swept(taken_back, jobs_send(_jobs_without_message()))


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def _database_is_young() -> bool:
    """Whether the server started so recently that workers may not have reached it yet."""
    silent = settings.JOB_SILENT_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("select now() - pg_postmaster_start_time() < make_interval(secs => %s)", [silent])
        row = cursor.fetchone()
    return bool(row and row[0])


def _take_back_silent_jobs() -> int:
    """Queue jobs again whose worker is dead or cut off."""
    silent = Job.objects.filter(
        state=JobState.RUNNING, heartbeat_at__lt=Now() - _seconds(settings.JOB_SILENT_SECONDS)
    ).order_by("pk")
    return sum(_take_back(silent.filter(pk=job_id), run_id) for job_id, run_id in silent.values_list("pk", "run_id"))


def _take_back(silent: QuerySet[Job], run_id: int | None) -> bool:
    """Rows that someone is writing to at this moment are left for the next sweep."""
    if not run_lock(run_id=run_id, wait=False):
        return False
    job = silent.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return False
    put_back(job, reason=f"its worker {job.worker} has gone silent", blame=True)
    return True


def _jobs_without_message() -> list[int]:
    """Ready jobs that were never sent, and of those sent long ago as many as the broker has too few messages for.

    A job that merely stands in a long queue has its message there and is left alone.
    """
    never = list(jobs_ready().filter(sent_at=None).values_list("pk", flat=True))
    lengths = queue_lengths(Queue.values)
    if lengths is None:
        return []
    return never + [job_id for queue, length in lengths.items() for job_id in _lost(queue, length)]


def _lost(queue: str, messages: int) -> list[int]:
    sent = jobs_ready().filter(queue=queue, sent_at__isnull=False)
    overdue = Q(sent_at__lt=Now() - _seconds(settings.JOB_RESEND_SECONDS))
    missing = max(0, sent.count() - messages)
    return list(sent.filter(overdue).order_by(F("sent_at"), "pk").values_list("pk", flat=True)[:missing])


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
