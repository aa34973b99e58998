"""Label sets: numbered snapshots of what people confirmed in a scene. Their rows and files never change."""

from __future__ import annotations

from django.db import models

from backend.accounts.models import User
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
