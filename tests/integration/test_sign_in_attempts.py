"""Tries to sign in are counted in the database, whoever looks at them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from backend.accounts.attempts import attempt_note
from backend.accounts.models import SignInAttempt

MOST, SECONDS = 4, 60.0


def later(seconds: float) -> None:
    """What has happened was so much longer ago."""
    SignInAttempt.objects.update(at=F("at") - timedelta(seconds=seconds))


@pytest.mark.django_db(transaction=True)
def test_tries_at_one_moment_by_several_connections_are_all_counted() -> None:
    def attempt(_: int) -> int:
        try:
            return len(attempt_note(key="somebody", most=MOST, seconds=SECONDS))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        before = sorted(pool.map(attempt, range(8)))
    assert before == [0, 1, 2, 3, 4, 4, 4, 4]


@pytest.mark.django_db
def test_each_key_has_its_own_count_and_none_is_readable() -> None:
    attempt_note(key="somebody", most=MOST, seconds=SECONDS)
    assert attempt_note(key="somebody else \ud800", most=MOST, seconds=SECONDS) == []
    assert not SignInAttempt.objects.filter(key__contains="somebody").exists()


@pytest.mark.django_db
def test_ages_are_told_newest_first_and_what_is_over_is_forgotten() -> None:
    attempt_note(key="somebody", most=MOST, seconds=SECONDS)
    later(20.0)
    attempt_note(key="somebody", most=MOST, seconds=SECONDS)
    later(5.0)
    ages = attempt_note(key="somebody", most=MOST, seconds=SECONDS)
    newest, oldest = ages
    assert newest >= 5.0
    assert oldest >= newest + 20.0
    later(36.0)
    assert len(attempt_note(key="somebody", most=MOST, seconds=SECONDS)) == 2
    assert SignInAttempt.objects.count() == 3


@pytest.mark.django_db
def test_a_try_that_may_not_go_on_does_not_make_the_wait_longer() -> None:
    for _ in range(MOST + 3):
        attempt_note(key="somebody", most=MOST, seconds=SECONDS)
    assert SignInAttempt.objects.count() == MOST
