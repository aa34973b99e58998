"""A scene's embedding learns from a label set."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from backend.labels.models import LabelSet
from backend.training.models import TrainingRun
from backend.training.recipes import recipe_path
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
from workers.training_account import Account, Learned
from workers.weights import local_weights

WAITED_SECONDS = 0.2  # between two looks at what another worker is making


def embedding_learned(context: JobContext, training: TrainingRun, folder: Path) -> Learned:
    """What came out, with rankings of held vehicles to look at."""
    labelled = labelled_pictures(training.label_set, context.progress)
    recipe = recipe_of(training, folder, vehicles=len(np.unique(labelled.train.of_several_cameras().identity)))
    data = learned_from(labelled, recipe)
    account = Account(context, training, folder / METRICS)
    report = train_reid(data, recipe, folder, progress=account.progress, enough=account.enough)
    account.publish_lines()
    weights = Path(str(report.pop("weights")))
    samples = sample_rankings(training, data, weights)
    return Learned(weights, report, _how(report, account.epochs), samples=samples)


def learned_from(labelled: ReidSet, recipe: ReidRecipe) -> ReidSet:
    """Without the vehicles that one camera alone saw; a recipe that fits in closed form has them too, to tell others
    from them.
    """
    fitted = recipe.adapt.prior is not None
    return labelled if fitted else replace(labelled, train=labelled.train.of_several_cameras())


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
    path = recipe_path(name=training.recipe, trains=training.trains)
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
