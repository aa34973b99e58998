"""A run goes on only with the frames that its video was taken in with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.jobs.models import Job, JobKind
from backend.media.models import Video
from backend.media.storage import save_bytes
from backend.scenes.models import Camera, Scene
from backend.tracking.arrays import pack_times
from backend.tracking.models import Run
from backend.training.models import ModelKind
from ml.config import PipelineConfig
from ml.pipeline.video import keep_index
from ml.types import UserError, no_progress
from ml.video import FrameIndex
from workers.stages import camera_stages, config_by, read_config, stage_cache

SHA256 = "5" * 64


@pytest.fixture(autouse=True)
def as_read_now(tmp_path: Path, settings: Any) -> None:
    """The cache knows the video as three frames, a tenth of a second apart."""
    settings.STAGE_CACHE_DIR = tmp_path
    keep_index(stage_cache(), SHA256, FrameIndex(np.array([0.0, 0.1, 0.2])), width=64, height=48)


def job_of(taken_in_s: Sequence[float]) -> Job:
    """A job, in memory, about a video that was taken in with these presentation times."""
    camera = Camera(scene=Scene(name="Crossing", slug="crossing"), name="c001")
    video = Video(camera=camera, original_name="a.avi", sha256=SHA256, frame_times=pack_times(taken_in_s))
    return Job(kind=JobKind.DETECT, video=video, run=Run(config=PipelineConfig().to_dict()))


def test_a_video_whose_frames_are_as_they_were_taken_in_is_worked_on() -> None:
    with camera_stages(job_of([0.0, 0.1, 0.2]), no_progress) as (stages, _):
        assert len(stages.video().index) == 3


@pytest.mark.parametrize("taken_in_s", [[0.0, 0.2], [0.0, 0.1, 0.3]])
def test_a_video_whose_frames_are_numbered_anew_is_refused(taken_in_s: list[float]) -> None:
    with (
        pytest.raises(
            UserError, match=r"Crossing/c001/a\.avi was taken in with .* `manage\.py reingest crossing` reads it anew"
        ) as refused,
        camera_stages(job_of(taken_in_s), no_progress),
    ):
        pass
    assert refused.value.code == "frames-renumbered"


def test_weights_of_a_version_are_fetched_and_those_of_a_file_or_none_stay(tmp_path: Path) -> None:
    name = save_bytes("scenes/1/models/abc.safetensors", b"weights")
    by_version = read_config({"detector": {"weights": name}, "embedder": {"name": "trained", "weights": name}})
    for weights in (by_version.detector.weights, by_version.embedder.weights):
        assert weights is not None
        assert Path(weights).read_bytes() == b"weights"
        assert Path(weights).is_relative_to(tmp_path)
    own = read_config({"detector": {"name": "maskrcnn-resnet50", "weights": "none"}})
    assert (own.detector.weights, own.embedder.weights) == ("none", None)
    with pytest.raises(UserError, match="no longer in the storage"):
        read_config({"detector": {"weights": "scenes/1/models/gone.safetensors"}})


def test_the_shown_run_says_how_a_version_finds_vehicles_if_its_detector_learns_scenes() -> None:
    run = Run(config={"detector": {"score_threshold": 0.4}, "embedder": {"name": "trained", "weights": None}})
    scene = Scene(name="Crossing", slug="crossing", current_run=run)
    assert config_by(scene, ModelKind.DETECTOR, None).detector.score_threshold == 0.4
    run.config["detector"]["name"] = "maskrcnn-resnet50"
    assert config_by(scene, ModelKind.EMBEDDING, None).detector.name == "maskrcnn-resnet50"
    with pytest.raises(UserError, match="nanodet alone learns a scene"):
        config_by(scene, ModelKind.DETECTOR, None)
    with pytest.raises(UserError, match="shows no run any more"):
        config_by(Scene(name="Empty"), ModelKind.DETECTOR, None)
