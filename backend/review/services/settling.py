"""Pairs that need no more answer, kept as rows so that the queue never has to work it out for a whole run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Q

from backend.identities.selectors import identities_of
from backend.review.components import given_by, places_that_stand
from backend.review.models import Answer, Lease, Settled
from backend.review.selectors.settings import people_per_pair
from backend.review.standing import Pair, counting, judged_enough, linked, pair_of, pairs_with
from backend.tracking.chances import state_of_chance
from backend.tracking.models import Candidate, HiddenTracklet, Run


@transaction.atomic
def pairs_settle(*, run: Run, tracklet_ids: Sequence[int]) -> None:
    """Say anew which candidates at these tracklets (whole identities) are settled, and release their leases.

    Settled is a pair that as many people answered as the scene asks for, one whose answer follows from such "same"
    answers inside its identity, one between two identities of which some such pair was called different, and one of
    a tracklet that is not shown.
    """
    touching = Q(left__in=tracklet_ids) | Q(right__in=tracklet_ids)
    compared = Candidate.objects.filter(touching).order_by()
    columns = list(compared.values_list("pk", "left", "right", "chance"))
    ends = {end for _, left, right, _ in columns for end in (left, right)}
    hidden = set(HiddenTracklet.objects.filter(tracklet__in=ends).values_list("tracklet", flat=True))
    is_settled = _settled_by_answers(run, touching, ends - hidden)
    settled = {
        key: chance
        for key, left, right, chance in columns
        if not hidden.isdisjoint((left, right)) or is_settled(pair_of(left, right))
    }
    rows = Settled.objects.filter(candidate__in=[row[0] for row in columns])
    rows.exclude(candidate__in=settled).delete()
    known = set(rows.values_list("candidate", flat=True))
    Settled.objects.bulk_create(
        Settled(run=run, candidate_id=key, state=state_of_chance(chance))
        for key, chance in settled.items()
        if key not in known
    )
    Lease.objects.filter(candidate__in=settled).delete()


def _settled_by_answers(run: Run, touching: Q, tracklets: set[int]) -> Callable[[Pair], bool]:
    given = counting(given_by(places_that_stand(run=run).filter(touching)))
    counted = judged_enough(given, people=people_per_pair(scene=run.scene))
    identity = identities_of(run=run, tracklet_ids=tracklets | {end for pair in counted for end in pair})
    vehicle = linked(pairs_with(Answer.SAME, counted))
    apart = {pair_of(identity[one], identity[other]) for one, other in pairs_with(Answer.DIFFERENT, counted)}

    def is_settled(pair: Pair) -> bool:
        one, other = pair
        if pair in counted:
            return True
        if identity[one] == identity[other]:
            return one in vehicle and vehicle[one] == vehicle.get(other)
        return pair_of(identity[one], identity[other]) in apart

    return is_settled
