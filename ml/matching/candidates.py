"""Which tracklets can be one vehicle at all: linked cameras, and the right time between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ml.matching.ranges import Indices, expanded, unique_pairs
from ml.types import CameraLink, CameraTracklet, Double1D, Int1D

DEFAULT_WINDOW_S = 60.0  # wide: a minute either way between neighbouring cameras


@dataclass(frozen=True, slots=True)
class Pairs:
    """m pairs of tracklets by index, each pair once.

    left, right  [m] int32, left < right
    """

    left: Int1D
    right: Int1D

    def __len__(self) -> int:
        return len(self.left)


def links_from_cameras(order: Sequence[str], *, window_s: float = DEFAULT_WINDOW_S) -> list[CameraLink]:
    """Links for a scene that has none: cameras next to each other in `order`, both ways, within +-window_s."""
    return [
        CameraLink(source, target, -window_s, window_s)
        for one, other in pairwise(order)
        for source, target in ((one, other), (other, one))
    ]


def candidate_pairs(tracklets: Sequence[CameraTracklet], links: Sequence[CameraLink]) -> Pairs:
    """Pairs that a link allows: start of the one - end of the other within the link's min_s..max_s.

    Sorted search in each link's cameras: time and memory grow with the pairs found, never with N x N.
    """
    rows = rows_by_camera(tracklets)
    starts = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
    found = [_pairs_of_link(link, rows, starts, ends) for link in links if link.source != link.target]
    nothing = np.zeros(0, np.int64)
    left = np.concatenate([nothing, *(pair[0] for pair in found)])
    right = np.concatenate([nothing, *(pair[1] for pair in found)])
    low, high = unique_pairs(left, right, max(len(tracklets), 1))
    return Pairs(low.astype(np.int32), high.astype(np.int32))


def overlapping_pairs(tracklets: Sequence[CameraTracklet]) -> Pairs:
    """Pairs of one camera that are in view at the same time, and so are two vehicles."""
    starts = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
    nothing = np.zeros(0, np.int64)
    left, right = [nothing], [nothing]
    for rows in rows_by_camera(tracklets).values():
        order = rows[np.argsort(starts[rows], kind="stable")]
        # In order of start, i overlaps exactly the later ones that start before i ends.
        last = np.searchsorted(starts[order], ends[order], side="right")
        one, other = expanded(np.arange(1, len(order) + 1), last)
        left.append(order[one])
        right.append(order[other])
    low, high = unique_pairs(np.concatenate(left), np.concatenate(right), max(len(tracklets), 1))
    return Pairs(low.astype(np.int32), high.astype(np.int32))


def impossible_pairs(tracklets: Sequence[CameraTracklet], links: Sequence[CameraLink]) -> Pairs:
    """Pairs in view at the same time in two cameras that a vehicle cannot be in at once (`separate_cameras`)."""
    rows = rows_by_camera(tracklets)
    starts = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
    nothing = np.zeros(0, np.int64)
    left, right = [nothing], [nothing]
    for one_camera, other_camera in separate_cameras(links):
        ones, others = rows.get(one_camera, nothing), rows.get(other_camera, nothing)
        others = others[np.argsort(starts[others], kind="stable")]
        # The other one appears while the one is in view; the pair in the other order is a pair of its own.
        first = np.searchsorted(starts[others], starts[ones], side="left")
        one, other = expanded(first, np.searchsorted(starts[others], ends[ones], side="right"))
        left.append(ones[one])
        right.append(others[other])
    low, high = unique_pairs(np.concatenate(left), np.concatenate(right), max(len(tracklets), 1))
    return Pairs(low.astype(np.int32), high.astype(np.int32))


def separate_cameras(links: Sequence[CameraLink]) -> list[tuple[str, str]]:
    """Ordered pairs of cameras, one or two links apart, whose views share no road.

    A link whose window begins at 0 or later says so of its two cameras, and a chain of two such links of its ends. A
    window that begins below 0 says that the views may overlap.
    """
    overlapping = {frozenset((link.source, link.target)) for link in links if link.min_s < 0}
    neighbours: dict[str, set[str]] = {}
    for link in links:
        if link.source != link.target and frozenset((link.source, link.target)) not in overlapping:
            neighbours.setdefault(link.source, set()).add(link.target)
            neighbours.setdefault(link.target, set()).add(link.source)
    reached = {
        (camera, far)
        for camera, near in neighbours.items()
        for far in near.union(*(neighbours[each] for each in near)) - {camera}
    }
    return sorted(pair for pair in reached if frozenset(pair) not in overlapping)


def rows_by_camera(tracklets: Sequence[CameraTracklet]) -> dict[str, Indices]:
    """Indices of the tracklets of each camera, rising."""
    if not tracklets:
        return {}
    names, of_row = np.unique([tracklet.camera for tracklet in tracklets], return_inverse=True)
    order = np.argsort(of_row, kind="stable").astype(np.int64)
    parts = np.split(order, np.searchsorted(of_row[order], np.arange(1, len(names))))
    return dict(zip(names.tolist(), parts, strict=True))


def _pairs_of_link(
    link: CameraLink, rows: dict[str, Indices], starts: Double1D, ends: Double1D
) -> tuple[Indices, Indices]:
    nothing = np.zeros(0, np.int64)
    sources, targets = rows.get(link.source, nothing), rows.get(link.target, nothing)
    targets = targets[np.argsort(starts[targets], kind="stable")]
    first = np.searchsorted(starts[targets], ends[sources] + link.min_s, side="left")
    last = np.searchsorted(starts[targets], ends[sources] + link.max_s, side="right")
    one, other = expanded(first, last)
    return sources[one], targets[other]
