"""Uploads: files on their way in, piece by piece; and folders of whole scenes that came so, packed into one."""

from __future__ import annotations

import uuid

from django.db import models

from backend.accounts.models import User
from backend.jobs.models import Job, JobState
from backend.media.models import Video
from backend.scenes.models import Scene


class UploadState(models.TextChoices):
    RECEIVING = "receiving", "pieces are missing"
    CHECKING = "checking", "complete, being checked"
    DONE = "done", "taken in"
    DUPLICATE = "duplicate", "the camera had this video already"
    FAILED = "failed", "not taken in"


class UploadPurpose(models.TextChoices):
    VIDEO = "video", "a camera's video"
    SCENE = "scene", "a zip of a scene's folder"


class Upload(models.Model):
    """One file that somebody sends to a scene. `received` bytes of it are safe on the disk, whatever happens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="uploads")
    purpose = models.CharField(max_length=5, choices=UploadPurpose.choices, default=UploadPurpose.VIDEO)
    camera_name = models.CharField(
        max_length=40, blank=True, help_text="of a video; made when the file is taken in, if it is new"
    )
    file_name = models.CharField(max_length=255, help_text="as its sender calls it; never a path here")
    size = models.BigIntegerField(help_text="bytes of the whole file")
    received = models.BigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True, help_text="as its sender computed it; empty: not stated")
    start_s = models.FloatField(null=True, help_text="scene time of its first frame as its sender stated it, seconds")
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.RECEIVING)
    problem = models.TextField(blank=True, help_text="why it was not taken in, for people")
    video = models.ForeignKey(Video, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(help_text="when its pieces go if no more come")

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("size")), name="upload_not_beyond_its_size"
            ),
            # The same file sent twice at once, from two tabs, is one upload.
            models.UniqueConstraint(
                fields=["scene", "camera_name", "sha256"],
                condition=models.Q(state__in=["receiving", "checking"]) & ~models.Q(sha256=""),
                name="one_upload_of_a_file_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="uploads_by_expiry")]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.camera_name or self.scene}"


class SceneImportState(models.TextChoices):
    WORKING = "working", "under way"
    CHECKED = "checked", "checked, not imported yet"
    IMPORTED = "imported", "imported"
    UNDONE = "undone", "taken back"
    REFUSED = "refused", "refused"


class SceneImport(models.Model):
    """A scene's folder in CityFlow's layout as a zip: first checked, with a report, then imported in one go."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="scene_imports")
    file_name = models.CharField(max_length=255)
    file = models.CharField(max_length=255, blank=True, help_text="storage name of the zip; empty once it is gone")
    report = models.JSONField(null=True, help_text="of the check: what is made, left out and refused")
    made = models.JSONField(null=True, help_text="ids of what the import made, for taking it back")
    undone_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the last")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-id"]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.file_name}"

    @property
    def state(self) -> SceneImportState:
        if self.undone_at is not None:
            return SceneImportState.UNDONE
        if self.made is not None:
            return SceneImportState.IMPORTED
        if self.job is not None and self.job.state in (JobState.QUEUED, JobState.RUNNING):
            return SceneImportState.WORKING
        if self.report is None or self.report["problems"]:
            return SceneImportState.REFUSED
        return SceneImportState.CHECKED
