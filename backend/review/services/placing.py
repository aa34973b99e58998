"""Where in a run verdicts lie: a pure function of their anchors and of what is shown of the run (rule 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Max, Min, Q

from backend.review.edited import HumanTracklet
from backend.review.models import Anchor, Verdict, VerdictPlace
from backend.tracking.arrays import unpack_boxes, unpack_frames
from backend.tracking.models import Run, Tracklet
from ml.matching.graph import attached
from ml.types import Tracklet as Track

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Scope:
    """Frames first..last of a video: where something changed."""

    video: int
    first: int
    last: int


def scopes_of(*, tracklet_ids: Collection[int]) -> list[Scope]:
    """One a video, round all of these tracklets."""
    spans = Tracklet.objects.filter(pk__in=tracklet_ids).order_by().values("video")
    rows = spans.annotate(first=Min("first_frame"), last=Max("last_frame")).values_list("video", "first", "last")
    return [Scope(*row) for row in rows]


def verdicts_place_anew(*, run: Run, scopes: Iterable[Scope]) -> set[int]:
    """Look again where in the run the verdicts lie whose anchors are in these scopes; marks of contradictions stay.

    Returns the tracklets at which a verdict lies now or lay until now, of the verdicts that moved.
    """
    found: dict[int, int | None] = {}
    for scope in scopes:
        anchors = list(anchors_in(scope))
        places = tracklets_at(run=run, anchors=anchors)
        found |= {anchor.pk: places.get(anchor.pk) for anchor in anchors}
    moved, touched = [], set()
    rows = VerdictPlace.objects.filter(Q(verdict__left__in=found) | Q(verdict__right__in=found), run=run)
    for row in rows.select_related("verdict"):
        before = (row.left_id, row.right_id)
        row.left_id = found.get(row.verdict.left_id, row.left_id)
        row.right_id = found.get(row.verdict.right_id, row.right_id)
        if before != (row.left_id, row.right_id):
            row.attached = is_attached(row.left_id, row.right_id)
            row.contradicted = row.contradicted and row.attached
            moved.append(row)
            touched |= {*before, row.left_id, row.right_id}
    VerdictPlace.objects.bulk_update(moved, ["left", "right", "attached", "contradicted"], batch_size=BATCH)
    return {each for each in touched if each is not None}


def is_attached(left: int | None, right: int | None) -> bool:
    """A verdict counts where it has two tracklets, and they are two."""
    return left is not None and right is not None and left != right


def anchors_in(scope: Scope) -> Sequence[Anchor]:
    """The anchors of verdicts, those taken back too, that are in the scope's frames."""
    here = Anchor.objects.filter(video=scope.video, first_frame__lte=scope.last, last_frame__gte=scope.first)
    sides = Verdict.objects.filter(scene__cameras__videos=scope.video).order_by()
    return list(here.filter(Q(pk__in=sides.values("left")) | Q(pk__in=sides.values("right"))).order_by("pk"))


def tracklets_at(*, run: Run, anchors: Sequence[Anchor]) -> dict[int, int]:
    """Anchor id -> what is shown there: the tracklet that it was taken from, or else the one that overlaps it most.

    Anchors without one are left out. Boxes are read video by video, only where anchors are.
    """
    places = {}
    for video, here in _by_video(anchors).items():
        first, last = min(each.first_frame for each in here), max(each.last_frame for each in here)
        rows = Tracklet.objects.shown().filter(run=run, video=video, first_frame__lte=last, last_frame__gte=first)
        shown = list(rows.only("number", "frames", "boxes").order_by("number", "pk"))
        exact = {row.pk for row in shown}
        tracks = [track_of(row) for row in shown]
        indices = attached([track_of(anchor) for anchor in here], tracks)
        for anchor, index in zip(here, indices.tolist(), strict=True):
            if anchor.tracklet_id in exact:
                places[anchor.pk] = anchor.tracklet_id
            elif index >= 0:
                places[anchor.pk] = shown[index].pk
    return places


def track_of(row: Tracklet | Anchor | HumanTracklet) -> Track:
    """Frames and boxes, for comparing."""
    frames = unpack_frames(row.frames)
    return Track(row.pk, frames, unpack_boxes(row.boxes), np.ones(len(frames), np.float32))


def _by_video(anchors: Iterable[Anchor]) -> Mapping[int, list[Anchor]]:
    found: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        found[anchor.video_id].append(anchor)
    return found
