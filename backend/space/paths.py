"""Ways of vehicles over the ground: the feet of their boxes, projected and thinned for drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.accounts.models import User
from backend.identities.selectors import identity_numbers
from backend.space.ground import Doubles, GroundPlane, camera_place, places_under
from backend.space.layout import ground_planes
from backend.tracking.arrays import unpack_boxes, unpack_frames
from backend.tracking.models import Tracklet
from backend.tracking.selectors import run_get

LARGEST_PAGE = 1000
MOST_POINTS = 24  # of one way
FARTHEST_M = 150.0  # from the camera; beyond, a pixel is metres and places are noise
ROWS = ("pk", "camera", "frames", "boxes", "start_s", "end_s")


@dataclass(frozen=True, slots=True)
class Way:
    """times_s [n] scene time and places [n, 2] metres of one tracklet, in order of time; empty if none is known."""

    times_s: Doubles
    places: Doubles


def paths_of_run(
    *, user: User, run_id: int, after: int, limit: int, from_s: float | None = None, to_s: float | None = None
) -> dict[str, Any]:
    """The ways of tracklets that people see in calibrated cameras, with ids above `after`, at most `limit`.

    Returns {run, next, columns: {id, camera, identity, times_ms, places_cm}}, the last two a list a tracklet:
    scene time, and x, y, x, y, ... Raises NotFound.
    """
    run = run_get(user=user, run_id=run_id)
    planes = ground_planes(scene=run.scene)
    rows = Tracklet.objects.shown().filter(run=run, pk__gt=after, camera__in=planes)
    if from_s is not None:
        rows = rows.filter(end_s__gte=from_s)
    if to_s is not None:
        rows = rows.filter(start_s__lte=to_s)
    found = list(rows.order_by("pk").only(*ROWS)[: limit + 1])
    page = found[:limit]
    numbers = identity_numbers(run=run, tracklet_ids=[row.pk for row in page])
    return {
        "run": run.pk,
        "next": page[-1].pk if len(found) > limit else None,
        "columns": path_columns(page, ways_of(page, planes), numbers),
    }


def ways_of(tracklets: Sequence[Tracklet], planes: Mapping[int, GroundPlane]) -> dict[int, Way]:
    """tracklet id -> its way, of those in cameras with a plane."""
    return {row.pk: way_of(row, planes[row.camera_id]) for row in tracklets if row.camera_id in planes}


def way_of(tracklet: Tracklet, plane: GroundPlane) -> Way:
    """At most MOST_POINTS places of the tracklet, evenly chosen, ends kept; those beyond horizon and reach left out."""
    frames, boxes = unpack_frames(tracklet.frames), unpack_boxes(tracklet.boxes)
    chosen = np.unique(np.linspace(0, len(frames) - 1, MOST_POINTS).round().astype(np.intp))
    feet = np.column_stack(((boxes[chosen, 0] + boxes[chosen, 2]) / 2, boxes[chosen, 3])).astype(np.float64)
    places = places_under(feet, plane)
    eye = camera_place(plane)
    near = np.isfinite(places).all(axis=1)
    if eye is not None:
        near &= np.hypot(*(places - eye).T) <= FARTHEST_M
    share = (frames[chosen] - frames[0]) / max(int(frames[-1] - frames[0]), 1)
    times_s = tracklet.start_s + share * (tracklet.end_s - tracklet.start_s)
    return Way(times_s[near], places[near])


def path_columns(
    tracklets: Sequence[Tracklet], ways: Mapping[int, Way], numbers: Mapping[int, int]
) -> dict[str, list[Any]]:
    """As JSON: whole milliseconds and centimetres."""
    known = [row for row in tracklets if row.pk in ways]
    return {
        "id": [row.pk for row in known],
        "camera": [row.camera_id for row in known],
        "identity": [numbers.get(row.pk, 0) for row in known],
        "times_ms": [(1000 * ways[row.pk].times_s).round().astype(int).tolist() for row in known],
        "places_cm": [(100 * ways[row.pk].places).round().astype(int).ravel().tolist() for row in known],
    }
