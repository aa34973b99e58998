"""What a search reads: one narrow row for each tracklet's mean look, pictures that people search with, and where two
tracklets' pictures look alike."""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Cast
from pgvector.django import HalfVectorField, HnswIndex

from backend.accounts.models import User
from backend.jobs.models import Job
from backend.scenes.models import Camera
from backend.tracking.models import Embedding, Run, Tracklet

# Lengths of vectors that a graph is kept for; others are compared one by one. A graph without rows costs nothing.
GRAPH_SIZES = (64, 128, 256, 512, 1280, 2048)
NEIGHBOURS, BUILD_CANDIDATES = 24, 256  # of the graphs: docs/benchmarks/vectors.md says what they bring


def graph(size: int) -> HnswIndex:
    """The index over vectors of this length. What a query orders by must be written just so."""
    halves = OpClass(Cast("vector", HalfVectorField(dimensions=size)), name="halfvec_ip_ops")
    return HnswIndex(
        halves,
        name=f"looks_graph_{size}",
        m=NEIGHBOURS,
        ef_construction=BUILD_CANDIDATES,
        condition=models.Q(size=size),
    )


class Look(models.Model):
    """A tracklet's mean look beside all that a search filters by.

    The database itself adds a row when a mean embedding is written and drops it with the embedding (migration 0001), so
    that no writer of embeddings can forget it; nothing else writes here but a camera's clock that is set anew.
    """

    embedding = models.OneToOneField(
        Embedding, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    tracklet = models.ForeignKey(Tracklet, models.DO_NOTHING, db_constraint=False, related_name="+")
    run = models.ForeignKey(Run, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    camera = models.ForeignKey(Camera, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    category = models.PositiveSmallIntegerField()
    vehicle_type = models.CharField(max_length=20, blank=True, db_default="", help_text="as the network read it")
    colour = models.CharField(max_length=20, blank=True, help_text="as people say, or else as the network read it")
    start_s = models.FloatField()
    end_s = models.FloatField()
    size = models.PositiveSmallIntegerField(help_text="length of the vector")
    vector = HalfVectorField(help_text="L2-normalised")

    class Meta:
        ordering = ["tracklet"]
        indexes = [
            models.Index(fields=["run", "camera", "start_s", "end_s"], name="looks_by_place"),
            models.Index(fields=["run", "start_s", "end_s"], name="looks_by_time"),
            *(graph(size) for size in GRAPH_SIZES),
        ]

    def __str__(self) -> str:
        return f"look of tracklet {self.tracklet_id}"


class SearchPicture(models.Model):
    """A picture that somebody searches with. A worker fills `vector`, with the network of the run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    file = models.CharField(max_length=255, help_text="storage name")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    vector = HalfVectorField(null=True, blank=True, help_text="L2-normalised")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"picture {self.pk} of {self.created_by}"


class Likeness(models.Model):
    """Where a picture of each of two tracklets makes the run's network think them alike. A worker fills it once."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    left_rank = models.PositiveSmallIntegerField(help_text="which of its pictures")
    right = models.ForeignKey(Tracklet, on_delete=models.CASCADE, related_name="+")
    right_rank = models.PositiveSmallIntegerField(help_text="which of its pictures")
    created_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    maps = models.JSONField(null=True, blank=True, help_text="{similarity, left, right} as of ml.reid.likeness")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["left", "left_rank", "right", "right_rank"], name="likeness_once"),
        ]

    def __str__(self) -> str:
        return f"likeness of tracklets {self.left_id} and {self.right_id}"
