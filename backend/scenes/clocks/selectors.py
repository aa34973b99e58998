"""What the matches that people confirmed say of the cameras' clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db.models import Min

from backend.media.models import Video
from backend.review.components import given_by, places_that_stand
from backend.review.models import Answer
from backend.review.standing import counting, pairs_with
from backend.scenes.clocks.estimate import Clocks, Sight, clocks_apart, measured, rounding
from backend.scenes.models import CameraLink, Scene
from backend.space.ground import Doubles
from backend.space.layout import ground_planes
from backend.space.paths import ROWS, Way, ways_of
from backend.tracking.models import Run, Tracklet

MOST_MATCHES = 2000  # that are looked at, the newest
USUAL_RATE = 10.0  # frames a second, of a camera whose videos do not say

Ends = tuple[int, int]
NO_WAY = Way(np.zeros(0), np.zeros((0, 2)))


def clock_offsets(*, run: Run) -> list[dict[str, Any]]:
    """Each two cameras with confirmed matches between them, those with most first; see `Clocks`.

    link_s  the window of the link between them in the direction that has most matches, and `median_s`, the middle of
            these matches: one that lies outside of the window is a hint where the offset itself cannot be told
    """
    matched = _confirmed(run)
    planes = ground_planes(scene=run.scene)
    ways = ways_of([tracklet for pair in matched for tracklet in pair], planes)
    between: dict[Ends, list[tuple[Tracklet, Tracklet]]] = defaultdict(list)
    for one, other in matched:
        first, second = sorted((one, other), key=lambda each: each.camera_id)
        between[first.camera_id, second.camera_id].append((first, second))
    links = {(link.source_id, link.target_id): link for link in CameraLink.objects.filter(scene=run.scene)}
    versions = dict(run.scene.cameras.values_list("pk", "version"))
    rates = _slowest_rates(run.scene)
    found = [
        {
            **_offset(ends, pairs, ways, links, rounding(*(rates.get(end, USUAL_RATE) for end in ends))),
            "target_version": versions[ends[1]],
        }
        for ends, pairs in between.items()
    ]
    return sorted(found, key=lambda each: (-each["confirmed"], each["source"], each["target"]))


def _confirmed(run: Run) -> list[tuple[Tracklet, Tracklet]]:
    """Pairs of two cameras that answers call the same vehicle and none contradicts."""
    given = given_by(places_that_stand(run=run).filter(contradicted=False))
    pairs = pairs_with(Answer.SAME, counting(given))[-MOST_MATCHES:]
    rows = Tracklet.objects.filter(pk__in={each for pair in pairs for each in pair}).only(*ROWS).in_bulk()
    known = [(rows[one], rows[other]) for one, other in pairs if one in rows and other in rows]
    return [(one, other) for one, other in known if one.camera_id != other.camera_id]


def _slowest_rates(scene: Scene) -> dict[int, float]:
    """Frames a second of each camera's slowest video that was read."""
    read = Video.objects.filter(camera__scene=scene, fps__gt=0).order_by()
    return dict(read.values_list("camera").annotate(Min("fps")))


def _offset(
    ends: Ends,
    pairs: list[tuple[Tracklet, Tracklet]],
    ways: Mapping[int, Way],
    links: Mapping[Ends, CameraLink],
    rounded_s: float,
) -> dict[str, Any]:
    found = measured([(_sight(one, ways), _sight(other, ways)) for one, other in pairs])
    clocks = clocks_apart(there=found.there, back=found.back, at_one_place=found.at_one_place, rounded_s=rounded_s)
    return {
        "source": ends[0],
        "target": ends[1],
        "confirmed": len(pairs),
        "there": len(found.there),
        "back": len(found.back),
        "at_one_place": len(found.at_one_place),
        **_told(clocks),
        **_beside_link(ends, found.there, found.back, links),
    }


def _sight(row: Tracklet, ways: Mapping[int, Way]) -> Sight:
    return Sight(row.start_s, row.end_s, ways.get(row.pk, NO_WAY))


def _told(clocks: Clocks) -> dict[str, Any]:
    return {
        "method": clocks.method,
        "matches": clocks.matches,
        "offset_s": clocks.offset_s,
        "error_s": clocks.error_s,
        "spread_s": clocks.spread_s,
        "transit_s": clocks.transit_s,
    }


def _beside_link(ends: Ends, there: Doubles, back: Doubles, links: Mapping[Ends, CameraLink]) -> dict[str, Any]:
    seconds, link = (there, links.get(ends)) if len(there) >= len(back) else (back, links.get((ends[1], ends[0])))
    return {
        "median_s": float(np.median(seconds)),
        "link_s": None if link is None else [link.min_s, link.max_s],
    }
