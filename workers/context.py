"""What a job's handler is given: the job, and ways to report, to remember and to publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog
from django.db import connection, transaction

from backend.jobs import services
from backend.jobs.errors import JobLost
from backend.jobs.models import Job, JobState
from backend.jobs.selectors import job_get
from backend.jobs.services import Claim
from workers.database import DATABASE_GONE, patiently

logger = structlog.get_logger(__name__)

PROGRESS_SECONDS = 0.5


class JobCancelled(BaseException):
    """Stop at once: the job was cancelled, or now belongs to another worker.

    Not an Exception, so that code which carries on after any error does not carry on after this.
    """


class JobContext:
    """A handler's view of its job. A handler may be run several times for one job and must then end the same way:

    after a crash in a later attempt, and after the database was gone in the same one.
    """

    job: Job  # with scene, run, video and the video's camera

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._reported_at = 0.0
        self.published = False
        self.reload()

    def reload(self) -> None:
        """Read the job anew. Raises JobCancelled if it is not ours any more."""
        self.job = patiently(partial(job_get, job_id=self._claim.job_id))
        if self.job.claim != self._claim.token:
            raise JobCancelled
        self.published = self.job.state == JobState.SUCCEEDED
        if not self.published and self.job.state != JobState.RUNNING:
            raise JobCancelled

    def progress(self, done: int, total: int | None, unit: str) -> None:
        """Say how far the job is, as an `ml.types.Progress`. Written at most twice a second and at the end.

        Inside a transaction nobody could see it, so nothing is written there. A database that does not answer is no
        reason to stop. Raises JobCancelled if the job shall stop.
        """
        now = time.monotonic()
        too_soon = now - self._reported_at < PROGRESS_SECONDS and done != total
        if too_soon or self.published or connection.in_atomic_block:
            return
        self._reported_at = now
        with _best_effort():
            self._owned(partial(services.job_progress, claim=self._claim, done=done, total=total, unit=unit))

    def log(self, message: str, level: str = "info") -> None:
        """Add a line to the job's log; in a transaction it appears when that commits."""
        if connection.in_atomic_block:
            services.job_log(job=self.job, message=message, level=level)
            return
        with _best_effort():
            services.job_log(job=self.job, message=message, level=level)

    def save_checkpoint(self, data: dict[str, Any]) -> None:
        """Remember `data` as `job.checkpoint` for the next attempt. Waits for the database; may raise JobCancelled."""
        patiently(lambda: self._owned(partial(services.job_checkpoint, claim=self._claim, data=data)))
        self.job.checkpoint = data

    @contextmanager
    def publish(self) -> Iterator[None]:
        """The transaction that a handler writes all its results in, at its end and once.

        The job succeeds in the same transaction: results and success are seen together or not at all. If the job is
        no longer ours, nothing is written and JobCancelled is raised.
        """
        if self.published:
            raise RuntimeError(f"job {self.job.pk} has published before; a handler writes its results once")
        patiently(lambda: self._owned(self._check))
        with transaction.atomic():
            yield
            self._owned(partial(services.job_succeed, claim=self._claim))
        self.published = True

    def _check(self) -> None:
        if not services.job_pulse(claim=self._claim).owned:
            raise JobLost

    def _owned(self, call: Callable[[], None]) -> None:
        try:
            call()
        except JobLost as lost:
            raise JobCancelled from lost


@contextmanager
def _best_effort() -> Iterator[None]:
    try:
        yield
    except DATABASE_GONE as error:
        logger.warning("the database does not answer; the job goes on", error=str(error).strip())
        connection.close()
