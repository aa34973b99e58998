"""Living through a database that goes away for a while: workers wait for it, within their patience."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

logger = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
DATABASE_GONE = (OperationalError, InterfaceError)
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0


def connect_as_worker() -> None:
    """Make this process's connections a worker's, to be called before the first query.

    Each thread gets its own: there are few, they keep theirs, and a pool is slow to notice that the server is back.
    The server ends a transaction whose worker has stopped dead in the middle, so that its locks do not stay for ever;
    by then its job belongs to another.
    """
    limit = int(1000 * 2 * settings.JOB_SILENT_SECONDS)
    for name in connections:
        options = connections.settings[name]["OPTIONS"]
        options.pop("pool", None)
        options["options"] = f"{options.get('options', '')} -c idle_in_transaction_session_timeout={limit}".strip()


def patiently(call: Callable[[], Answer], *, hurry: Event | None = None) -> Answer:
    """`call()`, repeated while the database does not answer. `call` must be safe to repeat.

    Raises what it raised last after JOB_DATABASE_PATIENCE_SECONDS, or as soon as `hurry` is set.
    """
    hurry = hurry or Event()
    deadline = time.monotonic() + settings.JOB_DATABASE_PATIENCE_SECONDS
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return call()
        except DATABASE_GONE as error:
            if pause == FIRST_PAUSE_SECONDS:
                logger.warning("waiting for the database", error=str(error).strip())
            connection.close()
            if time.monotonic() + pause > deadline or hurry.wait(pause):
                raise
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
