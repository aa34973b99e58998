"""What tests of the web share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.world import World


@pytest.fixture
def world(world: World) -> Iterator[World]:
    """A scene with a finished run and people of every role; nothing is remembered of another test."""
    cache.clear()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    yield world
    cache.clear()
