"""A recipe for detectors that is done in seconds, and job handlers of a worker that knows it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from django.conf import settings

from backend.training.models import TrainingRun
from workers import train
from workers.context import JobContext

FOLDER = "CROSSTRACK_TINY_RECIPES"
HANDLERS = '{"train": "tests.tiny_tuning"}'
DIES = "CROSSTRACK_FIRST_TRAINING_DIES"
NAME = "scene-tiny"
DIES_AFTER = 9  # steps: in the second epoch, between two checkpoints
RECIPE = f"""# A few steps
kind: nanodet
name: {NAME}
every: 4
input_height: 224
input_width: 416
crop: 96
schedule:
  epochs: 3
  steps: 6
  batch: 2
  warmup: 2
checkpoint_every: 2
"""


def write_recipe(folder: Path) -> Path:
    """The folder, with the recipe in it."""
    (folder / f"{NAME}.yaml").write_text(RECIPE)
    return folder


def run(context: JobContext) -> None:
    """As `workers.train`, by the recipe in the folder that the environment names."""
    settings.DETECTOR_RECIPES_DIR = Path(os.environ[FOLDER])
    training = TrainingRun.objects.get(pk=context.job.parameters["training"])
    if DIES in os.environ and training.number == context.job.attempt == 1:
        _die_in_the_middle(context)
    train.run(context)


def _die_in_the_middle(context: JobContext) -> None:
    """Its process gets kill -9 after a certain step; by a clock, a quick machine would be done before it."""
    progress = context.progress

    def dying(done: int, total: int | None, unit: str) -> None:
        progress(done, total, unit)
        if unit == "steps" and done >= DIES_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)

    context.progress = dying  # type: ignore[method-assign]  # the job's own, for this one process
