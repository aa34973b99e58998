"""Edits of whole identities are about what a person saw: what somebody else changed meanwhile is told, not overrun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q

from backend.config.problems import Conflict
from backend.identities.models import Identity
from backend.identities.selectors import identities_of, members_of
from backend.review.models import Operation
from backend.review.selectors.changes import state_of
from backend.review.selectors.versions import operation_told
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import PACKED

# Identity number -> ids of its tracklets, as a person read it.
Seen = Mapping[int, Collection[int]]


def require_as_seen(*, run: Run, seen: Seen) -> None:
    """Raises Conflict identity-changed, with both versions, for one of these identities that is another one now."""
    if not seen:
        return
    now = _tracklets_by_number(run, Identity.objects.filter(scene=run.scene, number__in=seen))
    for number, tracklets in seen.items():
        if now.get(number, set()) != set(tracklets):
            raise _changed(run, number, set(tracklets), now.get(number, set()))


def _changed(run: Run, number: int, seen: set[int], now: set[int]) -> Conflict:
    held = identities_of(run=run, tracklet_ids=seen | now)
    current = _tracklets_by_number(run, Identity.objects.filter(pk__in=set(held.values())))
    rows = _rows(run, seen.union(*current.values()))
    later = _newest_about(run, seen ^ now)
    who = "" if later is None else f" {later.actor} did that (operation {later.number})."
    return Conflict(
        "identity-changed",
        f"Identity {number} has been changed since you saw it.{who}",
        extra={
            "yours": _told(number, seen, rows),
            "current": [_told(each, current[each], rows) for each in sorted(current, key=lambda n: (n != number, n))],
            "operation": None if later is None else operation_told(later),
        },
    )


def _tracklets_by_number(run: Run, identities: Iterable[Identity]) -> dict[int, set[int]]:
    """Of those that have any tracklet that is shown."""
    number_of = {identity.pk: identity.number for identity in identities}
    found: dict[int, set[int]] = defaultdict(set)
    for tracklet, identity in members_of(run=run, identities=number_of).items():
        found[number_of[identity]].add(tracklet)
    return dict(found)


def _rows(run: Run, ids: Collection[int]) -> list[Tracklet]:
    """Of this run, in the order of time."""
    rows = Tracklet.objects.filter(run=run, pk__in=ids).select_related("camera").defer(*PACKED)
    return list(rows.order_by("start_s", "id"))


def _told(number: int, ids: set[int], rows: Iterable[Tracklet]) -> dict[str, Any]:
    return {"number": number, "tracklets": [state_of(row) for row in rows if row.pk in ids]}


def _newest_about(run: Run, ids: Collection[int]) -> Operation | None:
    """The operation that last gave any of these tracklets an identity, or took it."""
    keys = [str(each) for each in ids]
    told = Q(before__numbers__has_any_keys=keys) | Q(after__numbers__has_any_keys=keys)
    return Operation.objects.filter(told, scene=run.scene).select_related("actor").order_by("-number").first()
