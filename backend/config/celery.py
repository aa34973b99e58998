"""The Celery application: a message is a job's id, nothing else; everything about a job is in PostgreSQL.

A site runs one heavy worker a device and at least one light worker beside it:

    celery -A backend.config.celery worker -Q infer,train -P threads -c 1 -n heavy@%h
    celery -A backend.config.celery worker -Q media,default -P threads -c 2 -n light@%h

With `--without-gossip --without-mingle` a worker starts a second sooner. Threads are enough, because a task only
watches over the process that does the work. SIGTERM or one Ctrl-C stops a worker within seconds: its jobs go back to
the queue and go on from their last checkpoints.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")

from celery import Celery
from django.conf import settings

RUN_JOB = "workers.tasks.run_job"

app = Celery("crosstrack", broker=settings.BROKER_URL, include=["workers.tasks"])
app.conf.update(
    task_default_queue="default",
    task_ignore_result=True,
    # The message is acknowledged as it arrives: who owns a job is said by its row, and lost messages are sent again.
    task_acks_late=False,
    # A worker takes a message only when it can start on it, so that none waits behind a long job.
    worker_prefetch_multiplier=1,
    worker_disable_prefetch=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
)
