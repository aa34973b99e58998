"""Reads about identities: lists with their pictures, and the numbers that a new run keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from backend.config.problems import NotFound
from backend.identities.models import IdentityMember, RunIdentity
from backend.scenes.models import Scene
from backend.tracking.models import Embedding, EmbeddingKind, Run, Tracklet
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
    rows = RunIdentity.objects.filter(run=run)
    if min_cameras > 1:
        rows = rows.filter(camera_count__gte=min_cameras)
    return rows if camera_id is None else rows.filter(camera_ids__contains=[camera_id])


def identity_get(*, run: Run, number: int) -> RunIdentity:
    """Raises NotFound."""
    found = RunIdentity.objects.filter(run=run, number=number).first()
    if found is None:
        raise NotFound("identity in this run")
    return found


def identity_views(*, run: Run, summaries: Sequence[RunIdentity]) -> list[IdentityView]:
    """Their tracklets and pictures: two queries, however many identities."""
    identities = [summary.identity_id for summary in summaries]
    members = IdentityMember.objects.filter(run=run, identity__in=identities).select_related("tracklet")
    ordered = list(
        members.defer(*(f"tracklet__{name}" for name in PACKED)).order_by("tracklet__start_s", "tracklet_id")
    )
    ranks = _crop_ranks([member.tracklet_id for member in ordered])
    views = defaultdict(list)
    for member in ordered:
        views[member.identity_id].append(TrackletView(member.tracklet, ranks.get(member.tracklet_id, [])))
    return [IdentityView(summary, views[summary.identity_id]) for summary in summaries]


def identity_numbers(*, run: Run) -> dict[int, int]:
    """tracklet id -> identity number in this run."""
    members = IdentityMember.objects.filter(run=run).order_by()
    return dict(members.values_list("tracklet", "identity__number"))


def previous_numbers(*, scene: Scene) -> dict[int, int]:
    """tracklet id -> identity number in the scene's current run, for numbers to stay what they are."""
    return {} if scene.current_run is None else identity_numbers(run=scene.current_run)


def highest_number(*, scene: Scene) -> int:
    """The largest identity number that the scene has ever given out; 0 without any."""
    last = scene.identities.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def _crop_ranks(tracklet_ids: Sequence[int]) -> dict[int, list[int]]:
    views = Embedding.objects.filter(tracklet__in=tracklet_ids, kind=EmbeddingKind.VIEW).exclude(crop="")
    ranks: dict[int, list[int]] = defaultdict(list)
    for tracklet, rank in views.order_by("tracklet_id", "rank").values_list("tracklet", "rank"):
        ranks[tracklet].append(rank)
    return ranks
