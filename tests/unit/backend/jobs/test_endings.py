"""How jobs end, and what their ends do to dependents and to their run."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_error, job_fail, job_give_back, job_log, job_progress, job_stopped, job_succeed
from backend.tracking.models import Run, RunState
from tests.unit.backend.jobs.conftest import MakeJob, claimed, states

S = JobState


def test_success_fills_the_progress_bar(make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    job_progress(claim=claim, done=9, total=10, unit="frames")
    job_succeed(claim=claim)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (S.SUCCEEDED, 10, 10)
    assert job.finished_at >= job.started_at


def test_a_run_follows_its_jobs_without_reading_their_videos_frame_times(make_job: MakeJob) -> None:
    claim = claimed(make_job())
    with CaptureQueriesContext(connection) as queries:
        job_fail(claim=claim, code="bad", problem="broken")
    runs_jobs = [query["sql"] for query in queries if "JOIN" in query["sql"] and "media_video" in query["sql"]]
    assert runs_jobs
    assert not [sql for sql in runs_jobs if "frame_times" in sql]


def test_a_failure_fails_everything_behind_it_and_nothing_beside_it(run: Run, make_job: MakeJob) -> None:
    detect, beside = make_job(), make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    match = make_job(track, beside, kind=JobKind.MATCH)
    job_fail(claim=claimed(detect), code="video-unreadable", problem="no video in a.mp4: upload another")
    assert states(detect, track, match, beside) == [S.FAILED, S.FAILED, S.FAILED, S.QUEUED]
    track.refresh_from_db()
    reason = f"not started because job {detect.pk} (detect c001) failed: no video in a.mp4: upload another"
    assert (track.problem_code, track.problem, track.attempt) == ("dependency-failed", reason, 0)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING  # `beside` can still go on, for a later retry
    job_succeed(claim=claimed(beside))
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.FAILED, "detect c001: no video in a.mp4: upload another")
    assert run.finished_at is not None


def test_a_bug_keeps_its_trace_and_fails_everything_behind_it(make_job: MakeJob) -> None:
    detect = make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    job_error(claim=claimed(detect), problem="ValueError: oops", trace="Traceback ...")
    assert states(detect, track) == [S.ERRORED, S.FAILED]
    detect.refresh_from_db()
    assert (detect.problem_code, detect.problem, detect.trace) == ("bug", "ValueError: oops", "Traceback ...")


def test_a_job_is_given_back_until_its_attempts_are_used_up(run: Run, make_job: MakeJob) -> None:
    job = make_job()
    for attempt in (1, 2):
        job_give_back(claim=claimed(job), reason="its process died", blame=True)
        job.refresh_from_db()
        assert (job.state, job.attempt, job.sent_at) == (S.QUEUED, attempt, None)
    job_give_back(claim=claimed(job), reason="its process died", blame=True, trace="Segmentation fault")
    job.refresh_from_db()
    assert (job.state, job.problem_code, job.trace) == (S.ERRORED, "worker-lost", "Segmentation fault")
    assert job.problem == "given up after 3 attempts; the last one ended because its process died"
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def test_a_worker_that_is_stopped_burns_no_attempt(make_job: MakeJob) -> None:
    job = make_job()
    for _ in range(5):
        job_give_back(claim=claimed(job), reason="its worker was stopped", blame=False)
    job.refresh_from_db()
    assert (job.state, job.attempt) == (S.QUEUED, 0)


def test_a_job_that_was_to_be_cancelled_is_not_queued_again(make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    Job.objects.filter(pk=job.pk).update(cancel_requested_at=job.created_at)
    job_give_back(claim=claim, reason="its process died", blame=True)
    assert states(job) == [S.CANCELLED]


def test_a_stopped_job_cancels_what_waits_for_it(run: Run, make_job: MakeJob) -> None:
    detect = make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    job_stopped(claim=claimed(detect))
    assert states(detect, track) == [S.CANCELLED, S.CANCELLED]
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        ([S.QUEUED, S.QUEUED], RunState.QUEUED),
        ([S.RUNNING, S.QUEUED], RunState.RUNNING),
        ([S.SUCCEEDED, S.QUEUED], RunState.RUNNING),
        ([S.SUCCEEDED, S.SUCCEEDED], RunState.SUCCEEDED),
        ([S.FAILED, S.RUNNING], RunState.RUNNING),
        ([S.FAILED, S.CANCELLED], RunState.FAILED),
        ([S.ERRORED, S.SUCCEEDED], RunState.FAILED),
        ([S.CANCELLED, S.SUCCEEDED], RunState.CANCELLED),
    ],
)
def test_a_run_is_what_its_jobs_are(run: Run, make_job: MakeJob, jobs: list[S], expected: RunState) -> None:
    from backend.jobs.services.runs import run_state_update

    for state in jobs:
        Job.objects.filter(pk=make_job().pk).update(state=state, problem="x")
    run_state_update(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == expected
    assert (run.finished_at is None) == (expected in (RunState.QUEUED, RunState.RUNNING))


def test_the_log_keeps_lines_with_the_attempt_they_belong_to(make_job: MakeJob) -> None:
    job = make_job()
    job_give_back(claim=claimed(job, "a"), reason="its process died", blame=True)
    claim = claimed(job, "b")
    job.refresh_from_db()
    job_log(job=job, message="half way", level="info")
    job_fail(claim=claim, code="x", problem="no luck")
    assert list(job.lines.values_list("attempt", "level", "message")) == [
        (1, "info", "started by a, attempt 1 of 3"),
        (1, "warning", "queued again because its process died"),
        (2, "info", "started by b, attempt 2 of 3"),
        (2, "info", "half way"),
        (2, "warning", "no luck"),
    ]
