from __future__ import annotations

import json

import pytest
from rest_framework.exceptions import ValidationError

from backend.config.fields import FiniteField


@pytest.mark.parametrize("sent", ["NaN", "Infinity", "-Infinity", "1e400", "9" * 400, '"nan"'])
def test_what_json_lets_through_and_is_no_number_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError):
        FiniteField().run_validation(json.loads(sent))


def test_a_number_is_taken_as_it_is() -> None:
    assert FiniteField().run_validation(json.loads("-2.5")) == -2.5
