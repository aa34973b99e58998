"""Videos whose frames are numbered anew are read again in place; what stands at the old numbers goes, once allowed."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from backend.jobs.models import Job, JobKind, JobState
from backend.media.models import Video, VideoState
from backend.media.selectors import frame_times
from backend.media.storage import read_bytes
from backend.tracking.models import Embedding, Run, RunState, Tracklet
from ml.pipeline.video import keep_index
from ml.video import FrameIndex
from tests.world import World
from workers.stages import stage_cache


@pytest.fixture
def world(world: World, tmp_path: Path, settings: Any) -> World:
    """The cache knows both videos; one picture more of the first than it was taken in with."""
    settings.STAGE_CACHE_DIR = tmp_path / "cache"
    for video, more in zip(world.videos, ([99.0], []), strict=True):
        index = FrameIndex(np.append(frame_times(video=video), more))
        keep_index(stage_cache(), video.sha256, index, width=64, height=48)
    Run.objects.filter(pk=world.run.pk).update(state=RunState.SUCCEEDED)
    return world


def reingest(world: World, *options: str) -> str:
    out = StringIO()
    call_command("reingest", world.scene.slug, *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_runs_are_dropped_only_when_that_is_said(world: World) -> None:
    with pytest.raises(CommandError, match=rf"run {world.run.number} of .* --drop-runs deletes it; people's verdicts"):
        reingest(world)
    assert Run.objects.filter(pk=world.run.pk).exists()
    assert set(Video.objects.values_list("state", flat=True)) == {VideoState.READY}


def test_only_the_video_that_changed_is_read_anew(world: World, django_capture_on_commit_callbacks: Any) -> None:
    crop = Embedding.objects.exclude(crop="").values_list("crop", flat=True)[0]
    jobs = set(Job.objects.filter(kind=JobKind.INGEST).values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        said = reingest(world, "--drop-runs")
    assert said.splitlines() == [
        f"{world.videos[0]} is read anew",
        f"1 run(s) deleted; start a new one with run_scene {world.scene.slug}",
    ]
    made = Job.objects.filter(kind=JobKind.INGEST).exclude(pk__in=jobs).get()
    assert (made.video_id, made.state) == (world.videos[0].pk, JobState.QUEUED)
    assert [Video.objects.get(pk=video.pk).state for video in world.videos] == [VideoState.PENDING, VideoState.READY]
    assert not Tracklet.objects.exists()
    with pytest.raises(FileNotFoundError):
        read_bytes(crop)


def test_a_run_that_has_not_ended_is_not_dropped(world: World) -> None:
    Run.objects.filter(pk=world.run.pk).update(state=RunState.RUNNING)
    with pytest.raises(CommandError, match=f"Run {world.run.number} has not ended"):
        reingest(world, "--drop-runs")
    assert Tracklet.objects.exists()


def test_a_scene_that_is_read_as_before_is_left_alone(world: World) -> None:
    Video.objects.filter(pk=world.videos[0].pk).delete()
    assert reingest(world) == f"every video of {world.scene.slug} is read as it was taken in; nothing changed\n"
