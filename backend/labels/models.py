"""Label sets: numbered snapshots of what people confirmed in a scene; their rows and files never change.

Exports are files made of a set or of a run, imports files of labels that somebody brought.
"""

from __future__ import annotations

from django.db import models

from backend.accounts.models import User
from backend.jobs.models import Job, JobState
from backend.review.models import Operation
from backend.scenes.models import Scene
from backend.tracking.models import Run


class LabelSet(models.Model):
    """What was labelled at one moment. The labels themselves are in `file`, as `LabelContent` reads them."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="label_sets")
    number = models.PositiveIntegerField(help_text="1, 2, 3 within its scene")
    name = models.CharField(max_length=100, blank=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+", help_text="that was shown")
    run_number = models.PositiveIntegerField()
    last_operation = models.PositiveIntegerField(help_text="number of the newest edit that is in it; 0 for none")
    machine_from = models.FloatField(null=True, help_text="machine joins of this probability are in it; null: none")
    held_share = models.FloatField(help_text="share of new identities kept back for evaluation")
    seed = models.IntegerField(default=0, help_text="which new identities those are")
    file = models.CharField(max_length=255, help_text="storage name")
    sha256 = models.CharField(max_length=64, help_text="of the file")
    size = models.BigIntegerField(help_text="bytes of the file")
    statistics = models.JSONField(help_text="as `statistics_of` counts them")
    changes = models.JSONField(help_text="identities since the set before, as `changes_between` finds them")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-number"]
        constraints = [models.UniqueConstraint(fields=["scene", "number"], name="label_set_number_unique_in_scene")]

    def __str__(self) -> str:
        return f"label set {self.number} of {self.scene}"


class LabelFormat(models.TextChoices):
    """What labels are written as. `READ` are those that are read too."""

    TRACK1 = "track1", "AI City Challenge submission (track1.txt)"
    CITYFLOW = "cityflow", "CityFlow folder (gt.txt)"
    MOT = "mot", "MOTChallenge"
    CVAT = "cvat", "CVAT for video 1.1"
    COCO = "coco", "COCO"
    DATUMARO = "datumaro", "Datumaro"
    VERI = "veri", "vehicle pictures as VeRi has them"
    AICITY = "aicity", "vehicle pictures as the AI City Challenge has them"


READ = (LabelFormat.CITYFLOW, LabelFormat.MOT, LabelFormat.CVAT, LabelFormat.COCO, LabelFormat.DATUMARO)


class LabelExport(models.Model):
    """A zip of a label set or of a run in one format. A worker fills `file`, `size` and `sha256`."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="label_exports")
    format = models.CharField(max_length=10, choices=LabelFormat.choices)
    label_set = models.ForeignKey(LabelSet, null=True, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=255, blank=True, help_text="storage name")
    size = models.BigIntegerField(null=True, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-id"]

    def __str__(self) -> str:
        return f"{self.format} of {self.label_set or self.run}"

    @property
    def file_name(self) -> str:
        """As people download it."""
        what = f"run{self.run.number}" if self.run else f"labels{self.label_set.number if self.label_set else ''}"
        return f"{self.scene.slug}-{what}-{self.format}.zip"


class IdsMeaning(models.TextChoices):
    SCENE = "scene", "one vehicle in all cameras"
    CAMERA = "camera", "a track of one camera"


class ImportState(models.TextChoices):
    WORKING = "working", "under way"
    CHECKED = "checked", "checked, not imported yet"
    IMPORTED = "imported", "imported"
    REFUSED = "refused", "refused"


class LabelImport(models.Model):
    """Labels that somebody brought: first checked, with a report of what they would make, then imported in one go."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="label_imports")
    format = models.CharField(max_length=10, choices=[(each.value, each.label) for each in READ])
    ids = models.CharField(max_length=6, choices=IdsMeaning.choices, help_text="what an id without an identity means")
    file_name = models.CharField(max_length=200)
    file = models.CharField(max_length=255, help_text="storage name")
    report = models.JSONField(null=True, help_text="of the check: what is made, replaced and dropped")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the last")
    operation = models.ForeignKey(Operation, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-id"]

    def __str__(self) -> str:
        return f"import {self.pk} of {self.file_name}"

    @property
    def state(self) -> ImportState:
        if self.operation_id is not None:
            return ImportState.IMPORTED
        state = None if self.job is None else self.job.state
        if state in (JobState.QUEUED, JobState.RUNNING):
            return ImportState.WORKING
        return ImportState.REFUSED if self.report is None else ImportState.CHECKED
