"""Which pairs to ask about next: contradictions, then those whose answer is expected to change most."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from backend.accounts.models import User
from backend.config.problems import NotFound
from backend.identities.models import RunIdentity
from backend.identities.selectors import identities_of, members_of
from backend.review.components import given_by, places_that_stand
from backend.review.models import Settled, VerdictPlace
from backend.review.selectors.settings import people_per_pair
from backend.review.selectors.state import contradictory_pairs
from backend.review.standing import Pair, pair_of
from backend.scenes.models import Scene
from backend.tracking.attributes import of_colour, of_type
from backend.tracking.chances import LIKELY_DIFFERENT, LIKELY_SAME
from backend.tracking.models import Candidate, PairState, Run, Tracklet
from ml.matching.graph import chances_between, expected_changes
from ml.types import Double1D

Row = tuple[int, int, int, float]  # candidate, left, right, chance
CONTRADICTION = "contradiction"
LOOKAHEAD = 1000  # pairs, the most doubtful first, of which the sizes of their identities are looked up at once
FARTHEST = 3  # such parts at most, so that an answer never takes long
CONTENDERS = 100  # of each part, the first by their own chances, that are compared by those of their identities

BY_STATE = {
    PairState.UNCERTAIN: (Q(chance__gt=LIKELY_DIFFERENT, chance__lt=LIKELY_SAME), "-doubt"),
    PairState.LIKELY_SAME: (Q(chance__gte=LIKELY_SAME), "chance"),
    PairState.LIKELY_DIFFERENT: (Q(chance__lte=LIKELY_DIFFERENT), "-chance"),
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person wants to be asked about; everything if left out.

    cameras       both tracklets are of these
    categories, types, colours  one of the two is of one of these, at least: COCO ids, names of types and of colours
    from_s, to_s  both are seen at some time between these, scene time
    """

    cameras: Sequence[int] = ()
    link: int | None = None
    categories: Sequence[int] = ()
    types: Sequence[str] = ()
    colours: Sequence[str] = ()
    from_s: float | None = None
    to_s: float | None = None
    state: str | None = None
    min_probability: float = 0.0
    max_probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A pair to ask about; `candidate` is None for tracklets that the matcher never compared."""

    pair: Pair
    candidate: int | None


def cameras_wanted(scene: Scene, wanted: QueueFilter) -> set[int] | None:
    """The cameras that both tracklets of a pair must be of; None for any. Raises NotFound for an unknown link."""
    chosen = set(wanted.cameras) or None
    if wanted.link is None:
        return chosen
    ends = scene.links.filter(pk=wanted.link).values_list("source", "target").first()
    if ends is None:
        raise NotFound("link in this scene")
    return set(ends) if chosen is None else chosen & set(ends)


def contradictions(*, run: Run, person: User, wanted: QueueFilter, cameras: set[int] | None) -> list[Offer]:
    """Those asked about least come first: one chain holds several pairs, and any of them may be the wrong one.

    Where several people judge each pair, nobody is asked to settle what they said themselves.
    """
    if wanted.state not in (None, CONTRADICTION):
        return []
    found = contradictory_pairs(run=run)
    ends = {end for pair in found for end in pair}
    rows = Tracklet.objects.filter(_one_end("", wanted, cameras), pk__in=ends).values_list("pk", flat=True)
    passing, looked_for = set(rows), set(rows.filter(_kind("", wanted)))
    own = _judged(run, person) if people_per_pair(scene=run.scene) > 1 else set()
    found = {
        pair: verdicts
        for pair, verdicts in found.items()
        if passing >= set(pair) and looked_for & set(pair) and pair not in own
    }
    ordered = sorted(found, key=lambda pair: (len(found[pair]), found[pair]))
    return [Offer(pair, None) for pair in ordered]


def open_candidates(*, run: Run, person: User, wanted: QueueFilter, cameras: set[int] | None) -> QuerySet[Candidate]:
    """Candidates that are not settled, in the order of doubt, or from the line outwards for one state.

    Where several people judge each pair, those that this person has judged are left to others.
    """
    if wanted.state == CONTRADICTION:
        return Candidate.objects.none()
    rows = Candidate.objects.filter(~Exists(Settled.objects.filter(candidate=OuterRef("pk"))), run=run)
    if people_per_pair(scene=run.scene) > 1:
        rows = rows.exclude(Exists(_judged_rows(run, person).filter(_same_pair())))
    if (wanted.min_probability, wanted.max_probability) != (0.0, 1.0):
        rows = rows.filter(chance__gte=wanted.min_probability, chance__lte=wanted.max_probability)
    rows = rows.filter(_one_end("left__", wanted, cameras), _one_end("right__", wanted, cameras))
    if wanted.categories or wanted.types or wanted.colours:
        rows = rows.filter(_kind("left__", wanted) | _kind("right__", wanted))
    if wanted.link is not None:
        rows = rows.exclude(left__camera=F("right__camera"))
    if wanted.state is None:
        return rows.order_by("-doubt", "id")
    condition, order = BY_STATE[PairState(wanted.state)]
    return rows.filter(condition).order_by(order, "id")


def offers(*, run: Run, rows: QuerySet[Candidate], taken: Collection[Pair]) -> Iterator[Offer]:
    """Pairs to ask about, the greatest expected change first, one of each two identities.

    taken  pairs that somebody has already: no other pair of the same two identities is offered beside them

    The expected change (`expected_changes`) is compared among LOOKAHEAD pairs at a time, and of the CONTENDERS first of
    them once more by the chance that their two identities are one (`chances_between`).
    """
    places = identities_of(run=run, tracklet_ids={end for pair in taken for end in pair})
    asked = {pair_of(places[one], places[other]) for one, other in taken}
    for start in range(0, FARTHEST * LOOKAHEAD, LOOKAHEAD):
        part = list(rows.values_list("pk", "left", "right", "chance")[start : start + LOOKAHEAD])
        if not part:
            return
        places = identities_of(run=run, tracklet_ids={end for row in part for end in row[1:3]})
        for key, left, right, _ in _ranked(run, part, places):
            between = pair_of(places[left], places[right])
            if between not in asked:
                asked.add(between)
                yield Offer(pair_of(left, right), key)
        if len(part) < LOOKAHEAD:
            return


def _kind(prefix: str, wanted: QueueFilter) -> Q:
    """What a tracklet is to be; `prefix` leads to it."""
    category = Q(**{f"{prefix}category__in": wanted.categories}) if wanted.categories else Q()
    return category & of_type(wanted.types, prefix) & of_colour(wanted.colours, prefix)


def _one_end(end: str, wanted: QueueFilter, cameras: set[int] | None) -> Q:
    """What each of the two tracklets must meet; `end` is the way to it, such as "left__"."""
    condition = Q()
    if cameras is not None:
        condition &= Q(**{f"{end}camera__in": cameras})
    if wanted.from_s is not None:
        condition &= Q(**{f"{end}end_s__gte": wanted.from_s})
    if wanted.to_s is not None:
        condition &= Q(**{f"{end}start_s__lte": wanted.to_s})
    return condition


def _judged_rows(run: Run, person: User) -> QuerySet[VerdictPlace]:
    return places_that_stand(run=run).filter(verdict__person=person)


def _judged(run: Run, person: User) -> set[Pair]:
    """The pairs about which an answer of this person stands."""
    return {given.pair for given in given_by(_judged_rows(run, person))}


def _same_pair() -> Q:
    """A verdict's place on the two tracklets of the candidate outside, in either order."""
    left, right = OuterRef("left"), OuterRef("right")
    return Q(left=left, right=right) | Q(left=right, right=left)


def _sizes(run: Run, identities: set[int]) -> dict[int, int]:
    shown = RunIdentity.objects.shown(run).filter(identity__in=identities)
    return dict(shown.order_by().values_list("identity", "tracklet_count"))


def _ranked(run: Run, part: list[Row], places: Mapping[int, int]) -> list[Row]:
    """The pairs (candidate, left, right, chance), the greatest expected change first; ties by their own chance.

    Of two identities the likeliest pair's chance is hardly below theirs, which goes by a mean: so whoever is far behind
    by the former cannot come first by the latter.
    """
    sizes = _sizes(run, set(places.values()))
    own = np.array([row[3] for row in part], np.float64)
    order = np.argsort(-_changes(part, own, places, sizes), kind="stable").tolist()
    first = [part[place] for place in order[:CONTENDERS]]
    shared = _shared_chances(run, first, places, sizes)
    again = np.lexsort((-own[order[:CONTENDERS]], -_changes(first, shared, places, sizes)))
    return [*(first[place] for place in again.tolist()), *(part[place] for place in order[CONTENDERS:])]


def _changes(rows: list[Row], chances: Double1D, places: Mapping[int, int], sizes: Mapping[int, int]) -> Double1D:
    ends = np.array([(places[row[1]], places[row[2]]) for row in rows], np.int64).reshape(-1, 2)
    one, other = (np.array([sizes[place] for place in ends[:, side].tolist()], np.int64) for side in (0, 1))
    return expected_changes(chances, one, other, ends[:, 0] == ends[:, 1])


def _shared_chances(run: Run, rows: list[Row], places: Mapping[int, int], sizes: Mapping[int, int]) -> Double1D:
    """[m] that the identities of each row are one vehicle, by all compared pairs between them."""
    pairs = {pair_of(places[left], places[right]) for _, left, right, _ in rows}
    several = {
        place for one, other in pairs if one != other and sizes[one] + sizes[other] > 2 for place in (one, other)
    }
    known = members_of(run=run, identities=several)
    compared = Candidate.objects.filter(run=run, left__in=known, right__in=known).order_by()
    every = {row[0]: row for row in [*rows, *compared.values_list("pk", "left", "right", "chance")]}.values()
    tracklets, ends = np.unique([row[1:3] for row in every], return_inverse=True)
    labels = np.array([places[each] if each in places else known[each] for each in tracklets.tolist()], np.int64)
    chances = np.array([row[3] for row in every], np.float64)
    return chances_between(ends.reshape(-1, 2), chances, labels)[: len(rows)]
