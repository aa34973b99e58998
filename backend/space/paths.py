"""Ways of vehicles over the ground: the feet of their boxes, projected and thinned for drawing."""

from __future__ import annotations

from collections import defaultdict
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
    """tracklet id -> its way, of those in cameras with a plane: MOST_POINTS places, evenly chosen, ends kept.

    Places beyond the horizon and farther than FARTHEST_M are left out.
    """
    by_camera: dict[int, list[Tracklet]] = defaultdict(list)
    for row in tracklets:
        if row.camera_id in planes:
            by_camera[row.camera_id].append(row)
    found: dict[int, Way] = {}
    for camera, rows in by_camera.items():
        found |= _ways_in_camera(rows, planes[camera])
    return found


def _ways_in_camera(rows: Sequence[Tracklet], plane: GroundPlane) -> dict[int, Way]:
    moments, feet = zip(*(_thinned(row) for row in rows), strict=True)
    places = places_under(np.concatenate(feet), plane)
    near = np.isfinite(places).all(axis=1)
    eye = camera_place(plane)
    if eye is not None:
        near &= np.hypot(*(places - eye).T) <= FARTHEST_M
    ends = np.cumsum([len(times) for times in moments])[:-1]
    parts = zip(rows, moments, np.split(places, ends), np.split(near, ends), strict=True)
    return {row.pk: Way(times[kept], seen[kept]) for row, times, seen, kept in parts}


def _thinned(tracklet: Tracklet) -> tuple[Doubles, Doubles]:
    """([k] scene times, [k, 2] bottom middles of boxes, pixels), k <= MOST_POINTS."""
    frames, boxes = unpack_frames(tracklet.frames), unpack_boxes(tracklet.boxes)
    chosen = np.unique(np.linspace(0, len(frames) - 1, MOST_POINTS).round().astype(np.intp))
    picked = boxes[chosen].astype(np.float64)
    share = (frames[chosen] - frames[0]) / max(int(frames[-1] - frames[0]), 1)
    times_s: Doubles = tracklet.start_s + share * (tracklet.end_s - tracklet.start_s)
    return times_s, np.column_stack(((picked[:, 0] + picked[:, 2]) / 2, picked[:, 3]))


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
