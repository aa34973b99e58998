"""Pairs of tracklets that can never be one vehicle, by time and place alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_links, require_spans
from ml.matching.ranges import Indices, expanded, unique_pairs
from ml.types import CameraLink, Double1D

IndexPairs = npt.NDArray[np.integer[Any]]  # [m, 2] indices of tracklets
NO_PAIRS: IndexPairs = np.zeros((0, 2), np.int64)
_NOTHING: Indices = np.zeros(0, np.int64)


def conflicting_pairs(
    cameras: Sequence[str], starts_s: Double1D, ends_s: Double1D, links: Sequence[CameraLink]
) -> IndexPairs:
    """[c, 2] indices: in view at one time in one camera, or in two cameras that share no road (`separate_cameras`).

    cameras            [n] camera of each tracklet
    starts_s, ends_s   [n] scene time of its first and last frame, both in view

    UserError: wrong-shape, broken-times, bad-link.
    """
    require_spans(starts_s, ends_s, len(cameras))
    require_links(links)
    rows = rows_by_camera(cameras)
    return np.concatenate((overlapping_pairs(rows, starts_s, ends_s), impossible_pairs(rows, starts_s, ends_s, links)))


def overlapping_pairs(rows: dict[str, Indices], starts_s: Double1D, ends_s: Double1D) -> IndexPairs:
    """Pairs of one camera that are in view at the same time, and so are two vehicles; rows as in `rows_by_camera`."""
    left, right = [_NOTHING], [_NOTHING]
    for of_camera in rows.values():
        order = of_camera[np.argsort(starts_s[of_camera], kind="stable")]
        # In order of start, i overlaps exactly the later ones that start before i ends.
        last = np.searchsorted(starts_s[order], ends_s[order], side="right")
        one, other = expanded(np.arange(1, len(order) + 1), last)
        left.append(order[one])
        right.append(order[other])
    return _distinct(left, right, len(starts_s))


def impossible_pairs(
    rows: dict[str, Indices], starts_s: Double1D, ends_s: Double1D, links: Sequence[CameraLink]
) -> IndexPairs:
    """Pairs in view at the same time in two cameras that a vehicle cannot be in at once (`separate_cameras`)."""
    left, right = [_NOTHING], [_NOTHING]
    for one_camera, other_camera in separate_cameras(links):
        ones, others = rows.get(one_camera, _NOTHING), rows.get(other_camera, _NOTHING)
        others = others[np.argsort(starts_s[others], kind="stable")]
        # The other one appears while the one is in view; the pair in the other order is a pair of its own.
        first = np.searchsorted(starts_s[others], starts_s[ones], side="left")
        one, other = expanded(first, np.searchsorted(starts_s[others], ends_s[ones], side="right"))
        left.append(ones[one])
        right.append(others[other])
    return _distinct(left, right, len(starts_s))


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


def rows_by_camera(cameras: Sequence[str]) -> dict[str, Indices]:
    """Indices of the tracklets of each camera, rising."""
    if not len(cameras):
        return {}
    names, of_row = np.unique(np.asarray(cameras, np.str_), return_inverse=True)
    order = np.argsort(of_row, kind="stable").astype(np.int64)
    parts = np.split(order, np.searchsorted(of_row[order], np.arange(1, len(names))))
    return dict(zip(names.tolist(), parts, strict=True))


def _distinct(left: Sequence[Indices], right: Sequence[Indices], count: int) -> IndexPairs:
    return np.column_stack(unique_pairs(np.concatenate(left), np.concatenate(right), max(count, 1)))
