"""Decisions, while the web server is killed and the database crashes: what was answered as stored is stored, once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from backend.accounts.services import token_create
from backend.config.embedded import postgres
from backend.review.models import Operation, Verdict
from tests.integration.faults.waiting import LONG
from tests.ports import free_port
from tests.services import environment, wait_for
from tests.world import World, build_world

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]

ANSWER_S = 60.0
LATEST_KILL_S = 0.12  # after a decision is sent: before it arrives, while it is stored, after its answer has left


class WebServer:
    """The site's web process on the test's database; killed and started again at will."""

    def __init__(self, log: Path) -> None:
        self.log, self.port = log, free_port()
        self.start()

    def start(self) -> None:
        command = [
            "-m",
            "uvicorn",
            "backend.config.asgi:application",
            "--port",
            str(self.port),
            "--log-level",
            "warning",
        ]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command], env={**os.environ, **environment()}, cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """kill -9, as the kernel would."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def world(transactional_db: None, tmp_path: Path) -> World:
    return build_world(tmp_path)


@pytest.fixture
def web(world: World, tmp_path: Path) -> Iterator[WebServer]:
    server = WebServer(tmp_path / "web.log")
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("decisions", "faults"), [(24, 4), pytest.param(500, 50, marks=pytest.mark.soak)], ids=["short", "full"]
)
def test_no_decision_that_was_answered_as_stored_is_lost_or_stored_twice(
    world: World, web: WebServer, decisions: int, faults: int
) -> None:
    """As the page does it: one decision after the other, each under its key until it is answered as stored."""
    _, secret = token_create(user=world.people["analyst"], name="script")
    chance = random.Random(decisions)
    struck = {n: ("web", "database")[n % 2] for n in chance.sample(range(decisions), faults)}
    stored: dict[str, int] = {}
    with ThreadPoolExecutor(1) as tab:
        for number in range(decisions):
            key = f"decision-{number}"
            answer = tab.submit(_until_stored, web.port, secret, world, key, number)
            if number in struck:
                time.sleep(chance.uniform(0.0, LATEST_KILL_S))
                _strike(web, struck[number])
            stored[key] = answer.result(LONG + ANSWER_S)
    kept = dict(Operation.objects.filter(request__in=stored).values_list("request", "id"))
    assert kept == stored
    assert list(Operation.objects.order_by("number").values_list("number", flat=True)) == [*range(1, decisions + 1)]
    assert Verdict.objects.count() == decisions


def _strike(web: WebServer, what: str) -> None:
    if what == "web":
        web.kill()
        web.start()
    else:
        postgres.stop(settings.DATA_DIR, mode="immediate")
        postgres.start(settings.DATA_DIR)
        connection.close()
        # This process' own pool would go on trying to mend what broke, at longer and longer intervals.
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


def _until_stored(port: int, secret: str, world: World, key: str, number: int) -> int:
    """Send the decision until it is stored; returns its operation (id)."""
    left, right = world.tracklets[number % 2].pk, world.tracklets[2].pk
    body = {"left": left, "right": right, "verdict": ("same", "different", "cannot_tell")[number % 3]}
    path = f"/api/v1/scenes/{world.scene.pk}/verdicts"
    return int(wait_for(lambda: _sent(port, secret, path, key, body), seconds=LONG, what=f"{key} to be stored"))


def _sent(port: int, secret: str, path: str, key: str, body: dict[str, Any]) -> int | None:
    """The operation's id, None where nobody answers; what is refused fails the test."""
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key, "Content-Type": "application/json"}
    site = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
    try:
        site.request("POST", path, json.dumps(body), headers)
        answer = site.getresponse()
        content = answer.read()
    except (OSError, HTTPException):
        return None
    finally:
        site.close()
    assert answer.status == 201 or answer.status >= 500, content
    return int(json.loads(content)["operation"]["id"]) if answer.status == 201 else None
