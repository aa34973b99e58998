from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, Throttled, ValidationError

from backend.config.problems import BadInput, Conflict, problem_response


def answer(error: Exception) -> Any:
    response = problem_response(error, {})
    assert response is not None
    return response


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Conflict("stale-version", "Somebody was first."), 409, "stale-version"),
        (BadInput("slug", "It is taken."), 400, "invalid"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "permission-denied"),
        (NotAuthenticated(), 401, "not-authenticated"),
        (Throttled(30), 429, "throttled"),
        (OperationalError("server closed the connection"), 503, "database-unreachable"),
    ],
)
def test_expected_errors_become_problems(error: Exception, status: int, code: str) -> None:
    response = answer(error)
    assert (response.status_code, response.data["status"], response.data["code"]) == (status, status, code)
    assert response.data["type"] == f"urn:crosstrack:problem:{code}"
    assert response.content_type == "application/problem+json"


def test_a_bug_is_not_dressed_up_as_a_problem() -> None:
    assert problem_response(ZeroDivisionError(), {}) is None


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        ({"name": ["Too long."]}, {"name": ["Too long."]}),
        ({"box": {"x1": ["No number."]}}, {"box.x1": ["No number."]}),
        ({"boxes": [{}, {"x1": ["No number."]}]}, {"boxes.1.x1": ["No number."]}),
        (["Nothing sent."], {"request": ["Nothing sent."]}),
    ],
)
def test_validation_errors_name_their_fields(detail: Any, fields: dict[str, list[str]]) -> None:
    assert answer(ValidationError(detail)).data["fields"] == fields


def test_waiting_times_are_told_in_the_header() -> None:
    assert answer(Throttled(30)).headers["Retry-After"] == "30"
