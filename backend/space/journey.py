"""One identity on its way from camera to camera, and what of it no vehicle can have done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from backend.accounts.models import User
from backend.identities.selectors import identity_get, members_of
from backend.scenes.models import CameraLink
from backend.space.layout import ground_planes
from backend.space.paths import Way, path_columns, ways_of
from backend.tracking.models import Tracklet
from backend.tracking.selectors import run_get

FASTEST_MPS = 50.0  # 180 km/h, as the crow flies
SLACK_M = 8.0  # by how much two places can be wrong together
LEAST_GAP_S = 0.5
APART_M = 40.0  # so far apart at one time it is not one vehicle
EARLY_S = 1.0  # so much below a link's shortest time is too early


@dataclass(frozen=True, slots=True)
class Leg:
    """From one tracklet to the next in time, or a pair that excludes itself; `problem` is "" where all is well."""

    left: int
    right: int
    gap_s: float
    distance_m: float | None = None
    speed_mps: float | None = None
    problem: str = ""
    reason: str = ""


def journey_of_identity(*, user: User, run_id: int, number: int) -> dict[str, Any]:
    """{run, number, legs, columns as in `paths_of_run`}. Raises NotFound."""
    run = run_get(user=user, run_id=run_id)
    summary = identity_get(run=run, number=number)
    members = members_of(run=run, identities=[summary.identity_id])
    rows = Tracklet.objects.filter(pk__in=members).select_related("camera").defer("scores").order_by("start_s", "id")
    tracklets = list(rows)
    ways = ways_of(tracklets, ground_planes(scene=run.scene))
    links = {(link.source_id, link.target_id): link for link in run.scene.links.all()}
    return {
        "run": run.pk,
        "number": summary.number,
        "legs": legs_of(tracklets, ways, links),
        "columns": path_columns(tracklets, ways, dict.fromkeys(members, summary.number)),
    }


def legs_of(
    tracklets: Sequence[Tracklet], ways: Mapping[int, Way], links: Mapping[tuple[int, int], CameraLink]
) -> list[Leg]:
    """A leg from each tracklet (in order of time) to the next, and one for each pair seen at once in one camera."""
    legs = [_leg(one, other, ways, links) for one, other in pairwise(tracklets)]
    beside = {(leg.left, leg.right) for leg in legs}
    at_once = [pair for pair in combinations(tracklets, 2) if _in_one_view(*pair)]
    return legs + [_overlap(one, other) for one, other in at_once if (one.pk, other.pk) not in beside]


def _in_one_view(one: Tracklet, other: Tracklet) -> bool:
    return one.camera_id == other.camera_id and other.start_s <= one.end_s


def _overlap(one: Tracklet, other: Tracklet) -> Leg:
    until = min(one.end_s, other.end_s)
    reason = (
        f"Tracklets {one.number} and {other.number} are both in view in {one.camera.name} "
        f"for {until - other.start_s:.1f} s: two vehicles, or one of them is a duplicate."
    )
    return Leg(one.pk, other.pk, other.start_s - one.end_s, problem="overlap", reason=reason)


def _leg(one: Tracklet, other: Tracklet, ways: Mapping[int, Way], links: Mapping[tuple[int, int], CameraLink]) -> Leg:
    if _in_one_view(one, other):
        return _overlap(one, other)
    gap_s = other.start_s - one.end_s
    distance = _distance(ways.get(one.pk), ways.get(other.pk), at_once=gap_s < 0)
    speed = None if distance is None or gap_s < 0 else max(distance - SLACK_M, 0.0) / max(gap_s, LEAST_GAP_S)
    problem, reason = _problem(one, other, distance, speed, links.get((one.camera_id, other.camera_id)))
    return Leg(one.pk, other.pk, gap_s, distance, speed, problem, reason)


def _problem(
    one: Tracklet, other: Tracklet, distance: float | None, speed: float | None, link: CameraLink | None
) -> tuple[str, str]:
    names, gap_s = f"{one.camera.name} and {other.camera.name}", other.start_s - one.end_s
    if gap_s < 0 and distance is not None and distance > APART_M:
        return "two-places", f"At one time in {names}, {distance:.0f} m apart: two vehicles."
    if speed is not None and speed > FASTEST_MPS:
        return (
            "speed",
            f"{distance:.0f} m from {names} in {gap_s:.1f} s is {3.6 * speed:.0f} km/h: too fast for one vehicle.",
        )
    if link is not None and gap_s < link.min_s - EARLY_S:
        return "transit", f"{gap_s:.1f} s between {names}; the link says at least {link.min_s:g} s."
    return "", ""


def _distance(one: Way | None, other: Way | None, *, at_once: bool) -> float | None:
    """Metres from where the one ends to where the other begins; of two at once, in the middle of that time."""
    if one is None or other is None or not len(one.times_s) or not len(other.times_s):
        return None
    if not at_once:
        return float(np.hypot(*(other.places[0] - one.places[-1])))
    first, last = max(one.times_s[0], other.times_s[0]), min(one.times_s[-1], other.times_s[-1])
    if first > last:
        return None
    middle = (first + last) / 2
    return float(np.hypot(*(_at(one, middle) - _at(other, middle))))


def _at(way: Way, time_s: float) -> Any:
    return np.array([np.interp(time_s, way.times_s, way.places[:, axis]) for axis in (0, 1)])
