"""Which tracklets can be one vehicle at all: linked cameras, and the right time between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ml.matching.checks import require_different, require_times
from ml.matching.graph.checks import require_links
from ml.matching.graph.conflicts import rows_by_camera
from ml.matching.ranges import Indices, expanded, unique_pairs
from ml.types import CameraLink, CameraTracklet, Double1D, Int1D

DEFAULT_WINDOW_S = 60.0  # wide: a minute either way between neighbouring cameras
REACH_S, OVERLAP_S, NEIGHBOURS = 90.0, 3.0, 2  # of `roomy_links`


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
    """Links for a scene that has none: cameras next to each other in `order`, both ways, within +-window_s.

    UserError: camera-twice, bad-link.
    """
    require_different(order)
    links = [
        CameraLink(source, target, -window_s, window_s)
        for one, other in pairwise(order)
        for source, target in ((one, other), (other, one))
    ]
    require_links(links)
    return links


def roomy_links(order: Sequence[str]) -> list[CameraLink]:
    """Links for a scene that has none, for a strategy that learns its transit times: next cameras and those after them.

    Both ways, and from `OVERLAP_S` before the end of a tracklet to `REACH_S` after it. UserError: camera-twice.
    """
    require_different(order)
    return [
        CameraLink(source, target, -OVERLAP_S, REACH_S)
        for place, one in enumerate(order)
        for other in order[place + 1 : place + 1 + NEIGHBOURS]
        for source, target in ((one, other), (other, one))
    ]


def fragment_link(camera: str, within_s: float) -> CameraLink:
    """From a camera to itself: a piece of a track begins 0 to `within_s` seconds after another one's end.

    UserError: bad-link.
    """
    link = CameraLink(camera, camera, 0.0, within_s)
    require_links([link])
    return link


def candidate_pairs(tracklets: Sequence[CameraTracklet], links: Sequence[CameraLink]) -> Pairs:
    """Pairs that a link allows: start of the one - end of the other within the link's min_s..max_s.

    Sorted search in each link's cameras: time and memory grow with the pairs found, never with N x N.
    UserError: broken-times, bad-link.
    """
    rows = rows_by_camera([tracklet.camera for tracklet in tracklets])
    starts = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
    require_times(tracklets, starts, ends)
    require_links(links)
    found = [link_pairs(link, rows, starts, ends) for link in links if link.source != link.target]
    return _distinct(found, len(tracklets))


def _distinct(found: Sequence[tuple[Indices, Indices]], count: int) -> Pairs:
    nothing = np.zeros(0, np.int64)
    left = np.concatenate([nothing, *(pair[0] for pair in found)])
    right = np.concatenate([nothing, *(pair[1] for pair in found)])
    low, high = unique_pairs(left, right, max(count, 1))
    return Pairs(low.astype(np.int32), high.astype(np.int32))


def link_pairs(link: CameraLink, rows: dict[str, Indices], starts: Double1D, ends: Double1D) -> tuple[Indices, Indices]:
    """(source's, target's) rows of the pairs that the link allows; rows as in `rows_by_camera`, times [n] seconds.

    A tracklet is never paired with itself, not even one of a single frame, which begins when it ends.
    """
    nothing = np.zeros(0, np.int64)
    sources, targets = rows.get(link.source, nothing), rows.get(link.target, nothing)
    targets = targets[np.argsort(starts[targets], kind="stable")]
    first = np.searchsorted(starts[targets], ends[sources] + link.min_s, side="left")
    last = np.searchsorted(starts[targets], ends[sources] + link.max_s, side="right")
    one, other = expanded(first, last)
    different = sources[one] != targets[other]
    return sources[one[different]], targets[other[different]]
