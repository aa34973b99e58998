"""Cancel and retry, and who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.accounts.models import User
from backend.config.problems import Conflict, NotFound, Problem, Refused
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_cancel, job_fail, job_pulse, job_retry, job_succeed, run_jobs_cancel
from backend.tracking.models import Run, RunState
from tests.unit.backend.jobs.conftest import MakeJob, claimed, states

S = JobState


def test_a_waiting_job_is_cancelled_at_once_with_all_behind_it(run: Run, manager: User, make_job: MakeJob) -> None:
    detect = make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    job_cancel(job=detect, actor=manager)
    assert states(detect, track) == [S.CANCELLED, S.CANCELLED]
    detect.refresh_from_db()
    assert detect.problem == "cancelled by manager"
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_a_running_job_is_asked_to_stop(manager: User, make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    job_cancel(job=job, actor=manager)
    job_cancel(job=job, actor=manager)
    assert states(job) == [S.RUNNING]
    assert job_pulse(claim=claim).cancel
    assert job.lines.filter(message="manager asked to cancel it").count() == 1


def test_a_finished_job_cannot_be_cancelled(manager: User, make_job: MakeJob) -> None:
    job = make_job()
    job_succeed(claim=claimed(job))
    with pytest.raises(Conflict, match="has already ended as succeeded"):
        job_cancel(job=job, actor=manager)


def test_cancelling_a_run_ends_waiting_jobs_and_asks_running_ones(run: Run, manager: User, make_job: MakeJob) -> None:
    done, running = make_job(), make_job()
    waiting = make_job(running, kind=JobKind.TRACK)
    job_succeed(claim=claimed(done))
    claim = claimed(running)
    run_jobs_cancel(run=run, actor=manager)
    assert states(done, running, waiting) == [S.SUCCEEDED, S.RUNNING, S.CANCELLED]
    assert job_pulse(claim=claim).cancel


def test_a_finished_run_cannot_be_cancelled(run: Run, manager: User, make_job: MakeJob) -> None:
    job_succeed(claim=claimed(make_job()))
    with pytest.raises(Conflict, match="Run 1 has already ended"):
        run_jobs_cancel(run=run, actor=manager)


def test_a_retry_takes_along_what_failed_because_of_the_job(run: Run, manager: User, make_job: MakeJob) -> None:
    detect = make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    match = make_job(track, kind=JobKind.MATCH)
    job_fail(claim=claimed(detect), code="x", problem="no luck")
    job_retry(job=detect, actor=manager)
    assert states(detect, track, match) == [S.QUEUED] * 3
    detect.refresh_from_db()
    assert (detect.attempt, detect.problem, detect.finished_at) == (0, "", None)
    run.refresh_from_db()
    assert (run.state, run.problem, run.finished_at) == (RunState.QUEUED, "", None)


def test_a_dependent_of_two_broken_jobs_waits_for_the_retry_of_both(manager: User, make_job: MakeJob) -> None:
    left, right = make_job(), make_job()
    match = make_job(left, right, kind=JobKind.MATCH)
    for job in (left, right):
        job_fail(claim=claimed(job), code="x", problem="no luck")
    job_retry(job=left, actor=manager)
    assert states(left, right, match) == [S.QUEUED, S.FAILED, S.FAILED]
    job_retry(job=right, actor=manager)
    assert states(left, right, match) == [S.QUEUED] * 3


def test_retrying_a_job_behind_a_broken_one_names_that_one(manager: User, make_job: MakeJob) -> None:
    detect = make_job()
    track = make_job(detect, kind=JobKind.TRACK)
    job_fail(claim=claimed(detect), code="x", problem="no luck")
    with pytest.raises(Conflict, match=rf"waits for job {detect.pk} \(detect c001\).*Retry that one"):
        job_retry(job=track, actor=manager)


@pytest.mark.parametrize("state", [S.QUEUED, S.RUNNING, S.SUCCEEDED])
def test_there_is_nothing_to_retry_unless_it_went_wrong(manager: User, make_job: MakeJob, state: S) -> None:
    job = make_job()
    Job.objects.filter(pk=job.pk).update(state=state)
    with pytest.raises(Conflict, match=f"is {state}; there is nothing to retry"):
        job_retry(job=job, actor=manager)


def test_a_cancelled_job_that_is_retried_is_no_longer_to_be_cancelled(manager: User, make_job: MakeJob) -> None:
    job = make_job()
    job_cancel(job=job, actor=manager)
    job_retry(job=job, actor=manager)
    assert not job_pulse(claim=claimed(job)).cancel


@pytest.mark.parametrize("ask", [job_cancel, job_retry], ids=["cancel", "retry"])
@pytest.mark.parametrize(
    ("name", "creator", "refusal"),
    [
        ("manager", None, None),
        ("analyst", "analyst", None),
        ("analyst", "manager", Refused),
        ("viewer", "viewer", Refused),
        ("stranger", "stranger", NotFound),
    ],
)
def test_managers_of_the_scene_and_the_analyst_who_made_a_job_may_ask(
    make_job: MakeJob, ask: Callable[..., Job], name: str, creator: str | None, refusal: type[Problem] | None
) -> None:
    job = make_job(created_by=creator and User.objects.get(username=creator))
    if ask is job_retry:
        job_fail(claim=claimed(job), code="x", problem="no luck")
    before = states(job)
    actor = User.objects.get(username=name)
    if refusal is None:
        ask(job=job, actor=actor)
        assert states(job) != before
    else:
        with pytest.raises(refusal):
            ask(job=job, actor=actor)
        assert states(job) == before
