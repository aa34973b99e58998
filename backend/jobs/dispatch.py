"""Ids of ready jobs to the broker. It may fail: whatever was not sent, or was lost, the sweeper sends again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from django.db.models.functions import Now

from backend.jobs.models import Job
from backend.jobs.selectors import jobs_ready

logger = structlog.get_logger(__name__)

CONNECT_SECONDS = 1.0
# After a failure nobody tries again for a while: a request that makes forty jobs shall not wait forty times.
PAUSE_SECONDS = 2.0
_pause_ends = 0.0


def jobs_send(job_ids: Iterable[int]) -> int:
    """Send those of the jobs that are ready to start. Returns how many were sent; never raises for the broker.

    With a broker that does not answer it returns after about a second, and at once for the next two seconds.
    """
    global _pause_ends
    ready = list(jobs_ready().filter(pk__in=list(job_ids)).order_by("pk").values_list("pk", "queue"))
    if not ready or time.monotonic() < _pause_ends:
        return 0
    try:
        _publish(ready)
    except _broker_errors() as error:
        _pause_ends = time.monotonic() + PAUSE_SECONDS
        logger.warning("broker does not answer; the sweeper will send the jobs later", error=str(error))
        return 0
    return Job.objects.filter(pk__in=[job_id for job_id, _ in ready]).update(sent_at=Now())


def queue_lengths(queues: Iterable[str]) -> dict[str, int] | None:
    """How many messages wait in each queue, or None if the broker does not answer."""
    try:
        with _connection() as connection:
            client = connection.default_channel.client
            return {queue: int(client.llen(queue)) for queue in queues}
    except _broker_errors():
        return None


def _publish(ready: Sequence[tuple[int, str]]) -> None:
    # Imported at the first job, not with the web process.
    from backend.config.celery import RUN_JOB, app

    with _connection() as connection:
        for job_id, queue in ready:
            app.send_task(RUN_JOB, args=[job_id], queue=queue, connection=connection, retry=False)


def _connection() -> Any:
    """A connection that gives up at once; Celery's own would go on trying."""
    from backend.config.celery import app

    patience = {
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": CONNECT_SECONDS,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "connect_retries_timeout": CONNECT_SECONDS,
    }
    return app.connection_for_write(connect_timeout=CONNECT_SECONDS, transport_options=patience)


def _broker_errors() -> tuple[type[Exception], ...]:
    from kombu.exceptions import KombuError, OperationalError
    from redis.exceptions import RedisError

    return (KombuError, OperationalError, RedisError, OSError)
