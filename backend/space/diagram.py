"""A run in time: every tracklet as a bar of its camera's lane, in columns, with the state of its identity."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from backend.accounts.models import User
from backend.identities.models import RunIdentity
from backend.review.components import vehicles_said
from backend.review.models import VerdictPlace
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import run_get

LARGEST_PAGE = 10_000
STATES = ("single", "machine", "confirmed", "contradictory")
SINGLE, MACHINE, CONFIRMED, CONTRADICTORY = range(len(STATES))
COLUMNS = ("pk", "camera", "number", "start_s", "end_s", "membership__identity", "human_membership__identity")


def diagram_of_run(
    *, user: User, run_id: int, after: int, limit: int, from_s: float | None = None, to_s: float | None = None
) -> dict[str, Any]:
    """Tracklets that people see, with ids above `after`, at most `limit`; `next` is the next page's `after`, or null.

    from_s, to_s  only those in view at some time between them (scene seconds)

    Returns {run, states, next, columns: {id, camera, number, start_ms, end_ms, identity, state}}; identity is a number,
    0 for none, state an index into `states`. Raises NotFound.
    """
    run = run_get(user=user, run_id=run_id)
    rows = Tracklet.objects.shown().filter(run=run, pk__gt=after)
    if from_s is not None:
        rows = rows.filter(end_s__gte=from_s)
    if to_s is not None:
        rows = rows.filter(start_s__lte=to_s)
    found = list(rows.order_by("pk").values_list(*COLUMNS)[: limit + 1])
    page = found[:limit]
    owners = [human or own for *_, own, human in page]
    identities = identity_states(run=run, owner_of={row[0]: owner for row, owner in zip(page, owners, strict=True)})
    shown = [identities.get(owner, (0, SINGLE)) for owner in owners]
    return {
        "run": run.pk,
        "states": STATES,
        "next": page[-1][0] if len(found) > limit else None,
        "columns": {
            "id": [row[0] for row in page],
            "camera": [row[1] for row in page],
            "number": [row[2] for row in page],
            "start_ms": [round(1000 * row[3]) for row in page],
            "end_ms": [round(1000 * row[4]) for row in page],
            "identity": [number for number, _ in shown],
            "state": [state for _, state in shown],
        },
    }


def identity_states(*, run: Run, owner_of: Mapping[int, int | None]) -> dict[int | None, tuple[int, int]]:
    """identity id -> (its number in the run, its state), of the identities of these tracklets.

    owner_of  tracklet id -> identity id

    Contradictory: some answers about its tracklets cannot all be true. Confirmed: answers hold all of it together.
    Machine: the matcher joined it and nobody has confirmed all of it. Single: one tracklet, joined to nothing.
    """
    rows = RunIdentity.objects.shown(run).filter(identity__in={owner for owner in owner_of.values() if owner})
    contradicted = _contradicted(run)
    disputed = {owner for tracklet, owner in owner_of.items() if tracklet in contradicted}
    together = _held_together(run)
    largest: dict[int | None, int] = defaultdict(int)
    for tracklet, owner in owner_of.items():
        largest[owner] = max(largest[owner], together.get(tracklet, 1))
    return {
        identity: (number, _state(count, largest[identity], is_disputed=identity in disputed))
        for identity, number, count in rows.values_list("identity", "number", "tracklet_count")
    }


def _state(count: int, held_together: int, *, is_disputed: bool) -> int:
    if is_disputed:
        return CONTRADICTORY
    if count == 1:
        return SINGLE
    return CONFIRMED if held_together >= count else MACHINE


def _contradicted(run: Run) -> set[int]:
    pairs = VerdictPlace.objects.filter(run=run, contradicted=True).values_list("left", "right")
    return {tracklet for pair in pairs for tracklet in pair}


def _held_together(run: Run) -> dict[int, int]:
    """tracklet id -> how many tracklets answers call one vehicle with it, itself counted."""
    root_of = vehicles_said(run=run)
    sizes = Counter(root_of.values())
    return {tracklet: sizes[root] for tracklet, root in root_of.items()}
