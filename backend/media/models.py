"""Videos: the file that came in and what ingest made of it."""

from __future__ import annotations

from django.db import models

from backend.scenes.models import Camera


class VideoState(models.TextChoices):
    PENDING = "pending", "waiting for ingest"
    READY = "ready", "ready"
    FAILED = "failed", "unusable"


class StartOrigin(models.TextChoices):
    STATED = "stated", "stated by a person or a scene's files"
    NAME = "name", "from the file's name"
    HEADER = "header", "from the file's header"
    SEQUENCE = "sequence", "assumed: after the camera's last video"


class Video(models.Model):
    """One recording of a camera. Frame n is entry n of the frame index: that is the truth everywhere (rule 8)."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="videos")
    original_name = models.CharField(max_length=255)
    file = models.CharField(max_length=255, help_text="storage name of the file as it came in")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="bytes")
    start_s = models.FloatField(default=0.0, help_text="scene time of frame 0, seconds")
    start_origin = models.CharField(max_length=10, choices=StartOrigin.choices, default=StartOrigin.STATED)
    state = models.CharField(max_length=10, choices=VideoState.choices, default=VideoState.PENDING)
    problem = models.TextField(blank=True, help_text="why it is unusable, for people")

    container = models.CharField(max_length=40, blank=True)
    codec = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    fps = models.FloatField(null=True, blank=True, help_text="average frames per second")
    frame_count = models.PositiveIntegerField(null=True, blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    variable_frame_rate = models.BooleanField(default=False)
    corrupt_frames = models.PositiveIntegerField(default=0)

    frame_times = models.BinaryField(null=True, blank=True, help_text="float64[n] little-endian, seconds, first = 0")
    proxy = models.CharField(max_length=255, blank=True, help_text="storage name of the browser's H.264 version")
    poster = models.CharField(max_length=255, blank=True, help_text="storage name of a JPEG picture")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["camera__position", "start_s", "id"]
        constraints = [models.UniqueConstraint(fields=["camera", "sha256"], name="video_once_per_camera")]

    def __str__(self) -> str:
        return f"{self.camera}/{self.original_name}"


class GroundTruthTrack(models.Model):
    """One vehicle in one video as its scene's ground truth has it; packed like a tracklet."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="ground_truth")
    identity = models.IntegerField(help_text="global over the cameras of the scene")
    frames = models.BinaryField(help_text="int32[n], 0-based")
    boxes = models.BinaryField(help_text="float32[n, 4] xyxy pixels")

    class Meta:
        ordering = ["video", "identity"]
        constraints = [models.UniqueConstraint(fields=["video", "identity"], name="truth_identity_once_per_video")]

    def __str__(self) -> str:
        return f"true vehicle {self.identity} in {self.video}"
