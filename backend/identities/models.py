"""Identities: one vehicle across the cameras of a scene. Numbers stay stable across runs (rule 3)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backend.scenes.models import Scene
from backend.tracking.models import Layer, Run, Tracklet


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


class HumanMember(models.Model):
    """Tracklet belongs to another identity than its run says, because of what people decided (rule 2)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="human_members")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    tracklet = models.OneToOneField(Tracklet, on_delete=models.CASCADE, related_name="human_membership")

    class Meta:
        ordering = ["run", "identity", "tracklet__start_s"]
        indexes = [models.Index(fields=["run", "identity"], name="human_members_by_identity")]

    def __str__(self) -> str:
        return f"tracklet {self.tracklet_id} is {self.identity}"


class RunIdentityQuerySet(models.QuerySet["RunIdentity"]):
    def shown(self, run: Run) -> RunIdentityQuerySet:
        """What people see: the run's rows, those of the human layer in place of the run's own where there are any."""
        human = self.model.objects.filter(run=run, layer=Layer.HUMAN)
        rows = self.filter(run=run).exclude(layer=Layer.RUN, identity__in=human.order_by().values("identity"))
        return rows.exclude(tracklet_count=0)


class RunIdentity(models.Model):
    """What one run says of an identity, counted once, so that lists of 100,000 tracklets need no grouping.

    A row of the human layer stands in place of the run's own; with a count of 0 it says that nothing is left.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="identities")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="+")
    layer = models.CharField(max_length=5, choices=Layer.choices, default=Layer.RUN)
    number = models.PositiveIntegerField()
    camera_count = models.PositiveIntegerField()
    tracklet_count = models.PositiveIntegerField()
    camera_ids = ArrayField(models.BigIntegerField(), help_text="increasing")
    start_s = models.FloatField(help_text="scene time of its first frame")
    end_s = models.FloatField(help_text="scene time of its last frame")

    objects = RunIdentityQuerySet.as_manager()

    class Meta:
        ordering = ["run", "number"]
        verbose_name_plural = "run identities"
        constraints = [
            models.UniqueConstraint(fields=["run", "layer", "identity"], name="identity_once_per_run"),
            models.UniqueConstraint(fields=["run", "layer", "number"], name="identity_number_once_per_run"),
        ]
        indexes = [
            models.Index(fields=["run", "number"], name="identities_by_number"),
            models.Index(fields=["run", "-camera_count", "number"], name="identities_by_cameras"),
            models.Index(fields=["run", "-tracklet_count", "number"], name="identities_by_tracklets"),
            models.Index(fields=["run", "start_s", "number"], name="identities_by_time"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} in {self.run}"
