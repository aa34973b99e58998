"""What is ready, and who is before whom in a queue."""

from __future__ import annotations

from typing import Any

from backend.accounts.models import User
from backend.jobs.models import JobKind
from backend.jobs.selectors import job_list, jobs_depending_on, jobs_ready, queue_position, queue_positions
from backend.jobs.services import job_succeed
from tests.unit.backend.jobs.conftest import MakeJob, claimed


def test_a_job_is_ready_when_all_it_waits_for_has_succeeded(make_job: MakeJob) -> None:
    left, right = make_job(), make_job()
    both = make_job(left, right, kind=JobKind.MATCH)
    assert set(jobs_ready()) == {left, right}
    job_succeed(claim=claimed(left))
    assert set(jobs_ready()) == {right}
    job_succeed(claim=claimed(right))
    assert set(jobs_ready()) == {both}


def test_position_counts_ready_and_running_jobs_of_the_same_queue(make_job: MakeJob) -> None:
    running, first = make_job(), make_job()
    behind = make_job(first, kind=JobKind.TRACK)
    light = make_job(kind=JobKind.INGEST)
    last = make_job()
    claimed(running)
    running.refresh_from_db()
    assert [queue_position(job) for job in (running, first, behind, light, last)] == [None, 1, None, 0, 2]


def test_positions_of_a_page_of_jobs_cost_two_queries(make_job: MakeJob, django_assert_num_queries: Any) -> None:
    jobs = [make_job() for _ in range(5)]
    with django_assert_num_queries(2):
        assert queue_positions(jobs) == {job.pk: place for place, job in enumerate(jobs)}


def test_dependents_are_found_through_others_and_once(make_job: MakeJob) -> None:
    first = make_job()
    left, right = make_job(first, kind=JobKind.TRACK), make_job(first, kind=JobKind.EMBED)
    both = make_job(left, right, kind=JobKind.MATCH)
    make_job()
    assert jobs_depending_on(first) == [left, right, both]


def test_only_members_see_a_scenes_jobs(make_job: MakeJob) -> None:
    job = make_job()
    assert list(job_list(user=User.objects.get(username="viewer"))) == [job]
    assert list(job_list(user=User.objects.get(username="stranger"))) == []
