"""Owning a job: once, visibly, and not a moment longer than it lasts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from backend.jobs.errors import JobLost
from backend.jobs.models import Job, JobState
from backend.jobs.services import (
    Claim,
    job_checkpoint,
    job_claim,
    job_error,
    job_fail,
    job_give_back,
    job_heartbeat,
    job_progress,
    job_pulse,
    job_stopped,
    job_succeed,
)
from backend.tracking.models import Run, RunState
from tests.unit.backend.jobs.conftest import MakeJob, aged, claimed, states


def test_a_job_is_claimed_once(make_job: MakeJob) -> None:
    job = make_job()
    assert job_claim(job_id=job.pk, worker="a") is not None
    assert job_claim(job_id=job.pk, worker="b") is None
    job.refresh_from_db()
    assert (job.state, job.worker, job.attempt) == (JobState.RUNNING, "a", 1)
    assert job.started_at == job.heartbeat_at == job.progress_at


def test_a_job_that_waits_for_another_cannot_be_claimed(make_job: MakeJob) -> None:
    first = make_job()
    second = make_job(first)
    assert job_claim(job_id=second.pk, worker="a") is None
    job_succeed(claim=claimed(first))
    assert job_claim(job_id=second.pk, worker="a") is not None


def test_a_job_that_is_gone_cannot_be_claimed(make_job: MakeJob) -> None:
    job = make_job()
    number = job.pk
    job.delete()
    assert job_claim(job_id=number, worker="a") is None


def test_the_first_claim_starts_the_run(run: Run, make_job: MakeJob) -> None:
    job = make_job()
    assert run.state == RunState.QUEUED
    claimed(job)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    assert run.started_at is not None


@pytest.mark.parametrize(
    "write",
    [
        lambda claim: job_progress(claim=claim, done=1, total=2, unit="frames"),
        lambda claim: job_checkpoint(claim=claim, data={"next": 1}),
        lambda claim: job_succeed(claim=claim),
        lambda claim: job_fail(claim=claim, code="x", problem="y"),
        lambda claim: job_error(claim=claim, problem="y", trace="z"),
        lambda claim: job_stopped(claim=claim),
        lambda claim: job_give_back(claim=claim, reason="x", blame=True),
    ],
    ids=["progress", "checkpoint", "succeed", "fail", "error", "stopped", "give back"],
)
def test_a_worker_that_lost_its_job_cannot_write(make_job: MakeJob, write: Callable[[Any], object]) -> None:
    job = make_job()
    old = claimed(job, "old")
    job_give_back(claim=old, reason="it went silent", blame=True)
    new = claimed(job, "new")
    before = Job.objects.filter(pk=job.pk).values().get()
    with pytest.raises(JobLost):
        write(old)
    job_heartbeat(claim=old)
    assert Job.objects.filter(pk=job.pk).values().get() == before
    assert not job_pulse(claim=old).owned
    assert job_pulse(claim=new).owned


def test_nobody_owns_a_finished_job(make_job: MakeJob) -> None:
    claim = claimed(make_job())
    job_succeed(claim=claim)
    assert not job_pulse(claim=claim).owned
    with pytest.raises(JobLost):
        job_succeed(claim=claim)


def test_a_made_up_claim_owns_nothing(make_job: MakeJob) -> None:
    job = make_job()
    claimed(job)
    assert not job_pulse(claim=Claim(job.pk, uuid.uuid4())).owned


def test_heartbeat_and_progress_are_two_clocks(make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    aged(job, heartbeat_at=100, progress_at=100)
    job_heartbeat(claim=claim)
    assert job_pulse(claim=claim).idle_s >= 100
    job_progress(claim=claim, done=5, total=10, unit="frames")
    assert job_pulse(claim=claim).idle_s < 5
    job.refresh_from_db()
    assert (job.done, job.total, job.unit) == (5, 10, "frames")


def test_a_checkpoint_is_there_for_the_next_attempt(make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    job_checkpoint(claim=claim, data={"next": 7})
    job_give_back(claim=claim, reason="it died", blame=True)
    claimed(job)
    job.refresh_from_db()
    assert (job.attempt, job.checkpoint, states(job)) == (2, {"next": 7}, [JobState.RUNNING])
