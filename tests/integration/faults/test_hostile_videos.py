"""Every video ends in the right result or in a failed job that says why, and the worker lives on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.core.management import call_command

from backend.jobs.models import FINISHED, Job, JobKind, JobState
from backend.media.models import Video, VideoState
from backend.scenes.models import Scene
from backend.tracking.models import RunState
from backend.tracking.services import run_create
from tests.processes import Worker
from tests.services import wait_for
from tests.unit.ml.video.clips import write_clip, write_cut_short, write_sound, write_without_index

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

UNEVEN_MS = (0, 40, 80, 280, 320, 700, 740, 780, 1200, 1240)
REFUSED: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "text-renamed": (lambda path: path.write_text("Remember to copy the videos.\n" * 99), "video-unreadable"),
    "index-lost": (write_without_index, "video-unreadable"),
    "sound-only": (write_sound, "no-video-stream"),
    "zero-bytes": (Path.touch, "video-empty"),
}
TAKEN: Mapping[str, tuple[Callable[[Path], object], Mapping[str, object]]] = {
    "cut-short": (write_cut_short, {"codec": "h264"}),
    "uneven": (lambda path: write_clip(path, times_ms=UNEVEN_MS), {"variable_frame_rate": True, "frame_count": 10}),
    "hevc": (lambda path: write_clip(path, codec="libx265"), {"codec": "hevc", "frame_count": 30}),
}


def _import(folder: Path, makers: Mapping[str, tuple[Callable[[Path], object], object]]) -> None:
    for name, (make, _) in makers.items():
        path = folder / name / f"{name}.mp4"
        path.parent.mkdir()
        make(path)
        call_command("import_scene", path, name=name)


def _ingest_of(name: str) -> Job:
    return Job.objects.get(kind=JobKind.INGEST, scene__slug=name)


def test_each_video_ends_well_or_with_a_reason_and_the_worker_lives_on(
    broker: str, start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    _import(tmp_path, REFUSED)
    _import(tmp_path, TAKEN)
    ingests = Job.objects.filter(kind=JobKind.INGEST)
    assert ingests.count() == len(REFUSED) + len(TAKEN)
    worker = start_worker(CROSSTRACK_JOB_HANDLERS="{}")
    wait_for(lambda: not ingests.exclude(state__in=FINISHED).exists(), seconds=120, what="all videos to be read")

    for name, (_, code) in REFUSED.items():
        job, video = _ingest_of(name), Video.objects.get(camera__scene__slug=name)
        assert (job.state, job.problem_code, job.attempt) == (JobState.FAILED, code, 1), job.trace
        assert f"{name}.mp4" in job.problem
        assert (video.state, video.problem) == (VideoState.FAILED, job.problem)
    for name, (_, expected) in TAKEN.items():
        job, video = _ingest_of(name), Video.objects.get(camera__scene__slug=name)
        assert (job.state, job.problem) == (JobState.SUCCEEDED, "")
        assert {key: getattr(video, key) for key in expected} == expected
        assert 0 < (video.frame_count or 0) <= 30
    assert worker.process.is_running()


def test_a_video_without_any_vehicle_gives_an_empty_run(
    broker: str, start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    write_clip(tmp_path / "grey.mp4")
    call_command("import_scene", tmp_path / "grey.mp4", name="Grey")
    run = run_create(actor=None, scene=Scene.objects.get(slug="grey"), preset="cpu-light")
    start_worker(CROSSTRACK_JOB_HANDLERS="{}")

    def ended() -> bool:
        run.refresh_from_db()
        return run.state in (RunState.SUCCEEDED, RunState.FAILED)

    wait_for(ended, seconds=120, what="the run to end")
    assert (run.state, run.problem) == (RunState.SUCCEEDED, "")
    assert run.tracklets.count() == 0
