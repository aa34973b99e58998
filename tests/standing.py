"""What all tests of a module begin with, built once: it stands in a transaction around those of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from django.db import transaction
from pytest_django import DjangoDbBlocker

Made = TypeVar("Made")

_endings: list[Callable[[], None]] = []


@contextmanager
def standing(build: Callable[[], Made], blocker: DjangoDbBlocker) -> Iterator[Made]:
    """What `build` makes of rows. Afterwards, or once `end_all` was called, none of them is left."""
    with blocker.unblock(), ExitStack() as building:
        building.enter_context(rolled_back())
        made = build()
        built = building.pop_all()

    def end() -> None:
        with blocker.unblock():
            built.close()

    _endings.append(end)
    try:
        yield made
    finally:
        end_all()


def end_all() -> None:
    """Before a test that commits: what it writes must not wait for a transaction that stands open."""
    while _endings:
        _endings.pop()()


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
