"""Watches over one job from claim to end: its process does the work, this thread keeps the row and the process true."""

from __future__ import annotations

import time
from functools import partial
from threading import Event

import structlog
from django.conf import settings
from django.db import connection

from backend.jobs import services
from backend.jobs.dispatch import jobs_send
from backend.jobs.errors import JobLost
from backend.jobs.models import Job
from backend.jobs.services import Claim, Pulse
from workers.database import DATABASE_GONE, patiently
from workers.process import ChildProcess

logger = structlog.get_logger(__name__)

# Set when this worker is told to stop: jobs go back to the queue. Where the database does not answer just then, they
# are found silent later.
stopping = Event()


def supervise(*, job_id: int, worker: str) -> None:
    """Do a job if it can be claimed. Whatever happens, no process of it is left when this returns."""
    if stopping.is_set():
        return
    claim = patiently(partial(services.job_claim, job_id=job_id, worker=worker), hurry=stopping)
    if claim is None:
        logger.info("job is not ready or taken; nothing to do", job=job_id)
        return
    supervision = Supervision(claim)
    supervision.watch()
    supervision.settle()
    if not stopping.is_set():
        patiently(lambda: jobs_send(_next(job_id)), hurry=stopping)


def _next(job_id: int) -> list[int]:
    """What may be ready now: the job itself, if it was given back, and the jobs that waited for it."""
    return [job_id, *Job.objects.filter(depends_on=job_id).values_list("pk", flat=True)]


class Supervision:
    """One claim and its process."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._child = ChildProcess(claim)
        self._beaten_at = self._answered_at = time.monotonic()
        self._database_gone = False
        self._stopped_because = ""

    def watch(self) -> None:
        """Return when the process has ended, by itself or because it had to."""
        try:
            while not self._child.ended(within_s=settings.JOB_WATCH_SECONDS):
                self._stopped_because = self._reason_to_stop()
                if self._stopped_because:
                    return
        finally:
            self._child.stop()

    def settle(self) -> None:
        """Say what became of the job, unless its process has said so itself or the job is not ours any more."""
        reason = self._stopped_because or self._child.death()
        trace = "" if self._stopped_because else self._child.last_words()
        give_back = partial(
            services.job_give_back, claim=self._claim, reason=reason, blame=not stopping.is_set(), trace=trace
        )
        try:
            patiently(give_back, hurry=stopping)
        except JobLost:
            return

    def _reason_to_stop(self) -> str:
        """Why the process must be stopped now; empty if it may go on."""
        if stopping.is_set():
            return "its worker was stopped"
        try:
            pulse = self._look()
        except DATABASE_GONE as error:
            return self._out_of_patience(error)
        if not pulse.owned:
            return "it now belongs to another worker"
        if pulse.cancel:
            return "it was cancelled"
        if pulse.idle_s > settings.JOB_HUNG_SECONDS:
            return f"it made no progress for {pulse.idle_s:.0f} s"
        return ""

    def _look(self) -> Pulse:
        """The process is alive: say so now and then, and read what is wanted of the job."""
        if time.monotonic() - self._beaten_at >= settings.JOB_HEARTBEAT_SECONDS:
            services.job_heartbeat(claim=self._claim)
            self._beaten_at = time.monotonic()
        pulse = services.job_pulse(claim=self._claim)
        self._answered_at, self._database_gone = time.monotonic(), False
        return pulse

    def _out_of_patience(self, error: Exception) -> str:
        if not self._database_gone:
            reason = str(error).strip()
            logger.warning("the database does not answer; the job goes on", job=self._claim.job_id, error=reason)
        self._database_gone = True
        connection.close()
        patience = settings.JOB_DATABASE_PATIENCE_SECONDS
        return "the database was gone for too long" if time.monotonic() - self._answered_at > patience else ""
