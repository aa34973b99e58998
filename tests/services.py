"""The test session's own PostgreSQL and Valkey, in its temporary data folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from backend.config.embedded import postgres, valkey

Found = TypeVar("Found")

PATIENCE = 60.0  # a machine that is busy with other tests is slow, not wrong


def wait_for(condition: Callable[[], Found | None], *, seconds: float = PATIENCE, what: str = "") -> Found:
    """What `condition` returns once it is true. Fails the test if that takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what or condition.__name__}")
        time.sleep(0.05)
    return found


def stop_all() -> None:
    """Stop both services, if they run."""
    for service in (valkey, postgres):
        with suppress(OSError, RuntimeError):
            service.stop(settings.DATA_DIR)


def environment() -> dict[str, str]:
    """The environment of a process that shall see the test's database, broker and files."""
    host = quote(str(postgres.socket_folder(settings.DATA_DIR)), safe="")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "backend.config.settings",
        "DATABASE_URL": f"postgresql://postgres@/{connection.settings_dict['NAME']}?host={host}",
        "BROKER_URL": settings.BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
    }
