"""What Celery calls, and what a worker does besides: it sweeps, and gives its jobs back when it is told to stop."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task
from celery.signals import worker_init, worker_ready, worker_shutting_down

from backend.config.celery import RUN_JOB
from workers.database import connect_as_worker
from workers.supervisor import stopping, supervise
from workers.sweeping import sweep_until


@shared_task(name=RUN_JOB, bind=True)
def run_job(self: Task[[int], None], job_id: int) -> None:
    """Do a job; it may have been done, taken or cancelled since the message was sent."""
    supervise(job_id=job_id, worker=str(self.request.hostname))


@worker_init.connect
def _own_connections(**kwargs: Any) -> None:
    connect_as_worker()


@worker_ready.connect
def _start_sweeping(**kwargs: Any) -> None:
    sweep_until(stopping)


@worker_shutting_down.connect
def _stop_jobs(**kwargs: Any) -> None:
    stopping.set()
