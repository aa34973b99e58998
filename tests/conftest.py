"""Fixtures for all tests: a real PostgreSQL and a real broker, started when the first test needs them.

`tests/settings.py` has already chosen the session's data folder; nothing outside it is used.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as laws
from pytest_django import DjangoDbBlocker

from backend.config.embedded import postgres, valkey
from tests import services
from tests.standing import end_all, standing
from tests.world import World, build_world

# A law is tried on the same examples each time, however slow the machine: fewer in `make check`. `make soak` looks for
# new ones.
laws.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
laws.register_profile("quick", laws.get_profile("repeatable"), max_examples=25)
laws.register_profile("searching", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
laws.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Schemathesis gives all operations of a test one id, and processes side by side would run only one of them."""
    for item in items:
        if operation := getattr(item, "operation_label", None):
            item._id = replace(item._id, params=operation)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """What takes minutes comes first, so that no process is alone with it at the end; else as pytest-django has it."""
    if "e2e" in item.path.parts:
        return 0
    has_rows = item.get_closest_marker("django_db") or {"db", "transactional_db"} & _fixtures(item)
    return 1 if item.get_closest_marker("slow") and not has_rows else 2


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that commits finds nothing standing; pytest-django runs those after the module's other tests."""
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in _fixtures(item) or (marker and marker.kwargs.get("transaction")):
        end_all()


def pytest_unconfigure() -> None:
    if settings.configured:
        services.stop_all()
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> None:
    """The session's PostgreSQL, running."""
    postgres.start(settings.DATA_DIR)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None) -> None:
    """Django's test database lies on the session's server."""


@pytest.fixture(scope="module")
def built_world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """What each test of a module finds as `world`, as it was built."""
    with standing(lambda: build_world(tmp_path_factory.mktemp("world")), django_db_blocker) as made:
        yield made


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """A scene with a finished run and people of every role."""
    return deepcopy(built_world)


@pytest.fixture
def broker() -> Iterator[str]:
    """The session's broker, running and empty; its URL."""
    import redis

    valkey.start(settings.DATA_DIR)
    client = redis.Redis(unix_socket_path=str(valkey.socket_path(settings.DATA_DIR)))
    client.flushall()
    yield settings.BROKER_URL
    client.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data sets beside the checkout; tests that need them skip where they are absent."""
    folder = Path(settings.BASE_DIR).parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no data sets beside the checkout ({folder.parent.name}/data)")
    return folder


@pytest.fixture(scope="session")
def stage_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where stage results of the whole demo scene are kept, so that the tests compute them once between them.

    One folder for all processes of a session that runs side by side.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "stage-cache"
    folder.mkdir(exist_ok=True)
    return folder
