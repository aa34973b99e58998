"""What a handler can do through its context, and what the context refuses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from backend.jobs.models import Job, JobState
from backend.jobs.services import Claim, job_give_back, job_succeed
from backend.scenes.models import Scene
from tests.unit.workers.conftest import ClaimJob, row
from workers.context import JobCancelled, JobContext


def test_progress_is_written_at_once_then_seldom_and_at_the_end(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    seen = []
    for done in (1, 2, 3, 10):
        context.progress(done, 10, "frames")
        seen.append(row(claim).done)
    assert seen == [1, 1, 1, 10]


def test_progress_stops_a_handler_whose_job_is_to_be_cancelled(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    Job.objects.filter(pk=claim.job_id).update(cancel_requested_at=row(claim).created_at)
    with pytest.raises(JobCancelled):
        context.progress(1, 10, "frames")


def test_results_and_success_are_seen_together(claim_job: ClaimJob) -> None:
    claim = claim_job()
    with JobContext(claim).publish():
        Scene.objects.create(slug="a", name="a result")
        assert row(claim).state == JobState.RUNNING
    assert row(claim).state == JobState.SUCCEEDED
    assert Scene.objects.filter(slug="a").exists()


def test_nothing_is_published_if_the_handler_fails_in_the_middle(claim_job: ClaimJob) -> None:
    claim = claim_job()
    with pytest.raises(IntegrityError), JobContext(claim).publish():
        _write_half()
    assert not Scene.objects.filter(slug="a").exists()
    assert row(claim).state == JobState.RUNNING


def test_a_worker_that_lost_its_job_publishes_nothing(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    with pytest.raises(JobCancelled), context.publish():
        _write_and_lose(claim)
    assert not Scene.objects.filter(slug="a").exists()
    job_give_back(claim=claim, reason="it went silent", blame=True)
    with pytest.raises(JobCancelled), context.publish():
        Scene.objects.create(slug="b", name="never begun")
    assert not Scene.objects.filter(slug="b").exists()


def _write_half() -> None:
    Scene.objects.create(slug="a", name="half a result")
    Scene.objects.create(slug="a", name="a slug is unique")


def _write_and_lose(claim: Claim) -> None:
    Scene.objects.create(slug="a", name="too late")
    Job.objects.filter(pk=claim.job_id).update(state=JobState.QUEUED)


def test_a_handler_publishes_once_and_may_speak_afterwards(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    with context.publish():
        pass
    context.progress(1, 2, "frames")
    context.log("all is written")
    assert row(claim).lines.filter(message="all is written").exists()
    with pytest.raises(RuntimeError, match="published before"), context.publish():
        pass


def test_log_lines_of_a_transaction_share_its_fate(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    with transaction.atomic():
        context.log("undone", "warning")
        transaction.set_rollback(True)
    context.log("done", "warning")
    assert list(row(claim).lines.filter(level="warning").values_list("message", flat=True)) == ["done"]


def test_a_job_that_is_not_ours_has_no_context(claim_job: ClaimJob) -> None:
    claim = claim_job()
    job_give_back(claim=claim, reason="it went silent", blame=True)
    with pytest.raises(JobCancelled):
        JobContext(claim)


def test_a_commit_that_happened_before_the_connection_broke_is_recognised(claim_job: ClaimJob) -> None:
    claim = claim_job()
    context = JobContext(claim)
    job_succeed(claim=claim)
    context.reload()
    assert context.published
