"""Job kind `train`: a network of a scene learns from a label set. Killed at any moment, it goes on exactly."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from backend.training.models import ModelKind
from backend.training.selectors import training_of_job
from backend.training.services import version_file_save, version_register
from workers.context import JobContext
from workers.train_detector import detector_learned
from workers.train_embedding import embedding_learned


def run(context: JobContext) -> None:
    """Writes points while it goes on, and in the end the version that came out, with pictures to look at."""
    training = training_of_job(job=context.job)
    folder = Path(settings.STAGE_CACHE_DIR) / "trainings" / str(training.pk)
    learn = detector_learned if training.trains == ModelKind.DETECTOR else embedding_learned
    learned = learn(context, training, folder)
    stored = version_file_save(training=training, weights=learned.weights)
    with context.publish():
        version = version_register(
            training=training,
            stored=stored,
            size=learned.weights.stat().st_size,
            card=learned.report,
            samples=learned.samples,
            found_pictures=learned.found_pictures,
        )
        context.log(f"{version.kind} {version.number} came out of {learned.how}")
    shutil.rmtree(folder, ignore_errors=True)
