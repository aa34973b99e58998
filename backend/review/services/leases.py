"""The queue, handed out: a pair is with one person at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.review.models import Lease
from backend.review.selectors.queue import (
    Offer,
    QueueFilter,
    cameras_wanted,
    contradictions,
    offers,
    open_candidates,
)
from backend.review.standing import Pair
from backend.scenes.models import Scene
from backend.tracking.models import Candidate, Run

HELD_FOR = timedelta(minutes=5)


@transaction.atomic
def pairs_lease(*, actor: User, scene: Scene, limit: int, wanted: QueueFilter) -> list[Lease]:
    """Up to `limit` pairs for this person: those that they hold already, for another HELD_FOR, and new ones.

    What the person holds and no longer wants is given back. Raises Refused below analyst, NotFound for a link.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    # One after the other, so that two people never get the same pair.
    scene = Scene.objects.select_for_update(no_key=True, of=("self",)).select_related("current_run").get(pk=scene.pk)
    now = timezone.now()
    Lease.objects.filter(run__scene=scene, expires_at__lte=now).delete()
    if scene.current_run is None:
        return []
    run, cameras = scene.current_run, cameras_wanted(scene, wanted)
    urgent = contradictions(run=run, person=actor, wanted=wanted, cameras=cameras)
    rows = open_candidates(run=run, person=actor, wanted=wanted, cameras=cameras)
    kept = _kept(actor, run, {offer.pair for offer in urgent}, rows)[:limit]
    held = {(lease.left_id, lease.right_id) for lease in Lease.objects.filter(run=run)}
    fresh = islice(_fresh(run, urgent, rows, held), limit - len(kept))
    made = [_lease(run, actor, offer) for offer in fresh]
    for lease in (*kept, *made):
        lease.expires_at = now + HELD_FOR
    Lease.objects.bulk_update(kept, ["expires_at"])
    Lease.objects.bulk_create(made)
    first = {offer.pair: place for place, offer in enumerate(urgent)}
    return sorted([*kept, *made], key=lambda lease: first.get((lease.left_id, lease.right_id), len(first)))


def _kept(actor: User, run: Run, urgent: set[Pair], rows: QuerySet[Candidate]) -> list[Lease]:
    """What the person holds and still wants, oldest first; the rest is given back."""
    mine = list(Lease.objects.filter(run=run, person=actor).order_by("id"))
    open_ones = set(rows.filter(pk__in=[lease.candidate_id for lease in mine]).values_list("pk", flat=True))
    kept = [lease for lease in mine if lease.candidate_id in open_ones or (lease.left_id, lease.right_id) in urgent]
    Lease.objects.filter(run=run, person=actor).exclude(pk__in=[lease.pk for lease in kept]).delete()
    return kept


def _fresh(run: Run, urgent: list[Offer], rows: QuerySet[Candidate], held: set[Pair]) -> Iterator[Offer]:
    """What nobody holds, in the order of the queue."""
    yield from (offer for offer in urgent if offer.pair not in held)
    yield from offers(run=run, rows=rows, taken=held)


def _lease(run: Run, actor: User, offer: Offer) -> Lease:
    low, high = offer.pair
    return Lease(run=run, left_id=low, right_id=high, candidate_id=offer.candidate, person=actor)
