"""Requests that arrive at the same moment, and bugs that must not show."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from backend.jobs.models import Job
from backend.scenes.models import Scene
from backend.tracking.models import Run
from tests.world import World, build_world


def at_once(count: int, ask: Callable[[int], Any]) -> list[Any]:
    """What `count` threads were answered, all let go at the same moment."""
    barrier = Barrier(count)

    def one(number: int) -> Any:
        barrier.wait()
        try:
            return ask(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


@pytest.fixture
def shared_world(transactional_db: None, tmp_path: Path) -> World:
    """A world that other threads see too."""
    return build_world(tmp_path)


def test_one_key_sent_by_four_threads_starts_one_run(shared_world: World) -> None:
    clients = [shared_world.client("manager") for _ in range(4)]
    url, body = f"/api/v1/scenes/{shared_world.scene.pk}/runs", {"preset": "cpu-light"}

    def start(number: int) -> Any:
        headers = {"Idempotency-Key": "one"}
        return clients[number].post(url, body, content_type="application/json", headers=headers)

    answers = at_once(4, start)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Run.objects.count() == 2


def test_runs_started_at_once_get_numbers_of_their_own(shared_world: World) -> None:
    clients = [shared_world.client("manager") for _ in range(4)]
    url, body = f"/api/v1/scenes/{shared_world.scene.pk}/runs", {"preset": "cpu-light"}
    answers = at_once(4, lambda number: clients[number].post(url, body, content_type="application/json"))
    assert sorted(answer.json()["number"] for answer in answers) == [2, 3, 4, 5]
    assert Job.objects.count() == 5 * 8


def test_of_two_changes_on_one_version_one_wins(shared_world: World) -> None:
    clients = [shared_world.client("manager") for _ in range(2)]
    url = f"/api/v1/scenes/{shared_world.scene.pk}"
    tag = clients[0].get(url)["ETag"]

    def rename(number: int) -> Any:
        body, headers = {"name": f"Name {number}"}, {"If-Match": tag}
        return clients[number].patch(url, body, content_type="application/json", headers=headers)

    answers = at_once(2, rename)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    winner = next(answer.json()["name"] for answer in answers if answer.status_code == 200)
    assert Scene.objects.get().name == winner


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a secret detail")


urlpatterns = [path("api/v1/broken", broken), path("broken", broken)]
handler500 = "backend.config.problems.server_error"


@pytest.mark.urls(__name__)
def test_a_bug_answers_with_a_problem_and_keeps_its_details() -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/broken")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["code"] == "server-error"
    for page in (answer, client.get("/broken")):
        assert "secret" not in page.content.decode()
