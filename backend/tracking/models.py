"""Runs and what they found: tracklets as packed arrays, their embeddings and pictures. Rows never change (rule 2).

People's edits lie above: rows of the layer `human`, and `HiddenTracklet` for what is not shown any more.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import VectorField

from backend.accounts.models import User
from backend.media.models import Video
from backend.scenes.models import Camera, Scene


class RunState(models.TextChoices):
    QUEUED = "queued", "waiting"
    RUNNING = "running", "running"
    SUCCEEDED = "succeeded", "finished"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class Run(models.Model):
    """Scene + configuration + model versions, and the state that its jobs are in."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(help_text="1, 2, 3 within its scene")
    preset = models.CharField(max_length=60)
    config = models.JSONField(help_text="the whole pipeline configuration, as run")
    models_used = models.JSONField(default=dict, help_text="stage -> {name, checksum}")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    problem = models.TextField(blank=True)
    score = models.JSONField(null=True, blank=True, help_text="against ground truth, with the rule used")
    pair_counts = models.JSONField(default=dict, blank=True, help_text="how many candidates are in each `PairState`")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["scene", "number"], name="run_number_unique_in_scene")]

    def __str__(self) -> str:
        return f"run {self.number} of {self.scene}"


class Layer(models.TextChoices):
    RUN = "run", "the run's own"
    HUMAN = "human", "after people's decisions"


class TrackletQuerySet(models.QuerySet["Tracklet"]):
    def own(self) -> TrackletQuerySet:
        """What the run found itself."""
        return self.filter(layer=Layer.RUN)

    def shown(self) -> TrackletQuerySet:
        """What people see, score and export: run + layer."""
        return self.filter(~models.Exists(HiddenTracklet.objects.filter(tracklet=models.OuterRef("pk"))))


class Tracklet(models.Model):
    """One vehicle in one camera, as one run saw it or as people have it in that run. `start_s`, `end_s`: scene time."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tracklets")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="tracklets")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="tracklets")
    layer = models.CharField(max_length=5, choices=Layer.choices, default=Layer.RUN)
    number = models.PositiveIntegerField(help_text="within what is shown of its run and video, from 1")
    roots = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="of a human one: the run's own that it is of"
    )
    colour = models.CharField(max_length=20, blank=True, help_text="as people say")
    note = models.CharField(max_length=500, blank=True)
    machine_type = models.CharField(max_length=20, blank=True, help_text="as the embedding network's heads read it")
    machine_type_chance = models.FloatField(null=True, blank=True, help_text="that it is this type, 0..1")
    machine_colour = models.CharField(max_length=20, blank=True, help_text="likewise")
    machine_colour_chance = models.FloatField(null=True, blank=True)
    category = models.PositiveSmallIntegerField(help_text="COCO category id: 3 car, 6 bus, 8 truck")
    length = models.PositiveIntegerField(help_text="number of boxes")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    start_s = models.FloatField()
    end_s = models.FloatField()
    mean_score = models.FloatField()
    frames = models.BinaryField(help_text="int32[n] little-endian, 0-based, increasing")
    boxes = models.BinaryField(help_text="float32[n, 4] xyxy pixels")
    scores = models.BinaryField(help_text="float32[n]")

    objects = TrackletQuerySet.as_manager()

    class Meta:
        ordering = ["run", "camera", "start_s", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "video", "number"],
                condition=models.Q(layer=Layer.RUN),
                name="tracklet_number_unique_in_run",
            )
        ]
        indexes = [
            models.Index(fields=["run", "video"], condition=models.Q(layer=Layer.HUMAN), name="human_tracklets"),
            models.Index(fields=["run", "video", "first_frame", "last_frame"], name="tracklets_by_frames"),
            models.Index(fields=["run", "camera", "start_s"], name="tracklets_by_time"),
        ]

    def __str__(self) -> str:
        return f"tracklet {self.number} of {self.video} in {self.run}"

    @property
    def read(self) -> dict[str, Any] | None:
        """What the network read of it, as JSON; None if it read nothing."""
        if not (self.machine_type or self.machine_colour):
            return None
        return {
            "type": self.machine_type,
            "type_chance": self.machine_type_chance,
            "colour": self.machine_colour,
            "colour_chance": self.machine_colour_chance,
        }


class HiddenTracklet(models.Model):
    """A tracklet that people do not see any more: hidden, a duplicate, or others stand in its place."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="hidden_tracklets")
    tracklet = models.OneToOneField(Tracklet, on_delete=models.CASCADE, related_name="hidden")

    class Meta:
        ordering = ["run", "tracklet"]

    def __str__(self) -> str:
        return f"tracklet {self.tracklet_id} is not shown"


class EmbeddingKind(models.TextChoices):
    MEAN = "mean", "mean of the views"
    VIEW = "view", "one view"


class Embedding(models.Model):
    """A tracklet's look as a vector: one mean and a few views, each view with the picture it came from."""

    tracklet = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="embeddings")
    model = models.CharField(max_length=120, help_text="name and checksum of the embedding model")
    kind = models.CharField(max_length=4, choices=EmbeddingKind.choices)
    frame = models.PositiveIntegerField(null=True, blank=True, help_text="of a view")
    rank = models.PositiveSmallIntegerField(default=0, help_text="of a view, 0 = the best picture")
    crop = models.CharField(max_length=255, blank=True, help_text="storage name of a view's JPEG picture")
    vector = VectorField(help_text="L2-normalised")

    class Meta:
        ordering = ["tracklet", "kind", "frame"]
        constraints = [
            models.UniqueConstraint(
                fields=["tracklet", "model", "kind", "frame"], name="embedding_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} embedding of tracklet {self.tracklet_id}"


class PairState(models.TextChoices):
    """What the matcher thinks of a pair, in three parts; `state_of_chance` draws the lines."""

    UNCERTAIN = "uncertain", "uncertain"
    LIKELY_SAME = "likely_same", "probably the same vehicle"
    LIKELY_DIFFERENT = "likely_different", "probably different vehicles"


class Candidate(models.Model):
    """A pair of tracklets that the matcher compared, with its reasons; `left` ends first.

    `joined` says what the matcher did, `eligible` what it would have done if nothing had forbidden it. In the layer
    `human` are pairs that stand in for the run's own where people's tracklets stand in for one of the two.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="candidates")
    left = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    distance = models.FloatField(help_text="the larger of the two query-to-tracklet distances")
    transit_s = models.FloatField()
    joined = models.BooleanField()
    eligible = models.BooleanField()
    probability = models.FloatField(null=True, help_text="that both are one vehicle, calibrated; null if not known")
    percentile = models.FloatField(help_text="share of the run's candidates at most this far apart")
    chance = models.FloatField(help_text="the probability, or what the rank of the distance suggests")
    doubt = models.FloatField(help_text="chance x (1 - chance), at most 0.25")
    layer = models.CharField(max_length=5, choices=Layer.choices, default=Layer.RUN)

    class Meta:
        ordering = ["run", "distance", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "left", "right"], name="candidate_pair_once")]
        indexes = [
            models.Index(fields=["run", "distance", "id"], name="candidates_by_distance"),
            models.Index(fields=["run", "-doubt", "id"], name="candidates_by_doubt"),
            models.Index(fields=["run", "chance"], name="candidates_by_chance"),
            models.Index(fields=["run"], condition=models.Q(layer=Layer.HUMAN), name="human_candidates"),
            models.Index(fields=["left"], condition=models.Q(eligible=True), name="eligible_by_left"),
            models.Index(fields=["right"], condition=models.Q(eligible=True), name="eligible_by_right"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id} at {self.distance:.3f}"
