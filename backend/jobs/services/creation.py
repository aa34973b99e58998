"""New jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from backend.accounts.models import User
from backend.jobs.dispatch import jobs_send
from backend.jobs.kinds import QUEUE_OF_KIND
from backend.jobs.models import Job, JobKind
from backend.media.models import Video
from backend.scenes.models import Scene
from backend.tracking.models import Run


@transaction.atomic
def job_create(
    *,
    kind: JobKind,
    scene: Scene | None = None,
    run: Run | None = None,
    video: Video | None = None,
    parameters: Mapping[str, Any] | None = None,
    depends_on: Sequence[Job] = (),
    created_by: User | None = None,
) -> Job:
    """Queue a job; it starts when all of `depends_on` have succeeded, in a worker of its kind's queue.

    Its id goes to the broker when the caller's transaction commits. A broker that does not answer is no error: a
    worker's sweeper sends the id later.
    """
    job = Job.objects.create(
        kind=kind,
        queue=QUEUE_OF_KIND[kind],
        scene=scene,
        run=run,
        video=video,
        parameters=dict(parameters or {}),
        max_attempts=settings.JOB_MAX_ATTEMPTS,
        created_by=created_by,
    )
    job.depends_on.set(depends_on)
    transaction.on_commit(partial(jobs_send, [job.pk]), robust=True)
    return job
