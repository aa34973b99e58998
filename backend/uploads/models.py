"""Uploads: files on their way in, piece by piece."""

from __future__ import annotations

import uuid

from django.db import models

from backend.accounts.models import User
from backend.media.models import Video
from backend.scenes.models import Scene


class UploadState(models.TextChoices):
    RECEIVING = "receiving", "pieces are missing"
    CHECKING = "checking", "complete, being checked"
    DONE = "done", "taken in as a video"
    DUPLICATE = "duplicate", "the camera had this video already"
    FAILED = "failed", "not taken in"


class Upload(models.Model):
    """One file that somebody sends to a camera. `received` bytes of it are safe on the disk, whatever happens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="uploads")
    camera_name = models.CharField(max_length=40, help_text="made when the file is taken in, if it is new")
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
        return f"{self.file_name} for {self.camera_name}"
