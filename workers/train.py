"""Job kind `train`: a scene's embedding learns from a label set. Killed at any moment, it goes on exactly."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from backend.labels.models import LabelSet
from backend.training.models import TrainingRun
from backend.training.selectors import training_of_job
from backend.training.services import Point, training_points_replace, version_file_save, version_register
from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, read_reid
from ml.locks import try_lock
from ml.reid.config import LEVELS
from ml.reid.training.checkpoint import METRICS
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.trainer import train_reid
from ml.types import Progress
from ml.weights import resolve
from workers.context import JobContext
from workers.label_crops import label_set_reid
from workers.samples import sample_rankings
from workers.weights import local_weights

REPORTED_SECONDS = 1.0
WAITED_SECONDS = 0.2  # between two looks at what another worker is making


def run(context: JobContext) -> None:
    """Writes points while it goes on, and in the end the version that came out, with rankings to look at."""
    training = training_of_job(job=context.job)
    folder = Path(settings.STAGE_CACHE_DIR) / "trainings" / str(training.pk)
    labelled = labelled_pictures(training.label_set, context.progress)
    data = replace(labelled, train=labelled.train.of_several_cameras())
    account = Account(context, training, folder / METRICS)
    recipe = recipe_of(training, folder, vehicles=len(np.unique(data.train.identity)))
    report = train_reid(data, recipe, folder, progress=account.progress, enough=account.enough)
    account.publish_lines()
    weights = Path(str(report.pop("weights")))
    samples = sample_rankings(training, data, weights)
    stored = version_file_save(training=training, weights=weights)
    with context.publish():
        version = version_register(
            training=training, stored=stored, size=weights.stat().st_size, card=report, samples=samples
        )
        context.log(f"model {version.number} came out of {_how(report, account.epochs)}")
    shutil.rmtree(folder, ignore_errors=True)


def _how(report: Mapping[str, Any], epochs: int) -> str:
    weight = report["weight"]
    return f"{epochs} epochs" if weight is None else f"one fit in which a labelled picture counts {weight:g}"


def labelled_pictures(label_set: LabelSet, progress: Progress) -> ReidSet:
    """The set's vehicles cut out of the videos, once for each label set and machine."""
    folder = Path(settings.STAGE_CACHE_DIR) / "labels" / label_set.sha256
    made_once(folder, lambda aside: label_set_reid(label_set, aside, progress=progress), progress)
    return read_reid(folder, "veri")


def made_once(folder: Path, make: Callable[[Path], object], progress: Progress) -> None:
    """Have `make` fill the folder, whole or not at all, where it is not there; while another worker is at it, wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside, lock = (folder.with_name(f"{folder.name}.{end}") for end in ("partial", "lock"))
    with lock.open("a") as stream:
        while not folder.is_dir() and not try_lock(stream.fileno()):
            progress(0, None, "pictures")
            time.sleep(WAITED_SECONDS)
        if not folder.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
            make(aside)
            aside.replace(folder)


def recipe_of(training: TrainingRun, folder: Path, *, vehicles: int) -> ReidRecipe:
    """The recipe with what the training's row says: where it begins and for how many epochs at most; its batches have
    no more vehicles than are learned from when some of the `vehicles` are held back.
    """
    path = Path(settings.RECIPES_DIR) / f"{training.recipe}.yaml"
    recipe = config_from(ReidRecipe, read_yaml(path), str(path))
    start = resolve(LEVELS) if training.start is None else local_weights(training.start.file)
    epochs = min(training.epochs, recipe.schedule.epochs)
    looks = str(folder / "looks") if recipe.kept_looks else None
    learned = vehicles - max(1, round(recipe.data.held * vehicles))
    return replace(
        recipe,
        start=str(start),
        kept_in=looks,
        batch=replace(recipe.batch, identities=max(2, min(recipe.batch.identities, learned))),
        schedule=replace(recipe.schedule, epochs=epochs),
    )


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
        pictures_per_s=line.get("images_per_second"),
    )
