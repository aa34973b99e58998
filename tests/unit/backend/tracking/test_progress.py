from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.jobs.models import Job, JobKind, JobState
from backend.media.models import Video
from backend.scenes.models import Camera
from backend.tracking.progress import job_fraction, run_progress

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def job(kind: JobKind, state: JobState, done: int = 0, total: int | None = 100, camera: int | None = None) -> Job:
    video = None
    if camera is not None:
        video = Video(pk=camera, camera=Camera(pk=camera, name=f"c{camera:03}", position=camera))
    return Job(kind=kind, state=state, done=done, total=total, video=video, unit="frames")


@pytest.mark.parametrize(
    ("state", "done", "total", "fraction"),
    [
        (JobState.QUEUED, 0, None, 0.0),
        (JobState.RUNNING, 30, 120, 0.25),
        (JobState.RUNNING, 130, 120, 1.0),
        (JobState.RUNNING, 30, None, 0.0),
        (JobState.RUNNING, 0, 0, 0.0),
        (JobState.SUCCEEDED, 0, None, 1.0),
        (JobState.FAILED, 60, 120, 0.5),
    ],
)
def test_fraction_of_a_job(state: JobState, done: int, total: int | None, fraction: float) -> None:
    assert job_fraction(job(JobKind.DETECT, state, done, total)) == fraction


def test_stages_weigh_by_the_time_they_take() -> None:
    jobs = [
        job(JobKind.MATCH, JobState.QUEUED),
        job(JobKind.DETECT, JobState.SUCCEEDED, camera=1),
        job(JobKind.TRACK, JobState.RUNNING, 50, camera=1),
        job(JobKind.EMBED, JobState.QUEUED, camera=1),
    ]
    progress = run_progress(jobs, started_at=NOW - timedelta(seconds=125), now=NOW)
    # 12 of detect and half of track's 1, of 12 + 1 + 4 + 1.
    assert progress.fraction == pytest.approx(12.5 / 18)
    # 125 s for 12.5 parts are 10 s a part; 5.5 parts are left.
    assert progress.remaining_s == pytest.approx(55.0)
    assert [stage.stage for stage in progress.stages] == ["detect", "track", "embed", "match"]


def test_nothing_is_promised_before_there_is_a_pace_or_after_the_end() -> None:
    beginning = [job(JobKind.DETECT, JobState.RUNNING, 1, camera=1)]
    ended = [job(JobKind.DETECT, JobState.CANCELLED, 50, camera=1)]
    for jobs in (beginning, ended, []):
        assert run_progress(jobs, started_at=NOW - timedelta(seconds=9), now=NOW).remaining_s is None
    assert run_progress([], started_at=None, now=NOW).fraction == 0.0


def test_two_videos_of_a_camera_are_one_row_with_the_most_telling_state() -> None:
    jobs = [
        job(JobKind.DETECT, JobState.SUCCEEDED, 100, camera=2),
        job(JobKind.DETECT, JobState.FAILED, 40, camera=2),
        job(JobKind.DETECT, JobState.RUNNING, 10, total=None, camera=1),
    ]
    first, second = run_progress(jobs, started_at=NOW, now=NOW).stages
    assert (first.camera_name, first.state, first.done, first.total) == ("c001", "running", 10, None)
    assert (second.camera_name, second.state, second.done, second.total) == ("c002", "failed", 140, 200)
