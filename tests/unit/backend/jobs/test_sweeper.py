"""Sweeping: silent jobs are taken back, lost messages sent again, and jobs that merely wait are left alone."""

from __future__ import annotations

import time
from typing import Any

import psutil
import psycopg
import pytest
from django.conf import settings
from django.db import connection

from backend.config.embedded import postgres, valkey
from backend.jobs.dispatch import CONNECT_SECONDS, jobs_send, queue_lengths
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_pulse, job_succeed
from backend.jobs.sweeper import SWEEP_LOCK, Swept, sweep
from tests.unit.backend.jobs.conftest import MakeJob, aged, claimed, states


@pytest.fixture(autouse=True)
def _times(settings: Any) -> None:
    # Shorter than the test's database server has been up: a young one proves nothing about silence.
    settings.JOB_SILENT_SECONDS = 0.2
    settings.JOB_RESEND_SECONDS = 15.0


def waiting(queue: str = "infer") -> int:
    """How many messages wait in the broker."""
    lengths = queue_lengths([queue])
    assert lengths is not None
    return lengths[queue]


def test_a_silent_job_is_queued_and_sent_again(broker: str, make_job: MakeJob) -> None:
    job = make_job()
    claim = claimed(job)
    aged(job, heartbeat_at=60)
    assert sweep() == Swept(taken_back=1, sent=1)
    assert states(job) == [JobState.QUEUED]
    assert not job_pulse(claim=claim).owned
    assert waiting() == 1
    assert job.lines.filter(message="queued again because its worker w has gone silent").exists()


def test_a_job_whose_worker_lives_is_left_alone(broker: str, make_job: MakeJob) -> None:
    job = make_job()
    claimed(job)
    aged(job, heartbeat_at=-60, started_at=3600, progress_at=3600)
    assert sweep() == Swept()
    assert states(job) == [JobState.RUNNING]


def test_silence_proves_nothing_just_after_the_database_was_away(broker: str, make_job: MakeJob, settings: Any) -> None:
    job = make_job()
    claimed(job)
    aged(job, heartbeat_at=60)
    assert sweep(blind_until_s=1.0) == Swept()
    settings.JOB_SILENT_SECONDS = 1_000_000.0  # longer than the server has been up
    aged(job, heartbeat_at=2_000_000)
    assert sweep() == Swept()
    assert states(job) == [JobState.RUNNING]


def test_a_job_that_was_never_sent_is_sent(broker: str, make_job: MakeJob) -> None:
    job = make_job()
    assert sweep() == Swept(sent=1)
    job.refresh_from_db()
    assert job.sent_at is not None
    assert waiting() == 1
    assert sweep() == Swept()


def test_a_dependent_whose_turn_nobody_announced_is_sent(broker: str, make_job: MakeJob) -> None:
    first = make_job()
    second = make_job(first, kind=JobKind.MATCH)
    assert sweep() == Swept(sent=1)
    job_succeed(claim=claimed(first))
    assert sweep() == Swept(sent=1)
    assert waiting("default") == 1
    assert states(second) == [JobState.QUEUED]


def test_messages_lost_with_the_brokers_memory_are_sent_again(broker: str, make_job: MakeJob) -> None:
    jobs = [make_job() for _ in range(3)]
    jobs_send([job.pk for job in jobs])
    valkey.stop(settings.DATA_DIR)
    valkey.start(settings.DATA_DIR)
    for job in jobs:
        aged(job, sent_at=16)
    assert sweep() == Swept(sent=3)
    assert waiting() == 3


def test_jobs_in_a_long_queue_are_not_sent_twice(broker: str, make_job: MakeJob) -> None:
    jobs = [make_job() for _ in range(4)]
    jobs_send([job.pk for job in jobs])
    for job in jobs:
        aged(job, sent_at=3600)
    assert sweep() == Swept()
    assert waiting() == 4


def test_of_a_queue_that_lost_some_as_many_are_sent_as_are_missing(broker: str, make_job: MakeJob) -> None:
    jobs = [make_job() for _ in range(4)]
    jobs_send([job.pk for job in jobs[:3]])
    Job.objects.filter(pk=jobs[3].pk).update(sent_at=jobs[3].created_at)
    for age, job in enumerate(jobs, start=60):
        aged(job, sent_at=age)
    assert sweep() == Swept(sent=1)
    assert waiting() == 4


def test_a_sweep_without_broker_still_takes_silent_jobs_back(broker: str, make_job: MakeJob) -> None:
    job = make_job()
    claimed(job)
    aged(job, heartbeat_at=60)
    valkey.stop(settings.DATA_DIR)
    assert sweep() == Swept(taken_back=1)
    assert states(job) == [JobState.QUEUED]


def test_two_sweeps_at_once_are_one(broker: str, make_job: MakeJob) -> None:
    make_job()
    name, host = connection.settings_dict["NAME"], str(postgres.socket_folder(settings.DATA_DIR))
    with psycopg.connect(dbname=name, host=host, user="postgres") as other:
        other.execute("select pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
        assert sweep() == Swept()
    assert sweep() == Swept(sent=1)


def test_sending_to_a_broker_that_is_down_sends_nothing_and_does_not_fail(broker: str, make_job: MakeJob) -> None:
    jobs = [make_job() for _ in range(2)]
    valkey.stop(settings.DATA_DIR)
    assert [jobs_send([job.pk]) for job in jobs] == [0, 0]


def test_a_broker_that_hangs_does_not_delay_every_one_of_many_jobs(broker: str, make_job: MakeJob) -> None:
    jobs = [make_job() for _ in range(20)]
    process = psutil.Process(int((settings.DATA_DIR / "run" / "valkey.pid").read_text()))
    process.suspend()
    try:
        started = time.monotonic()
        assert not any(jobs_send([job.pk]) for job in jobs)
        assert time.monotonic() - started < len(jobs) * CONNECT_SECONDS
    finally:
        process.resume()
    assert not Job.objects.filter(sent_at__isnull=False).exists()
