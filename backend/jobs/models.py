"""Jobs are rows (rule 5): the broker carries only a job's id, and whatever it forgets is sent again."""

from __future__ import annotations

import uuid

from django.db import models

from backend.accounts.models import User
from backend.media.models import Video
from backend.scenes.models import Scene
from backend.tracking.models import Run


class JobKind(models.TextChoices):
    RECEIVE = "receive", "check an uploaded file"
    INGEST = "ingest", "read the video"
    DETECT = "detect", "find vehicles"
    TRACK = "track", "follow vehicles"
    EMBED = "embed", "describe vehicles"
    MATCH = "match", "match across cameras"
    EVALUATE = "evaluate", "score against ground truth"
    EMBED_PICTURE = "embed_picture", "describe a picture to search with"
    LIKENESS = "likeness", "find where two vehicles look alike"
    TRAIN = "train", "train a model on labels"
    COMPARE = "compare", "compare two models"
    EXPORT_LABELS = "export_labels", "write labels into files"
    IMPORT_LABELS = "import_labels", "read labels from files"
    IMPORT_SCENE = "import_scene", "read a scene's folder"
    PLAN_PICTURE = "plan_picture", "read the picture of a plan"


class Queue(models.TextChoices):
    """Heavy work goes to `infer` and `train` (one worker a device), the rest to `media` and `default` (rule 9)."""

    INFER = "infer", "infer"
    TRAIN = "train", "train"
    MEDIA = "media", "media"
    DEFAULT = "default", "default"


class JobState(models.TextChoices):
    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    SUCCEEDED = "succeeded", "succeeded"
    FAILED = "failed", "failed: something a person can put right"
    ERRORED = "errored", "errored: a bug"
    CANCELLED = "cancelled", "cancelled"


FINISHED = (JobState.SUCCEEDED, JobState.FAILED, JobState.ERRORED, JobState.CANCELLED)


class Job(models.Model):
    """One piece of work. A worker owns it only while `state` is running and `claim` is the one it was given.

    Two clocks tell a dead worker from a stuck job: `heartbeat_at` is written by the worker while the job's process is
    alive, `progress_at` by the job's process whenever it gets on.
    """

    kind = models.CharField(max_length=20, choices=JobKind.choices)
    queue = models.CharField(max_length=10, choices=Queue.choices)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    scene = models.ForeignKey(Scene, null=True, on_delete=models.CASCADE, related_name="jobs")
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="jobs")
    video = models.ForeignKey(Video, null=True, on_delete=models.CASCADE, related_name="jobs")
    parameters = models.JSONField(default=dict)
    depends_on = models.ManyToManyField("self", symmetrical=False, related_name="dependents", blank=True)

    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    checkpoint = models.JSONField(default=dict)

    attempt = models.PositiveIntegerField(default=0, help_text="how often a worker has claimed it")
    max_attempts = models.PositiveIntegerField(default=3)
    claim = models.UUIDField(
        default=uuid.uuid4, help_text="changes at every claim: a worker that lost its job cannot write"
    )
    worker = models.CharField(max_length=120, blank=True)
    heartbeat_at = models.DateTimeField(null=True, help_text="when its worker last said that the process lives")
    progress_at = models.DateTimeField(null=True, help_text="when the process last got on with it")
    sent_at = models.DateTimeField(null=True, help_text="when its id last went to the broker")
    cancel_requested_at = models.DateTimeField(null=True)

    problem_code = models.CharField(max_length=60, blank=True)
    problem = models.TextField(blank=True, help_text="one sentence that says what to do")
    trace = models.TextField(blank=True, help_text="of a bug")

    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "queue", "id"], name="jobs_by_state"),
            models.Index(fields=["run", "kind"], name="jobs_by_run"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}: {self.kind}"


class JobLine(models.Model):
    """A line of a job's log."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    attempt = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    level = models.CharField(max_length=8, default="info")
    message = models.TextField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message
