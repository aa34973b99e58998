"""A recipe for detectors that is done in seconds, and job handlers of a worker that knows it."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from workers import train
from workers.context import JobContext

FOLDER = "CROSSTRACK_TINY_RECIPES"
HANDLERS = '{"train": "tests.tiny_tuning"}'
NAME = "scene-tiny"
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
    train.run(context)
