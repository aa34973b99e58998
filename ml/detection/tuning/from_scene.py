"""The labelled views of a scene in files, read as the trainer of Mask R-CNN reads its truth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ml.datasets.scene import SceneFolder
from ml.detection.training.recipe import GROUP, TYPES, DetectorRecipe
from ml.detection.training.samples import LabelledCamera, labelled_cameras
from ml.detection.training.truth import FrameTruth
from ml.detection.tuning.recipe import TuningRecipe
from ml.detection.tuning.views import LabelledView
from ml.types import Int1D, Progress, no_progress


def views_of(scene: SceneFolder, recipe: TuningRecipe, progress: Progress = no_progress) -> list[LabelledView]:
    """A view of each camera that has a video and ground truth, up to `recipe.until_s`; no vehicle is held back.

    Raises UserError no-training-data, or malformed-file.
    """
    classes = TYPES if recipe.types else GROUP
    truth = DetectorRecipe(classes=classes, least_visibility=recipe.least_visibility, least_height=recipe.least_height)
    return [_view(camera, recipe.until_s) for camera in labelled_cameras(scene, truth, progress)]


def _view(camera: LabelledCamera, until_s: float | None) -> LabelledView:
    stop = len(camera.index) if until_s is None else camera.first_from(until_s)
    truths = {frame: truth for frame, truth in sorted(camera.truth.frames.items()) if frame < stop}
    every = [*truths.values(), FrameTruth()]  # one more, so that there is always something to put together
    frames = _repeated(truths, [len(truth.boxes) for truth in truths.values()])
    return LabelledView(
        camera=camera.folder.name,
        path=camera.folder.require_video(),
        index=camera.index,
        frames=frames,
        boxes=np.concatenate([truth.boxes for truth in every]),
        classes=np.concatenate([truth.classes for truth in every]),
        vehicles=np.concatenate([_numbers(truth) for truth in every]),
        held=np.zeros(len(frames), np.bool_),
        ignored_frames=_repeated(truths, [len(truth.ignored) for truth in truths.values()]),
        ignored=np.concatenate([truth.ignored for truth in every]),
        start_s=camera.folder.start_s,
        looked_at=np.arange(stop, dtype=np.int32) if camera.truth.whole else np.array(list(truths), np.int32),
    )


def _repeated(truths: Mapping[int, FrameTruth], counts: list[int]) -> Int1D:
    return np.repeat(np.array(list(truths), np.int32), counts)


def _numbers(truth: FrameTruth) -> Int1D:
    return np.zeros(len(truth.boxes), np.int32) if truth.vehicles is None else truth.vehicles
