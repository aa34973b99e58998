"""The thread in every worker that sweeps."""

from __future__ import annotations

import time
from threading import Event, Thread

import structlog
from django.conf import settings
from django.db import connection

from backend.jobs.sweeper import Swept, sweep
from backend.uploads.scene_imports import unpacked_tidy
from backend.uploads.services import uploads_expire
from workers.database import DATABASE_GONE

logger = structlog.get_logger(__name__)


def sweep_until(stopping: Event) -> Thread:
    """Sweep every JOB_SWEEP_SECONDS until the event is set. Returns the thread."""
    thread = Thread(target=_sweep_on, args=[stopping], name="sweeper", daemon=True)
    thread.start()
    return thread


def _sweep_on(stopping: Event) -> None:
    blind_until = 0.0
    while True:
        try:
            _report(sweep(blind_until_s=blind_until - time.monotonic()))
            uploads_expire()
            unpacked_tidy()
        except DATABASE_GONE as error:
            logger.warning("cannot sweep: the database does not answer", error=str(error).strip())
            connection.close()
            blind_until = time.monotonic() + settings.JOB_SILENT_SECONDS + settings.JOB_SWEEP_SECONDS
        except Exception:
            # Whatever it is, jobs must go on being rescued.
            logger.exception("sweep failed")
            connection.close()
        if stopping.wait(settings.JOB_SWEEP_SECONDS):
            connection.close()
            return


def _report(swept: Swept) -> None:
    if swept != Swept():
        logger.info("swept", taken_back=swept.taken_back, sent=swept.sent)
