"""A run goes on only with the frames that its video was taken in with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.jobs.models import Job, JobKind
from backend.media.models import Video
from backend.scenes.models import Camera, Scene
from backend.tracking.arrays import pack_times
from backend.tracking.models import Run
from ml.config import PipelineConfig
from ml.pipeline.video import keep_index
from ml.types import UserError, no_progress
from ml.video import FrameIndex
from workers.stages import camera_stages, stage_cache

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
