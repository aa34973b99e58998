"""`Idempotency-Key`: a write that is sent twice happens once, and both get the same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from backend.config.models import AnsweredRequest
from backend.config.problems import BadInput, Problem
from backend.config.views import person

KEPT_FOR = timedelta(days=1)
LONGEST_KEY = 120


def answered_once(request: Request, answer: Callable[[], Response]) -> Response:
    """`answer()`, or what it answered when this key came first. Without a key, just `answer()`.

    The key's row and the write are one transaction: of two requests at once, the second waits for the first.
    Raises Problem idempotency-key-reused (422) if the key came before with another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return answer()
    if len(key) > LONGEST_KEY or "\x00" in key:
        raise BadInput("Idempotency-Key", f"Use at most {LONGEST_KEY} characters.")
    with transaction.atomic():
        return _answered(request, key, answer)


def _answered(request: Request, key: str, answer: Callable[[], Response]) -> Response:
    # Rows that another request is deleting are left to it: to wait for them would be to wait for its whole write.
    old = AnsweredRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by()
    AnsweredRequest.objects.filter(pk__in=old.select_for_update(skip_locked=True).values("pk")).delete()
    digest = _digest(request)
    row, is_first = AnsweredRequest.objects.get_or_create(user=person(request), key=key, defaults={"digest": digest})
    if not is_first:
        return _repeated(row, digest)
    response = answer()
    row.status, row.body = response.status_code, response.data
    row.save(update_fields=["status", "body"])
    return response


def _repeated(row: AnsweredRequest, digest: str) -> Response:
    if row.digest != digest:
        raise key_reused()
    return Response(row.body, status=row.status, headers={"Idempotent-Replay": "true"})


def _digest(request: Request) -> str:
    content = json.dumps([request.method, request.path, request.data], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def key_reused() -> Problem:
    """What a key is answered with that came before with another request."""
    return Problem(
        "idempotency-key-reused",
        "This Idempotency-Key came before with another request; use a new key for a new request.",
        status=422,
    )
