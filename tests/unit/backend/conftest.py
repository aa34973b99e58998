"""The town of the review tests, for all who look at what people see."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest
from pytest_django import DjangoDbBlocker

from tests.standing import standing
from tests.unit.backend.review.town import Town, build_town


@pytest.fixture(scope="module")
def built_town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """What each test of a module finds as `town`, as it was built."""
    with standing(build_town, django_db_blocker) as made:
        yield made


@pytest.fixture
def town(built_town: Town, db: None) -> Town:
    return deepcopy(built_town)
