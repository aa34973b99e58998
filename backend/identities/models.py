"""Identities: one vehicle across the cameras of a scene. Numbers stay stable across runs (rule 3)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backend.scenes.models import Scene
from backend.tracking.models import Run, Tracklet


class Identity(models.Model):
    """A vehicle of a scene, by its number; which tracklets belong to it is said run by run."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="identities")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "number"]
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["scene", "number"], name="identity_number_unique_in_scene")]

    def __str__(self) -> str:
        return f"#{self.number} of {self.scene}"


class IdentityMember(models.Model):
    """Tracklet belongs to identity, in one run. Every tracklet of a matched run has exactly one."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="identity_members")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="members")
    tracklet = models.OneToOneField(Tracklet, on_delete=models.CASCADE, related_name="membership")

    class Meta:
        ordering = ["run", "identity", "tracklet__start_s"]
        indexes = [models.Index(fields=["run", "identity"], name="members_by_identity")]

    def __str__(self) -> str:
        return f"tracklet {self.tracklet_id} is {self.identity}"


class RunIdentity(models.Model):
    """What one run says of an identity, counted once, so that lists of 100,000 tracklets need no grouping."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="identities")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    camera_count = models.PositiveIntegerField()
    tracklet_count = models.PositiveIntegerField()
    camera_ids = ArrayField(models.BigIntegerField(), help_text="increasing")
    start_s = models.FloatField(help_text="scene time of its first frame")
    end_s = models.FloatField(help_text="scene time of its last frame")

    class Meta:
        ordering = ["run", "number"]
        verbose_name_plural = "run identities"
        constraints = [
            models.UniqueConstraint(fields=["run", "identity"], name="identity_once_per_run"),
            models.UniqueConstraint(fields=["run", "number"], name="identity_number_once_per_run"),
        ]
        indexes = [
            models.Index(fields=["run", "-camera_count", "number"], name="identities_by_cameras"),
            models.Index(fields=["run", "-tracklet_count", "number"], name="identities_by_tracklets"),
            models.Index(fields=["run", "start_s", "number"], name="identities_by_time"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} in {self.run}"
