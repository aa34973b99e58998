"""What people made of tracklets: facts of the world, and what each run makes of them (rules 1 and 2).

A `Source` is a tracklet that some run found and that people took out of view; a `HumanTracklet` stands in its place or
was drawn. Both are written once; operations say when they stopped to count (`gone_by`). `SourcePlace` and `HumanPlace`
say where they lie in one run and can be made anew.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from backend.media.models import Video
from backend.scenes.models import Camera, Scene
from backend.tracking.models import Run, Tracklet


class Why(models.TextChoices):
    """What became of a tracklet that is not shown any more."""

    REPLACED = "replaced", "others stand in its place"
    HIDDEN = "hidden", "hidden"
    DUPLICATE = "duplicate", "a duplicate"


class Source(models.Model):
    """A tracklet that a machine found and that people do not want to see as it was."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="+")
    operation = models.ForeignKey("review.Operation", on_delete=models.PROTECT, related_name="sources")
    gone_by = models.ForeignKey("review.Operation", null=True, on_delete=models.PROTECT, related_name="+")
    anchor = models.OneToOneField("review.Anchor", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=9, choices=Why.choices)
    twin = models.OneToOneField(
        "review.Anchor", null=True, on_delete=models.CASCADE, related_name="+", help_text="that it is a duplicate of"
    )

    class Meta:
        ordering = ["scene", "id"]
        indexes = [models.Index(fields=["scene"], condition=models.Q(gone_by=None), name="sources_that_count")]

    def __str__(self) -> str:
        return f"{self.anchor}, {self.why}"


class HumanTracklet(models.Model):
    """A tracklet as people have it.

    segments  [[source id, first frame, last frame]]: the parts of machines' tracklets that it consists of
    made      its boxes are people's own: in a later run it stands as it is, in place of what it overlaps. If not, it
              is the same parts of what the later run found instead
    """

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="+")
    operation = models.ForeignKey("review.Operation", on_delete=models.PROTECT, related_name="made_tracklets")
    gone_by = models.ForeignKey("review.Operation", null=True, on_delete=models.PROTECT, related_name="+")
    gone_why = models.CharField(max_length=9, choices=Why.choices, blank=True)
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="+")
    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="+")
    category = models.PositiveSmallIntegerField(help_text="COCO category id")
    colour = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    made = models.BooleanField()
    segments = models.JSONField(default=list)
    frames = models.BinaryField(help_text="int32[n] little-endian, 0-based, increasing")
    boxes = models.BinaryField(help_text="float32[n, 4] xyxy pixels")
    scores = models.BinaryField(help_text="float32[n]")

    class Meta:
        ordering = ["scene", "id"]
        indexes = [models.Index(fields=["scene"], condition=models.Q(gone_by=None), name="human_ones_that_count")]

    def __str__(self) -> str:
        return f"tracklet in {self.camera} made by {self.operation}"


class SourcePlace(models.Model):
    """Which tracklet of a run a source is, by overlap; null where the run has none.

    first_frame, last_frame  the part of it that the source covers, where several sources are one tracklet here
    hides                    false where to hide it would hide what people wanted to keep
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="source_places")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="places")
    tracklet = models.ForeignKey(Tracklet, null=True, on_delete=models.CASCADE, related_name="source_places")
    first_frame = models.PositiveIntegerField(default=0)
    last_frame = models.PositiveIntegerField(default=2**31 - 1)
    hides = models.BooleanField(default=True)

    class Meta:
        ordering = ["run", "source"]
        constraints = [models.UniqueConstraint(fields=["run", "source"], name="source_once_per_run")]

    def __str__(self) -> str:
        return f"source {self.source_id} in {self.run}"


class HumanPlace(models.Model):
    """The row that a people's tracklet is in a run; null where nothing of what it is made of is there.

    replaces  the run's own tracklets that it overlaps and stands in place of
    number    the identity number that it had when it was last shown; 0 for none
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="human_places")
    human = models.ForeignKey(HumanTracklet, on_delete=models.CASCADE, related_name="places")
    tracklet = models.OneToOneField(Tracklet, null=True, on_delete=models.CASCADE, related_name="human_place")
    replaces = ArrayField(models.BigIntegerField(), default=list)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["run", "human"]
        constraints = [models.UniqueConstraint(fields=["run", "human"], name="human_tracklet_once_per_run")]

    def __str__(self) -> str:
        return f"people's tracklet {self.human_id} in {self.run}"
