"""The part of a run that decisions about some tracklets can change, as arrays for `ml.matching.graph`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from backend.identities.selectors import identities_of, members_of, own_members_beside
from backend.review.models import Answer, VerdictPlace
from backend.review.standing import Given, Pair, counting, linked, pair_of, pairs_with
from backend.tracking.models import Candidate, HiddenTracklet, Run, Tracklet
from backend.tracking.selectors import PACKED
from ml.matching.graph import Contradiction, IndexPairs, conflicting_pairs, regroup
from ml.types import CameraLink, Int1D


@dataclass(frozen=True)
class Component:
    """Some whole identities of a run, and the answers about them.

    tracklets  in the order of the match job, so that equal distances are decided alike
    """

    run: Run
    tracklets: list[Tracklet]
    given: list[Given]

    @cached_property
    def counted(self) -> dict[Pair, list[Given]]:
        return counting(self.given)

    @cached_property
    def ids(self) -> list[int]:
        return [tracklet.pk for tracklet in self.tracklets]

    @cached_property
    def same(self) -> list[Pair]:
        return pairs_with(Answer.SAME, self.counted)

    @cached_property
    def different(self) -> list[Pair]:
        return pairs_with(Answer.DIFFERENT, self.counted)

    def rows(self, pairs: Iterable[Pair]) -> IndexPairs:
        """[m, 2] places in `tracklets` of these pairs."""
        place = {tracklet: row for row, tracklet in enumerate(self.ids)}
        return np.array([(place[one], place[other]) for one, other in pairs], np.int64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Sync:
    """labels [n] group of each tracklet of the component; the contradictions among the answers."""

    labels: Int1D
    contradictions: list[Contradiction]


def component_of(*, run: Run, tracklet_ids: Iterable[int]) -> Component:
    """These tracklets (ids), which should be `closed`, as one component."""
    wanted = set(tracklet_ids)
    tracklets = Tracklet.objects.filter(pk__in=wanted).select_related("camera").defer(*PACKED)
    return Component(
        run=run,
        tracklets=list(tracklets.order_by("camera__position", "video", "number", "pk")),
        given=answers_among(run=run, tracklet_ids=wanted),
    )


def closed(*, run: Run, tracklet_ids: Iterable[int]) -> set[int]:
    """These tracklets and all that are in one identity with them, now or by the run itself, or are called the same."""
    reached: set[int] = set()
    frontier = set(tracklet_ids)
    while frontier:
        reached |= frontier
        now = members_of(run=run, identities=set(identities_of(run=run, tracklet_ids=frontier).values()))
        by_run = own_members_beside(run=run, tracklet_ids=frontier)
        frontier = (set(now) | set(by_run) | _called_the_same(run, list(frontier))) - reached
    return reached


def joinable_beside(*, run: Run, tracklet_ids: Iterable[int]) -> set[int]:
    """The other ends, as far as they are shown, of eligible pairs at these tracklets."""
    here = set(tracklet_ids)
    eligible = Candidate.objects.filter(run=run, eligible=True).order_by()
    hidden = HiddenTracklet.objects.filter(run=run)
    right = eligible.filter(~Exists(hidden.filter(tracklet=OuterRef("right"))), left__in=here)
    left = eligible.filter(~Exists(hidden.filter(tracklet=OuterRef("left"))), right__in=here)
    return {*right.values_list("right", flat=True), *left.values_list("left", flat=True)} - here


def answers_among(*, run: Run, tracklet_ids: Iterable[int]) -> list[Given]:
    """The answers about pairs of these tracklets that nobody took back, in the order in which they were given."""
    wanted = list(tracklet_ids)
    return given_by(places_that_stand(run=run).filter(left__in=wanted, right__in=wanted))


def places_that_stand(*, run: Run) -> QuerySet[VerdictPlace]:
    """Where in this run the verdicts lie that nobody took back."""
    return VerdictPlace.objects.filter(run=run, attached=True, verdict__revoked_by=None)


def given_by(places: QuerySet[VerdictPlace]) -> list[Given]:
    columns = ("pk", "left", "right", "verdict__answer", "verdict__person", "verdict__settles")
    rows = places.order_by("verdict").values_list(*columns)
    return [
        Given(place, pair_of(left, right), answer, who, settles) for place, left, right, answer, who, settles in rows
    ]


def vehicles_said(*, run: Run) -> dict[int, int]:
    """Tracklet id -> the lowest id of those that answers call one vehicle with it; only those of which any does."""
    said = given_by(places_that_stand(run=run).filter(verdict__answer__in=[Answer.SAME, Answer.DIFFERENT]))
    return linked(pairs_with(Answer.SAME, counting(said)))


def synced(component: Component) -> Sync:
    """Identities of the component = sync(run, decisions), as the match job makes them (rule 3)."""
    ids = component.ids
    compared = Candidate.objects.filter(left__in=ids, right__in=ids).order_by("id")
    columns = list(compared.values_list("left", "right", "distance", "eligible", "probability"))
    probabilities = np.array([row[4] for row in columns if row[4] is not None], np.float32)
    conflicts, overruled = _conflicts(component)
    result = regroup(
        len(ids),
        component.rows(row[:2] for row in columns),
        distances=np.array([row[2] for row in columns], np.float64),
        eligible=np.array([row[3] for row in columns], np.bool_),
        probabilities=probabilities if len(probabilities) == len(columns) else None,
        **_strategy(component.run, has_probabilities=len(probabilities) == len(columns)),
        must_links=component.rows(component.same),
        cannot_links=component.rows(component.different),
        conflicts=conflicts,
        overruled=overruled,
    )
    return Sync(result.labels, result.contradictions)


def _strategy(run: Run, *, has_probabilities: bool) -> dict[str, Any]:
    """As the run's configuration says; runs from before there was a choice have no probabilities."""
    matcher = run.config.get("matcher", {})
    default = "constrained" if has_probabilities else "electricity"
    chosen = {"strategy": matcher.get("strategy", default)}
    return chosen | {name: matcher[name] for name in ("join_probability",) if name in matcher}


def _conflicts(component: Component) -> tuple[IndexPairs, IndexPairs]:
    """Pairs that cannot be one vehicle, and those of which the links said so until people called them the same."""
    cameras = np.array([tracklet.camera.name for tracklet in component.tracklets], np.str_)
    links = [
        CameraLink(row.source.name, row.target.name, row.min_s, row.max_s)
        for row in component.run.scene.links.select_related("source", "target")
    ]
    starts = np.array([tracklet.start_s for tracklet in component.tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in component.tracklets], np.float64)
    pairs = conflicting_pairs(cameras.tolist(), starts, ends, links)
    one, other = pairs[:, 0], pairs[:, 1]
    roots = linked(component.same)
    vehicle = np.array([roots.get(each, each) for each in component.ids], np.int64)
    holds = (cameras[one] == cameras[other]) | (vehicle[one] != vehicle[other])
    return pairs[holds], pairs[~holds]


def _called_the_same(run: Run, tracklets: list[int]) -> set[int]:
    said = places_that_stand(run=run).filter(verdict__answer=Answer.SAME).order_by()
    pairs = said.filter(Q(left__in=tracklets) | Q(right__in=tracklets)).values_list("left", "right")
    return {end for pair in pairs for end in pair}
