from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.standing import standing
from tests.unit.backend.review.town import Town, build_town


@pytest.fixture(scope="module")
def built_town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    with standing(lambda: build_town("constrained"), django_db_blocker) as made:
        yield made
