"""Everything that a person needs to see of a pair to decide it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from backend.config.problems import NotFound
from backend.identities.models import RunIdentity
from backend.identities.selectors import crop_ranks, identities_of, members_of
from backend.review.models import Lease
from backend.review.selectors.meetings import Meeting, meetings_of
from backend.review.selectors.operations import VerdictView, verdict_rows, verdict_views
from backend.review.selectors.state import contradictory_pairs
from backend.review.selectors.transits import TransitHistogram, transit_histogram
from backend.review.standing import Pair, pair_of
from backend.scenes.models import Scene
from backend.tracking.chances import state_of_chance
from backend.tracking.models import Candidate, PairState, Run, Tracklet
from backend.tracking.selectors import PACKED


@dataclass(frozen=True, slots=True)
class TrackletShown:
    """A tracklet with its pictures and the identity that it has now."""

    tracklet: Tracklet
    crop_ranks: list[int]
    identity: RunIdentity


@dataclass(frozen=True, slots=True)
class PairView:
    """A leased pair; `left` ends first. `decides`: open candidates between the same identities, or inside the one.

    meetings  tracklets of the two identities of which one leaves when these become one
    """

    lease: Lease
    kind: str
    left: TrackletShown
    right: TrackletShown
    candidate: Candidate | None
    transit_histogram: TransitHistogram | None
    decides: int
    meetings: list[Meeting]
    verdicts: list[VerdictView]

    @property
    def transit_s(self) -> float:
        return self.right.tracklet.start_s - self.left.tracklet.end_s

    @property
    def joined(self) -> bool:
        return self.left.identity.identity_id == self.right.identity.identity_id


def tracklets_named(
    *, scene: Scene, candidate: int | None, left: int | None, right: int | None
) -> tuple[Tracklet, Tracklet]:
    """The two tracklets of a candidate, or those of these ids, of any run of the scene. Raises NotFound."""
    if candidate is not None:
        pair = Candidate.objects.filter(pk=candidate, run__scene=scene).values_list("left", "right").first()
        if pair is None:
            raise NotFound("candidate in this scene")
        left, right = pair
    wanted = [each for each in (left, right) if each is not None]
    one, other = tracklets_of_scene(scene=scene, ids=wanted)
    return one, other


def tracklets_of_scene(*, scene: Scene, ids: Sequence[int]) -> list[Tracklet]:
    """In the order of the ids, of any run of the scene, frames and boxes included. Raises NotFound."""
    rows = Tracklet.objects.filter(camera__scene=scene).select_related("camera").defer("scores")
    found = rows.in_bulk(ids)
    if not found.keys() >= set(ids):
        raise NotFound("tracklet in this scene")
    return [found[each] for each in ids]


def pair_views(*, leases: Sequence[Lease]) -> list[PairView]:
    """In the order of the leases, all of one run; a few queries, however many."""
    if not leases:
        return []
    run = leases[0].run
    pairs = [(lease.left_id, lease.right_id) for lease in leases]
    shown = shown_tracklets(run, {end for pair in pairs for end in pair})
    compared = _compared(pairs)
    identity_of = members_of(run=run, identities={each.identity.identity_id for each in shown.values()})
    decides, met = _decides(identity_of), _meetings(identity_of)
    verdicts = _verdicts(run, pairs)
    views = []
    for lease, pair in zip(leases, pairs, strict=True):
        one, other = sorted((shown[end] for end in pair), key=lambda each: (each.tracklet.end_s, each.tracklet.pk))
        cameras = (one.tracklet.camera_id, other.tracklet.camera_id)
        between = pair_of(one.identity.identity_id, other.identity.identity_id)
        views.append(
            PairView(
                lease=lease,
                kind=_kind(pair in verdicts, compared.get(pair)),
                left=one,
                right=other,
                candidate=compared.get(pair),
                transit_histogram=transit_histogram(run=run, from_camera=cameras[0], to_camera=cameras[1]),
                decides=decides[between],
                meetings=met.get(between, []),
                verdicts=verdicts.get(pair, []),
            )
        )
    return views


def shown_tracklets(run: Run, tracklets: Collection[int]) -> dict[int, TrackletShown]:
    """tracklet id -> what a person sees of it; of tracklets (ids) of this run."""
    rows = Tracklet.objects.filter(pk__in=tracklets).select_related("camera").defer(*PACKED)
    ranks = crop_ranks(tracklet_ids=list(tracklets))
    identity_of = identities_of(run=run, tracklet_ids=tracklets)
    shown = RunIdentity.objects.shown(run).filter(identity__in=set(identity_of.values()))
    identities = {identity.identity_id: identity for identity in shown}
    return {row.pk: TrackletShown(row, ranks.get(row.pk, []), identities[identity_of[row.pk]]) for row in rows}


def _compared(pairs: Sequence[Pair]) -> dict[Pair, Candidate]:
    ends = {end for pair in pairs for end in pair}
    rows = Candidate.objects.filter(left__in=ends, right__in=ends)
    return {pair_of(row.left_id, row.right_id): row for row in rows}


def _decides(identity_of: Mapping[int, int]) -> Counter[Pair]:
    """Pair of identities -> open candidates between them; the same one twice for those inside it."""
    inside = Q(left__in=identity_of, right__in=identity_of)
    pairs = Candidate.objects.filter(inside, settled=None).order_by().values_list("left", "right")
    return Counter(pair_of(identity_of[left], identity_of[right]) for left, right in pairs)


def _meetings(identity_of: Mapping[int, int]) -> dict[Pair, list[Meeting]]:
    """Pair of identities -> where one camera has both at one time, by time."""
    rows = Tracklet.objects.filter(pk__in=identity_of).select_related("camera").defer(*PACKED)
    found: dict[Pair, list[Meeting]] = {}
    for each in meetings_of(list(rows.order_by("start_s", "id")), identity_of):
        between = pair_of(identity_of[each.first.pk], identity_of[each.second.pk])
        found.setdefault(between, []).append(each)
    return found


def _verdicts(run: Run, pairs: Sequence[Pair]) -> dict[Pair, list[VerdictView]]:
    """What was said about those of the pairs whose answers cannot all be true."""
    contradictory = contradictory_pairs(run=run)
    said = {verdict: pair for pair in pairs for verdict in contradictory.get(pair, [])}
    found: dict[Pair, list[VerdictView]] = {}
    for view in verdict_views(verdicts=list(verdict_rows(run.scene).filter(pk__in=said).order_by("id"))):
        found.setdefault(said[view.verdict.pk], []).append(view)
    return found


def _kind(is_contradiction: bool, candidate: Candidate | None) -> str:
    if is_contradiction or candidate is None:
        return "contradiction"
    return "uncertain" if state_of_chance(candidate.chance) == PairState.UNCERTAIN else "likely"
