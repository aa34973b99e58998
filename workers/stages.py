"""A video job's stages: its file out of the storage, its run's configuration, the stage cache of this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from backend.config.problems import Conflict
from backend.jobs.models import Job
from backend.media.models import Video
from backend.media.selectors import frame_times
from backend.media.storage import local_path
from backend.scenes.models import Camera, Scene
from backend.tracking.models import Run
from backend.training.active import with_version
from backend.training.models import ModelKind, ModelVersion
from backend.training.services import require_learning_detector
from ml.config import PipelineConfig
from ml.datasets.roi import read_roi
from ml.pipeline.cache import StageCache
from ml.pipeline.camera import CameraStages
from ml.pipeline.models import Models
from ml.pipeline.video import VideoFile
from ml.types import CameraLink, Mask, Progress, UserError
from ml.video import FrameIndex
from workers.weights import at_hand

SAME_TIME_S = 1e-6


def stage_cache() -> StageCache:
    """Where this machine keeps stage results."""
    return StageCache(settings.STAGE_CACHE_DIR)


def run_of(job: Job) -> Run:
    """The run that the job belongs to."""
    if job.run is None:
        raise RuntimeError(f"job {job.pk} ({job.kind}) has no run")
    return job.run


def video_of(job: Job) -> Video:
    """The video that the job is about."""
    if job.video is None:
        raise RuntimeError(f"job {job.pk} ({job.kind}) has no video")
    return job.video


def links_of(scene: Scene) -> list[CameraLink] | None:
    """The scene's links; None where it has none."""
    rows = scene.links.select_related("source", "target")
    return [CameraLink(row.source.name, row.target.name, row.min_s, row.max_s) for row in rows] or None


def config_of(run: Run) -> PipelineConfig:
    """Raises UserError as `read_config`."""
    return read_config(run.config)


def read_config(data: Mapping[str, Any]) -> PipelineConfig:
    """A stored configuration; weights that it names by their place in the storage are copied here.

    Raises UserError bad-configuration, weights-missing.
    """
    config = PipelineConfig.from_dict(data)
    return replace(
        config,
        detector=replace(config.detector, weights=at_hand(config.detector.weights)),
        embedder=replace(config.embedder, weights=at_hand(config.embedder.weights)),
    )


def config_by(scene: Scene, kind: ModelKind, version: ModelVersion | None) -> PipelineConfig:
    """As the run that the scene shows is configured, by this version of a kind. None: by what comes with Crosstrack.

    UserError no-run, other-detector, and as `read_config`.
    """
    if scene.current_run is None:
        raise UserError("no-run", "The scene shows no run any more; start one first.")
    try:
        if kind == ModelKind.DETECTOR:
            require_learning_detector(scene)
    except Conflict as problem:
        raise UserError(problem.code, problem.detail) from None
    return read_config(with_version(scene.current_run.config, kind, version))


@contextmanager
def camera_stages(job: Job, progress: Progress) -> Iterator[tuple[CameraStages, Models]]:
    """The stages of the job's video, as its run configures them, and their networks.

    `progress` hears of frames where this machine's cache has no index of the video and it is decoded for one.
    Raises UserError as `require_same_frames`.
    """
    config = config_of(run_of(job))
    models = Models(config, exports=stage_cache().exports)
    with stages_of(video_of(job), config, models, progress) as stages:
        yield stages, models


@contextmanager
def stages_of(video: Video, config: PipelineConfig, models: Models, progress: Progress) -> Iterator[CameraStages]:
    """The stages of a video as `config` says. Otherwise as `camera_stages`."""
    cache = stage_cache()
    with ExitStack() as stack:
        file = VideoFile(lambda: stack.enter_context(video_path(video)), video.sha256)
        roi = camera_roi(video.camera)
        stages = CameraStages(file, config=config, models=models, cache=cache, roi=roi)
        require_same_frames(video, stages.video(progress).index)
        yield stages


def require_same_frames(video: Video, index: FrameIndex) -> None:
    """Raises UserError frames-renumbered where `index` is not the one that the video was taken in with.

    A later version may count the pictures of a damaged video differently; its results would then be shown
    at the wrong pictures.
    """
    if same_frames(video, index):
        return
    message = (
        f"{video} was taken in with {len(frame_times(video=video))} frames and is now read as {len(index)}, not all of "
        f"them at the same times: `manage.py reingest {video.camera.scene.slug}` reads it anew; then start a new run."
    )
    raise UserError("frames-renumbered", message)


def same_frames(video: Video, index: FrameIndex) -> bool:
    """Whether the video was taken in with these presentation times."""
    stored = frame_times(video=video)
    return len(stored) == len(index) and np.allclose(stored, index.times_s, rtol=0, atol=SAME_TIME_S)


@contextmanager
def video_path(video: Video) -> Iterator[Path]:
    """A local path of the video's file; UserError video-missing where the storage has lost it."""
    with ExitStack() as stack:
        try:
            path = stack.enter_context(local_path(video.file))
        except FileNotFoundError:
            message = f"The file of {video} is no longer in the storage: upload the video again."
            raise UserError("video-missing", message) from None
        yield path


def camera_roi(camera: Camera) -> Mask | None:
    """[h, w] bool, or None where the camera has no region of interest."""
    try:
        return _roi(camera)
    except FileNotFoundError:
        before = camera.roi
        camera.refresh_from_db(fields=["roi"])
        if camera.roi == before:
            raise
        return _roi(camera)  # somebody drew another one since the camera was read


def _roi(camera: Camera) -> Mask | None:
    if not camera.roi:
        return None
    with local_path(camera.roi) as path:
        return read_roi(path)
