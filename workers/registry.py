"""Which module does which kind of job: its `run(context)` is called in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from django.conf import settings

from workers.context import JobContext

Handler = Callable[[JobContext], None]


def handler_for(kind: str) -> Handler:
    """The handler of a kind of job; only its own module is imported. Raises KeyError for an unknown kind."""
    return cast(Handler, import_module(settings.JOB_HANDLERS[kind]).run)
