"""Cursor pages by key: stable while rows come and go, and as fast on page 1,000 as on page 1."""

from __future__ import annotations

import base64
import binascii
import json
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, Model, Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from backend.config.problems import BadInput

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items and the cursors of the pages beside them (None at an end)."""

    items: list[Item]
    next: str | None
    previous: str | None


class PageQuery(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, help_text="from `next` or `previous` of another page")
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=LARGEST_PAGE)


def page_of(rows: QuerySet[Row], *, ordering: Sequence[str], limit: int, cursor: str | None = None) -> Page[Row]:
    """The page at `cursor`. `ordering` names non-null columns, the last of them unique; "-" in front descends."""
    backwards, key = _decoded(cursor, len(ordering)) if cursor else (False, None)
    effective = [_flipped(name) for name in ordering] if backwards else list(ordering)
    selected = rows.order_by(*effective)
    if key is not None:
        selected = _after(selected, effective, key)
    found = list(selected[: limit + 1])
    more, items = len(found) > limit, found[:limit]
    if backwards:
        items.reverse()
    has_next, has_previous = (key is not None, more) if backwards else (more, key is not None)
    return Page(
        items=items,
        next=_encoded(items[-1], ordering, backwards=False) if items and has_next else None,
        previous=_encoded(items[0], ordering, backwards=True) if items and has_previous else None,
    )


def page_of_items(
    items: Iterable[Item], *, key: Callable[[Item], tuple[int, ...]], limit: int, cursor: str | None = None
) -> Page[Item]:
    """The page at `cursor` of items that are in memory, in the order of `key`, in which each has its own place."""
    ordered = sorted(items, key=key)
    keys = [key(item) for item in ordered]
    first, last = _place(cursor, keys, limit) if cursor else (0, limit)
    found = ordered[first:last]
    return Page(
        items=found,
        next=_cursor(key(found[-1]), backwards=False) if found and last < len(ordered) else None,
        previous=_cursor(key(found[0]), backwards=True) if found and first > 0 else None,
    )


def _place(cursor: str, keys: Sequence[tuple[int, ...]], limit: int) -> tuple[int, int]:
    """(first, last + 1) of the rows of the page at `cursor`."""
    if not keys:
        return 0, 0
    backwards, parts = _decoded(cursor, len(keys[0]))
    if not all(isinstance(part, int) for part in parts):
        raise _foreign_cursor()
    if backwards:
        last = bisect_left(keys, tuple(parts))
        return max(0, last - limit), last
    first = bisect_right(keys, tuple(parts))
    return first, first + limit


def page_body(page: Page[Any], request: Request, results: Any) -> dict[str, Any]:
    """{next, previous, results}, the first two as addresses on this server."""
    return {
        "next": _address(request, page.next),
        "previous": _address(request, page.previous),
        "results": results,
    }


def page_serializer(item: type[serializers.BaseSerializer[Any]]) -> type[serializers.Serializer[Any]]:
    """What a page of `item` looks like, for the OpenAPI description."""
    name = item.__name__.removesuffix("Serializer")
    fields = {
        "next": serializers.CharField(allow_null=True, help_text="address of the next page"),
        "previous": serializers.CharField(allow_null=True, help_text="address of the page before"),
        "results": item(many=True),
    }
    return type(f"{name}PageSerializer", (serializers.Serializer,), fields)


def _flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(rows: QuerySet[Row], ordering: Sequence[str], key: Sequence[Any]) -> QuerySet[Row]:
    """Rows behind `key`: (a, b) > (x, y) written out as a > x or (a = x and b > y), each way per column."""
    behind, equal = Q(), Q()
    for name, part in zip(ordering, key, strict=True):
        column = name.removeprefix("-")
        value = _value(rows, column, part)
        behind |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    try:
        return rows.filter(behind)
    except (TypeError, ValueError, OverflowError, ValidationError):
        raise _foreign_cursor() from None


def _value(rows: QuerySet[Row], column: str, part: Any) -> Any:
    """What `_part` wrote, read back: times and UUIDs travel as text."""
    if not _is_time(rows, column):
        return part
    try:
        time = datetime.fromisoformat(part)
    except (TypeError, ValueError):
        raise _foreign_cursor() from None
    if time.tzinfo is None:
        raise _foreign_cursor()
    return time


def _is_time(rows: QuerySet[Row], column: str) -> bool:
    try:
        return isinstance(rows.model._meta.get_field(column), DateTimeField)
    except FieldDoesNotExist:  # the query's own: a distance, a count
        return False


def _part(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _encoded(row: Model, ordering: Sequence[str], *, backwards: bool) -> str:
    return _cursor([_part(getattr(row, name.removeprefix("-"))) for name in ordering], backwards=backwards)


def _cursor(key: Sequence[Any], *, backwards: bool) -> str:
    return base64.urlsafe_b64encode(json.dumps([int(backwards), *key]).encode()).decode().rstrip("=")


def _decoded(cursor: str, size: int) -> tuple[bool, list[Any]]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
    except (ValueError, binascii.Error, RecursionError):
        raise _foreign_cursor() from None
    if not isinstance(parts, list) or len(parts) != size + 1 or not all(_is_key(part) for part in parts):
        raise _foreign_cursor()
    return bool(parts[0]), parts[1:]


def _is_key(part: Any) -> bool:
    if isinstance(part, int) and not isinstance(part, bool):
        return abs(part) < 2**63
    if isinstance(part, float):
        return math.isfinite(part)
    return isinstance(part, str) and _is_storable(part)


def _is_storable(text: str) -> bool:
    """Whether PostgreSQL could hold it: no zero bytes, no half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _foreign_cursor() -> BadInput:
    return BadInput("cursor", "This cursor is not from this list; start again without it.", code="bad-cursor")


def _address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = {**request.query_params.dict(), "cursor": cursor}
    return f"{request.path}?{urlencode(query)}"
