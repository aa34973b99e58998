"""Reads about identities: lists with their pictures, and the numbers that a new run keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.config.problems import NotFound
from backend.identities.models import HumanMember, IdentityMember, RunIdentity
from backend.scenes.models import Scene
from backend.tracking.models import Embedding, EmbeddingKind, HiddenTracklet, Layer, Run, Tracklet
from backend.tracking.selectors import PACKED

# What people may sort by -> the key that a page ends with.
ORDERINGS = {
    "number": ["number"],
    "-number": ["-number"],
    "start_s": ["start_s", "number"],
    "-start_s": ["-start_s", "number"],
    "-camera_count": ["-camera_count", "number"],
    "-tracklet_count": ["-tracklet_count", "number"],
}


@dataclass(frozen=True, slots=True)
class TrackletView:
    """A tracklet of an identity and how many pictures of it there are."""

    tracklet: Tracklet
    crop_ranks: list[int]


@dataclass(frozen=True, slots=True)
class IdentityView:
    """An identity as a run has it, its tracklets in the order of time."""

    summary: RunIdentity
    tracklets: list[TrackletView]


def identity_list(*, run: Run, min_cameras: int = 1, camera_id: int | None = None) -> QuerySet[RunIdentity]:
    """The run's identities seen by at least `min_cameras` cameras, and by this one if it is given."""
    rows = RunIdentity.objects.shown(run)
    if min_cameras > 1:
        rows = rows.filter(camera_count__gte=min_cameras)
    return rows if camera_id is None else rows.filter(camera_ids__contains=[camera_id])


def identity_get(*, run: Run, number: int) -> RunIdentity:
    """Raises NotFound."""
    found = RunIdentity.objects.shown(run).filter(number=number).first()
    if found is None:
        raise NotFound("identity in this run")
    return found


def identity_views(*, run: Run, summaries: Sequence[RunIdentity]) -> list[IdentityView]:
    """Their tracklets and pictures: a few queries, however many identities."""
    identity_of = members_of(run=run, identities=[summary.identity_id for summary in summaries])
    tracklets = Tracklet.objects.filter(pk__in=identity_of).defer(*PACKED).order_by("start_s", "id")
    ranks = crop_ranks(tracklet_ids=list(identity_of))
    views = defaultdict(list)
    for tracklet in tracklets:
        views[identity_of[tracklet.pk]].append(TrackletView(tracklet, ranks.get(tracklet.pk, [])))
    return [IdentityView(summary, views[summary.identity_id]) for summary in summaries]


def members_of(*, run: Run, identities: Iterable[int]) -> dict[int, int]:
    """tracklet id -> identity id of what is shown in these identities, people's decisions counted in."""
    wanted = list(identities)
    own = IdentityMember.objects.filter(run=run, identity__in=wanted, tracklet__human_membership=None)
    changed = HumanMember.objects.filter(run=run, identity__in=wanted)
    return {**_identity_by_tracklet(own.filter(_shown())), **_identity_by_tracklet(changed.filter(_shown()))}


def identities_of(*, run: Run, tracklet_ids: Iterable[int]) -> dict[int, int]:
    """tracklet id -> identity id of these tracklets, shown or not, people's decisions counted in."""
    wanted = list(tracklet_ids)
    own = IdentityMember.objects.filter(run=run, tracklet__in=wanted)
    changed = HumanMember.objects.filter(run=run, tracklet__in=wanted)
    return {**_identity_by_tracklet(own), **_identity_by_tracklet(changed)}


def identity_numbers(*, run: Run, tracklet_ids: Iterable[int] | None = None) -> dict[int, int]:
    """tracklet id -> identity number in this run, of all that is shown or of these, people's decisions counted in."""
    own, changed = IdentityMember.objects.filter(run=run), HumanMember.objects.filter(run=run)
    if tracklet_ids is None:
        own, changed = own.filter(_shown()), changed.filter(_shown())
    else:
        wanted = list(tracklet_ids)
        own, changed = own.filter(tracklet__in=wanted), changed.filter(tracklet__in=wanted)
    return {**_number_by_tracklet(own), **_number_by_tracklet(changed)}


def own_numbers(*, run: Run, tracklet_ids: Iterable[int]) -> dict[int, int]:
    """tracklet id -> the number that the run itself gave it, or that of which people made it; drawn ones have none."""
    wanted = list(tracklet_ids)
    roots = _roots(wanted)
    of_run = IdentityMember.objects.filter(run=run, tracklet__in={*wanted, *(each[0] for each in roots.values())})
    numbers = _number_by_tracklet(of_run)
    return {each: numbers[root] for each in wanted if (root := roots.get(each, [each])[0]) in numbers}


def run_numbers(*, run: Run) -> set[int]:
    """The identity numbers that the run itself gave."""
    return set(IdentityMember.objects.filter(run=run).order_by().values_list("identity__number", flat=True).distinct())


def own_members_beside(*, run: Run, tracklet_ids: Iterable[int]) -> list[int]:
    """All shown that the run itself put into one identity with any of these, or with what people made them of."""
    wanted = list(tracklet_ids)
    own = {*wanted, *(root for roots in _roots(wanted).values() for root in roots)}
    here = IdentityMember.objects.filter(run=run, tracklet__in=own).order_by()
    beside = IdentityMember.objects.filter(run=run, identity__in=here.values("identity")).order_by()
    members = set(beside.values_list("tracklet", flat=True))
    rows = Tracklet.objects.shown().filter(run=run).order_by()
    people = rows.filter(layer=Layer.HUMAN, roots__overlap=list(members)) if members else rows.none()
    return [*rows.filter(pk__in=members).values_list("pk", flat=True), *people.values_list("pk", flat=True)]


def previous_numbers(*, scene: Scene) -> dict[int, int]:
    """tracklet id -> identity number in the scene's current run, for numbers to stay what they are.

    It is the run's own number, or the one that people's edits made where the run has no such number: what an edit
    joined comes apart under its old numbers where the edit is taken back in the next run.
    """
    if scene.current_run is None:
        return {}
    own = _number_by_tracklet(IdentityMember.objects.filter(run=scene.current_run))
    known = set(own.values())
    changed = _number_by_tracklet(HumanMember.objects.filter(run=scene.current_run))
    own |= {each: own[roots[0]] for each, roots in _roots(list(changed)).items() if roots[0] in own}
    return own | {tracklet: number for tracklet, number in changed.items() if number not in known}


def highest_number(*, scene: Scene) -> int:
    """The largest identity number that the scene has ever given out; 0 without any."""
    last = scene.identities.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def crop_ranks(*, tracklet_ids: Sequence[int]) -> dict[int, list[int]]:
    """tracklet id -> ranks of its pictures, the best first; tracklets without pictures are left out."""
    views = Embedding.objects.filter(tracklet__in=tracklet_ids, kind=EmbeddingKind.VIEW).exclude(crop="")
    ranks: dict[int, list[int]] = defaultdict(list)
    for tracklet, rank in views.order_by("tracklet_id", "rank").values_list("tracklet", "rank"):
        ranks[tracklet].append(rank)
    return ranks


def _roots(tracklet_ids: list[int]) -> dict[int, list[int]]:
    """Of those that people made of the run's own: which, the one that gives most first."""
    people = Tracklet.objects.filter(pk__in=tracklet_ids, layer=Layer.HUMAN).exclude(roots=[])
    return dict(people.order_by().values_list("pk", "roots"))


def _shown() -> Q:
    """Of memberships: of tracklets that people see."""
    return ~Q(Exists(HiddenTracklet.objects.filter(tracklet=OuterRef("tracklet"))))


def _identity_by_tracklet(members: QuerySet[IdentityMember] | QuerySet[HumanMember]) -> dict[int, int]:
    return dict(members.order_by().values_list("tracklet", "identity"))


def _number_by_tracklet(members: QuerySet[IdentityMember] | QuerySet[HumanMember]) -> dict[int, int]:
    return dict(members.order_by().values_list("tracklet", "identity__number"))
