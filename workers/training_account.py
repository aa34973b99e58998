"""What a training says of itself while it goes on, and when it is to end."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.training.models import TrainingRun
from backend.training.services import Point, training_points_replace
from workers.context import JobContext

REPORTED_SECONDS = 1.0


@dataclass(frozen=True)
class Learned:
    """What came out of a training. how  in a few words; samples, found_pictures  as the training's row keeps them"""

    weights: Path
    report: Mapping[str, Any]
    how: str
    samples: Sequence[Mapping[str, Any]] = ()
    found_pictures: Sequence[Mapping[str, Any]] = ()


class Account:
    """What a training says of itself, read off its file of metrics and written as points; and when it is enough."""

    def __init__(self, context: JobContext, training: TrainingRun, metrics: Path) -> None:
        self._context, self._training, self._metrics = context, training, metrics
        self._written: Sequence[str] = []
        self._at = 0.0
        self._spent_s = float(context.job.checkpoint.get("spent_s", 0.0))
        self._since = time.monotonic()
        self.epochs = 0

    def progress(self, done: int, total: int | None, unit: str) -> None:
        """An `ml.types.Progress` that also writes new points, at most once a second."""
        self._context.progress(done, total, unit)
        if time.monotonic() - self._at >= REPORTED_SECONDS:
            self.publish_lines()
            self._at = time.monotonic()

    def enough(self) -> bool:
        """Whether somebody has asked to stop, or the minutes of all attempts together are over."""
        spent_s = self._spent_s + time.monotonic() - self._since
        self._context.save_checkpoint({"spent_s": spent_s})
        self.publish_lines()
        self.epochs += 1
        asked = TrainingRun.objects.filter(pk=self._training.pk).values_list("stop_asked_at", flat=True).first()
        return asked is not None or spent_s > 60 * self._training.minutes

    def publish_lines(self) -> None:
        """Write the points of lines that are new, in place of those that a killed attempt had got further with."""
        text = self._metrics.read_text(encoding="utf-8") if self._metrics.is_file() else ""
        lines = text[: text.rfind("\n") + 1].splitlines()
        same = len(self._written) if lines[: len(self._written)] == self._written else 0
        if len(lines) > same or not self._written:
            points = [point_of(json.loads(line)) for line in lines[same:]]
            training_points_replace(training=self._training, first=same, points=points)
        self._written = lines


def point_of(line: Mapping[str, Any]) -> Point:
    """A line of metrics as a point."""
    held = line.get("held", {})
    return Point(
        step=line["step"],
        epoch=line.get("epoch"),
        weight=line.get("weight"),
        loss=line.get("loss"),
        held_map=held.get("map"),
        held_rank1=held.get("rank1"),
        held_ap50=held.get("ap50"),
        held_recall=held.get("recall"),
        pictures_per_s=line.get("images_per_second"),
    )
