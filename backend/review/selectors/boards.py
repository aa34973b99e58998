"""One identity against many: a vehicle beside everything that it may still be, for one look and one answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from backend.identities.models import RunIdentity
from backend.identities.selectors import identities_of, members_of
from backend.review.selectors.pairs import TrackletShown, shown_tracklets
from backend.review.selectors.queue import Offer
from backend.review.standing import Pair, pair_of
from backend.tracking.models import Candidate, Run

MOST_RIVALS = 10  # as many as there are number keys


@dataclass(frozen=True, slots=True)
class Rival:
    """Another identity that the board's may be one with, by their most probable open pair.

    shown    that pair's tracklet of the other identity      against  the board's own tracklet of the pair (id)
    members  all of the other identity, so that impossible combinations can be told beforehand
    """

    candidate: Candidate
    shown: TrackletShown
    against: int
    members: list[TrackletShown]


@dataclass(frozen=True, slots=True)
class Board:
    """An identity, its tracklets in the order of time, and its rivals, the most probable first."""

    number: int
    tracklets: list[TrackletShown]
    rivals: list[Rival]


def anchors(*, run: Run, offers: Iterable[Offer]) -> Iterator[int]:
    """The identities (ids) to ask about, each once: of every offered pair the one that has more tracklets."""
    found = set()
    for offer in offers:
        ends = set(identities_of(run=run, tracklet_ids=offer.pair).values())
        sizes = RunIdentity.objects.shown(run).filter(identity__in=ends).order_by("-tracklet_count", "number")
        largest = sizes.values_list("identity", flat=True)[0]
        if len(ends) > 1 and largest not in found:
            found.add(largest)
            yield largest


def rivals_of(*, run: Run, identity: int, rows: QuerySet[Candidate], taken: Collection[Pair]) -> list[Candidate]:
    """The most probable of the open `rows` between this identity (id) and each other one, those that nobody holds."""
    own = set(members_of(run=run, identities=[identity]))
    touching = rows.filter(Q(left__in=own) | Q(right__in=own)).order_by("-chance", "id")
    beside = [row for row in touching if not own.issuperset((row.left_id, row.right_id))]
    identity_of = identities_of(run=run, tracklet_ids={_other(row, own) for row in beside})
    best: dict[int, Candidate] = {}
    for row in beside:
        best.setdefault(identity_of[_other(row, own)], row)
    free = [row for row in best.values() if pair_of(row.left_id, row.right_id) not in taken]
    return free[:MOST_RIVALS]


def board_views(*, run: Run, boards: Mapping[int, Sequence[Candidate]]) -> list[Board]:
    """identity id -> the pairs to ask about beside it, with all that a person needs to see; few queries."""
    ends = {end for rows in boards.values() for row in rows for end in (row.left_id, row.right_id)}
    identities = {*boards, *identities_of(run=run, tracklet_ids=ends).values()}
    shown = shown_tracklets(run, members_of(run=run, identities=identities))
    members: dict[int, list[TrackletShown]] = defaultdict(list)
    for each in sorted(shown.values(), key=lambda one: (one.tracklet.start_s, one.tracklet.pk)):
        members[each.identity.identity_id].append(each)
    views = []
    for identity, rows in boards.items():
        own = {each.tracklet.pk for each in members[identity]}
        rivals = [_rival(row, own, shown, members) for row in rows]
        views.append(Board(members[identity][0].identity.number, members[identity], rivals))
    return views


def _rival(
    row: Candidate, own: set[int], shown: Mapping[int, TrackletShown], members: Mapping[int, list[TrackletShown]]
) -> Rival:
    other = shown[_other(row, own)]
    against = row.left_id if row.left_id in own else row.right_id
    return Rival(row, other, against, members[other.identity.identity_id])


def _other(row: Candidate, own: set[int]) -> int:
    """The end of the pair that is not among `own`."""
    return row.right_id if row.left_id in own else row.left_id
