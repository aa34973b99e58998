"""Errors as problem+json (RFC 9457): a code for programs, a sentence for people, and the fields it is about."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

if TYPE_CHECKING:
    from rest_framework.response import Response

logger = structlog.get_logger(__name__)

PROBLEM_TYPE = "application/problem+json"


class Problem(Exception):
    """An expected refusal. `extra` adds members to the answer, `fields` names the inputs that are wrong."""

    status = 400

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int | None = None,
        fields: Mapping[str, list[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status or type(self).status
        self.fields = dict(fields) if fields else None
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class NotFound(Problem):
    """There is no such thing, or the asker may not know that there is."""

    status = 404

    def __init__(self, what: str) -> None:
        super().__init__("not-found", f"There is no such {what}, or you may not see it.")


class Refused(Problem):
    """The asker is known and the thing visible, but their role does not allow this."""

    status = 403


class Conflict(Problem):
    """The state of things does not allow this now."""

    status = 409


class BadInput(Problem):
    """One named input is wrong."""

    def __init__(self, field: str, detail: str, *, code: str = "invalid") -> None:
        super().__init__(code, detail, fields={field: [detail]})


def problem_body(problem: Problem) -> dict[str, Any]:
    """The members of the answer, in the order that RFC 9457 lists them."""
    body: dict[str, Any] = {
        "type": f"urn:crosstrack:problem:{problem.code}",
        "title": _title(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
    }
    if problem.fields is not None:
        body["fields"] = problem.fields
    return body | problem.extra


def _title(status: int) -> str:
    """HTTP's phrase; a protocol's own status has none there."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Refused"


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Django REST framework's exception handler: every expected error as problem+json, bugs left to Django."""
    # Services raise problems too; a worker that runs them needs no views, and views import this module.
    from rest_framework.response import Response
    from rest_framework.views import set_rollback

    problem = _as_problem(error)
    if problem is None:
        return None
    set_rollback()
    headers = _headers(error)
    return Response(problem_body(problem), status=problem.status, headers=headers, content_type=PROBLEM_TYPE)


def plain_problem_response(problem: Problem) -> JsonResponse:
    """The same answer for views outside of Django REST framework."""
    return JsonResponse(problem_body(problem), status=problem.status, content_type=PROBLEM_TYPE)


def _as_problem(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Problem("not-found", "There is nothing at this address.", status=404)
    if isinstance(error, PermissionDenied):
        return Refused("permission-denied", str(error) or "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return Problem("request-too-large", "This request is too large; send less at once.", status=413)
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    if isinstance(error, OperationalError | InterfaceError):
        logger.error("the database does not answer", error=str(error))
        return _database_away()
    return None


def _database_away() -> Problem:
    detail = "The database does not answer at the moment; nothing was changed. Try again in a few seconds."
    return Problem("database-unreachable", detail, status=503, headers={"Retry-After": "5"})


def _from_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        fields = _flat(error.detail)
        sentence = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in fields.items())
        return Problem("invalid", sentence, fields=fields)
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    if str(error.detail).startswith("CSRF Failed"):
        code = "csrf-failed"
    return Problem(code.replace("_", "-"), str(error.detail), status=error.status_code)


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """{"items.0.name": ["sentence"]} from the framework's nested lists and dictionaries."""
    if isinstance(detail, Mapping):
        parts = [_flat(value, f"{path}.{key}" if path else str(key)) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, Mapping) for item in detail):
        parts = [_flat(item, f"{path}.{index}" if path else str(index)) for index, item in enumerate(detail) if item]
    else:
        texts = detail if isinstance(detail, list) else [detail]
        return {path or "request": [str(text) for text in texts]}
    return {name: texts for part in parts for name, texts in part.items()}


def _headers(error: Exception) -> dict[str, str]:
    headers = dict(error.headers) if isinstance(error, Problem) else {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = f"{error.wait:.0f}"  # type: ignore[attr-defined]
    return headers


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for bugs: a problem for programs, a sentence for people; the trace is in the log."""
    problem = Problem(
        "server-error", "Something broke on the server; it was logged. Try again, or tell us.", status=500
    )
    return _problem_or_sentence(request, problem)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for requests that no view may see, such as one for another site's host name."""
    detail = "This request is not one that a browser or a program of this site sends."
    if isinstance(exception, DisallowedHost):
        detail = "The site does not answer to this host name; its operator sets those it answers to in ALLOWED_HOSTS."
    return _problem_or_sentence(request, Problem("bad-request", detail))


def _problem_or_sentence(request: HttpRequest, problem: Problem) -> HttpResponse:
    if request.path.startswith("/api/"):
        return plain_problem_response(problem)
    return HttpResponse(problem.detail, status=problem.status, content_type="text/plain")


@csrf_exempt
def api_not_found(request: HttpRequest) -> JsonResponse:
    """Any address under /api that no view answers."""
    return plain_problem_response(Problem("not-found", f"There is nothing at {request.path}.", status=404))
