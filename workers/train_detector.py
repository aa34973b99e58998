"""A scene's detector learns from the boxes that people vouch for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.training.models import ModelKind, ModelVersion, TrainingRun
from backend.training.recipes import recipe_path
from ml.config import PipelineConfig, config_from, read_yaml
from ml.detection.config import DetectorConfig
from ml.detection.tuning.recipe import PUBLISHED, TuningRecipe
from ml.detection.tuning.trainer import fine_tune
from ml.detection.tuning.views import LabelledView
from ml.reid.training.checkpoint import METRICS
from ml.types import UserError
from workers.context import JobContext
from workers.found_pictures import found_pictures
from workers.label_videos import content_of_set
from workers.label_views import labelled_views
from workers.stages import config_by
from workers.training_account import Account, Learned
from workers.weights import local_weights


def detector_learned(context: JobContext, training: TrainingRun, folder: Path) -> Learned:
    """What came out, with pictures of what it finds in held frames and the start did not, or the other way round."""
    account = Account(context, training, folder / METRICS)
    content = content_of_set(training.label_set, with_around=True)
    with labelled_views(content, context.progress) as views:
        recipe = recipe_of(training)
        report = fine_tune(views, recipe, folder, progress=account.progress, enough=account.enough)
        account.publish_lines()
        weights = Path(str(report.pop("weights")))
        pictures = _pictures(context, training, views, weights)
    return Learned(weights, report, _how(report), found_pictures=pictures)


def _how(report: Mapping[str, Any]) -> str:
    best = report["best"]
    return f"epoch {best['epoch']}, the best one: AP50 {best['ap50']:.3f} in held frames"


def _pictures(
    context: JobContext, training: TrainingRun, views: Sequence[LabelledView], weights: Path
) -> Sequence[Mapping[str, Any]]:
    """None where the scene is shown otherwise by now: that is no reason to lose what was learned."""
    try:
        before = _detector(training, training.start)
        after = replace(before, weights=str(weights))
        return found_pictures(training, views, before, after, context.progress)
    except UserError as problem:
        context.log(f"there are no pictures to look at: {problem}", "warning")
        return []


def recipe_of(training: TrainingRun) -> TuningRecipe:
    """The recipe with what the training's row says: where it begins and for how many epochs at most."""
    path = recipe_path(name=training.recipe, trains=training.trains)
    recipe = config_from(TuningRecipe, read_yaml(path), str(path))
    epochs = min(training.epochs, recipe.schedule.epochs)
    start = PUBLISHED if training.start is None else str(local_weights(training.start.file))
    return replace(recipe, start=start, schedule=replace(recipe.schedule, epochs=epochs))


def _detector(training: TrainingRun, version: ModelVersion | None) -> DetectorConfig:
    """As the scene's runs find vehicles, by the version."""
    if training.scene.current_run is None:
        usual = PipelineConfig().detector
        return usual if version is None else replace(usual, weights=str(local_weights(version.file)))
    return config_by(training.scene, ModelKind.DETECTOR, version).detector
