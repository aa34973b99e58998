"""Trainings, the models that came out of them, and which models a scene goes by.

What was learned never changes: a training's points, a version's card and a promotion are written once. Which version of
a kind is active follows from that kind's promotions, the newest of which counts.
"""

from __future__ import annotations

from django.db import models

from backend.accounts.models import User
from backend.jobs.models import Job
from backend.labels.models import LabelSet
from backend.scenes.models import Scene
from backend.tracking.models import Run


class ModelKind(models.TextChoices):
    """Which of a scene's networks: versions and promotions of one kind say nothing about the other."""

    EMBEDDING = "embedding", "which looks are one vehicle"
    DETECTOR = "detector", "what is a vehicle"


class TrainingRun(models.Model):
    """One training of a network of a scene. Its state is its job's; it goes on exactly after a worker died."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="trainings")
    trains = models.CharField(max_length=9, choices=ModelKind.choices, default=ModelKind.EMBEDDING)
    number = models.PositiveIntegerField(help_text="1, 2, 3 within its scene")
    label_set = models.ForeignKey(LabelSet, on_delete=models.CASCADE, related_name="trainings")
    recipe = models.CharField(max_length=60, help_text="its file's name, without the ending")
    start = models.ForeignKey(
        "ModelVersion", null=True, on_delete=models.SET_NULL, related_name="+", help_text="whose weights it begins with"
    )
    epochs = models.PositiveIntegerField(help_text="at most")
    minutes = models.PositiveIntegerField(help_text="at most; it ends with the epoch in which they are over")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    stop_asked_at = models.DateTimeField(null=True, blank=True, help_text="end with this epoch, keep the best so far")
    samples = models.JSONField(default=list, help_text="rankings to look at: a query and its nearest pictures")
    found_pictures = models.JSONField(
        default=list, help_text="held frames to look at, with what the start found in them and what came out finds"
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-number"]
        constraints = [models.UniqueConstraint(fields=["scene", "number"], name="training_number_unique_in_scene")]

    def __str__(self) -> str:
        return f"training {self.number} of {self.scene}"


class TrainingPoint(models.Model):
    """What a training said of itself after a step, or after an epoch: then with its score on held vehicles."""

    training = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="points")
    line = models.PositiveIntegerField(help_text="place among the training's lines, from 0")
    step = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField(null=True, help_text="that has ended; 0: before the first")
    weight = models.FloatField(
        null=True, help_text="what a labelled picture counted, in a training that tries several weights"
    )
    loss = models.FloatField(null=True)
    held_map = models.FloatField(null=True, help_text="mAP on the vehicles held back during the training")
    held_rank1 = models.FloatField(null=True)
    held_ap50 = models.FloatField(null=True, help_text="of a detector: AP at IoU 0.5 on the frames held back")
    held_recall = models.FloatField(null=True, help_text="share of the vehicles in these frames that it finds")
    pictures_per_s = models.FloatField(null=True)

    class Meta:
        ordering = ["training", "line"]
        constraints = [models.UniqueConstraint(fields=["training", "line"], name="training_point_once")]

    def __str__(self) -> str:
        return f"step {self.step} of {self.training}"


class ModelVersion(models.Model):
    """A network of a scene. Number 1 of each kind comes with Crosstrack and belongs to every scene: it has no row."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="model_versions")
    kind = models.CharField(max_length=9, choices=ModelKind.choices, default=ModelKind.EMBEDDING)
    number = models.PositiveIntegerField(help_text="2, 3, 4 within its scene and kind")
    training = models.OneToOneField(TrainingRun, on_delete=models.CASCADE, related_name="version")
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.CharField(max_length=255, help_text="storage name of the weights, safetensors")
    sha256 = models.CharField(max_length=64, help_text="of the file")
    size = models.BigIntegerField(help_text="bytes of the file")
    card = models.JSONField(help_text="the training's own report: recipe, pictures, vehicles, score on held ones")
    comparison = models.JSONField(null=True, blank=True, help_text="against another version, with intervals")
    comparison_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["scene", "kind", "number"], name="model_number_unique_in_scene_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.scene}"


class Promotion(models.Model):
    """Somebody made a version the scene's active one of its kind. `version` null: what comes with Crosstrack."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="promotions")
    kind = models.CharField(max_length=9, choices=ModelKind.choices, default=ModelKind.EMBEDDING)
    version = models.ForeignKey(ModelVersion, null=True, on_delete=models.CASCADE, related_name="promotions")
    run = models.ForeignKey(Run, null=True, on_delete=models.SET_NULL, related_name="+", help_text="that it started")
    is_rollback = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["scene", "-id"]

    def __str__(self) -> str:
        return f"{self.version or f'{self.kind} 1'} in {self.scene}"


class TrainingBudget(models.Model):
    """What one training of an analyst may take in this scene; managers set it and are not bound by it."""

    scene = models.OneToOneField(Scene, on_delete=models.CASCADE, related_name="training_budget")
    minutes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.minutes} minutes in {self.scene}"
