"""Reading jobs: lists, what waits for what, and how long a queue is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.jobs.models import Job, JobLine, JobState


def job_list(*, user: User) -> QuerySet[Job]:
    """The jobs of the scenes that the person may see, newest first, with what a table shows of them."""
    return _with_names().filter(visible_through(user, "scene"))


def job_get(*, job_id: int) -> Job:
    """Raises Job.DoesNotExist."""
    return _with_names().get(pk=job_id)


def job_lines(*, job: Job, after: int = 0) -> QuerySet[JobLine]:
    """The job's log lines with an id above `after`, oldest first."""
    return JobLine.objects.filter(job=job, pk__gt=after).order_by("pk")


def jobs_ready() -> QuerySet[Job]:
    """Queued jobs that could start now: all that they depend on has succeeded."""
    unfinished = Job.depends_on.through.objects.filter(from_job=OuterRef("pk")).exclude(
        to_job__state=JobState.SUCCEEDED
    )
    return Job.objects.filter(~Exists(unfinished), state=JobState.QUEUED)


def jobs_depending_on(job: Job) -> list[Job]:
    """All jobs that wait for this one, directly or through others, in the order of their ids. Finished ones too."""
    found: dict[int, Job] = {}
    layer = [job]
    while layer:
        layer = [each for each in Job.objects.filter(depends_on__in=layer).distinct() if each.pk not in found]
        found |= {each.pk: each for each in layer}
    return [found[number] for number in sorted(found)]


def queue_positions(jobs: Iterable[Job]) -> dict[int, int]:
    """For each queued job that is ready: how many jobs of its queue come before it, running ones included.

    Jobs that still wait for others have no position and are left out. Two queries, however many jobs.
    """
    queues = {job.queue for job in jobs if job.state == JobState.QUEUED}
    if not queues:
        return {}
    ahead: dict[str, int] = defaultdict(int)
    for queue in Job.objects.filter(state=JobState.RUNNING, queue__in=queues).values_list("queue", flat=True):
        ahead[queue] += 1
    positions = {}
    for number, queue in jobs_ready().filter(queue__in=queues).order_by("pk").values_list("pk", "queue"):
        positions[number] = ahead[queue]
        ahead[queue] += 1
    return {job.pk: positions[job.pk] for job in jobs if job.pk in positions}


def queue_position(job: Job) -> int | None:
    """How many jobs come before this one, or None if it does not stand in a queue."""
    return queue_positions([job]).get(job.pk)


def job_label(job: Job) -> str:
    """What people call it: "detect c002"."""
    return f"{job.kind} {job.video.camera.name}" if job.video else job.kind


def _with_names() -> QuerySet[Job]:
    return Job.objects.select_related("scene", "run", "video__camera", "created_by")
