"""ELECTRICITY's synchronisation of single-camera tracklets into identities (METHODS E7)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.matching.candidates import Pairs, candidate_pairs
from ml.matching.checks import require_decisions, require_pairs, require_times
from ml.matching.config import MatcherConfig
from ml.matching.distances import query_distances, query_gallery
from ml.matching.graph import NO_PAIRS, IndexPairs, conflicting_pairs, group_tracklets
from ml.matching.graph.checks import require_column, require_links
from ml.matching.results import SyncedPairs, SyncResult, in_key_order
from ml.types import Bool1D, CameraLink, CameraTracklet, Float1D


def electricity_sync(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    *,
    config: MatcherConfig,
    must_links: IndexPairs = NO_PAIRS,
    cannot_links: IndexPairs = NO_PAIRS,
) -> SyncResult:
    """Join tracklets of linked cameras into identities.

    1. Tracklets whose nearest neighbour in other cameras is beyond `max_thresh` take no part.
    2. T_i and T_j are joined when both d(q_i, T_j) and d(q_j, T_i) are below `sync_thresh` (and, with `mutual`, are
       each other's nearest in those cameras), the nearest pairs first.
    3. A join that would bring two tracklets of one camera at one time into one identity is refused, one that would
       put a vehicle into two separate views at one time too (the paper has neither), and one against
       `cannot_links`; `must_links` come before all ([k, 2] indices of tracklets).

    The order of the tracklets does not change who is joined with whom. UserError: no-views, mixed-embeddings,
    broken-embedding, broken-times, bad-decisions, bad-link.
    """

    def sync(ordered: Sequence[CameraTracklet], must: IndexPairs, cannot: IndexPairs) -> SyncResult:
        return _sync_in_order(ordered, links, config, must, cannot)

    require_decisions(must_links, cannot_links, len(tracklets))
    require_links(links)
    return in_key_order(sync, tracklets, must_links, cannot_links)


def _sync_in_order(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    config: MatcherConfig,
    must_links: IndexPairs,
    cannot_links: IndexPairs,
) -> SyncResult:
    starts = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
    ends = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
    require_times(tracklets, starts, ends)
    pairs = candidate_pairs(tracklets, links)
    split = query_gallery(tracklets, camera_bias=config.camera_bias)
    forth = query_distances(split, pairs.left, pairs.right)
    back = query_distances(split, pairs.right, pairs.left)
    good = joinable(tracklets, pairs, forth, back, config)
    conflicts = conflicting_pairs(
        [tracklet.camera for tracklet in tracklets],
        starts,
        ends,
        links,
    )
    grouping = group_tracklets(
        len(tracklets),
        _stacked(pairs)[good],
        np.maximum(forth, back)[good],
        must_links=must_links,
        cannot_links=cannot_links,
        conflicts=conflicts,
    )
    joined = grouping.labels[pairs.left] == grouping.labels[pairs.right]
    synced = SyncedPairs(pairs.left, pairs.right, forth, back, good, joined)
    return SyncResult(grouping.labels, synced, grouping.refused_must_links)


def joinable(
    tracklets: Sequence[CameraTracklet], pairs: Pairs, forth: Float1D, back: Float1D, config: MatcherConfig
) -> Bool1D:
    """[m] true for the candidate pairs that may be joined: steps 1 and 2 of the sync, before any constraint.

    forth, back  [m] d(q_left, T_right) and d(q_right, T_left)

    UserError: wrong-shape, not-a-number, unknown-tracklet.
    """
    require_pairs(pairs.left, pairs.right, len(tracklets))
    require_column(forth, len(pairs), "the distances forth")
    require_column(back, len(pairs), "the distances back")
    nearest = np.full(len(tracklets), np.inf, np.float32)
    np.minimum.at(nearest, pairs.left, forth)
    np.minimum.at(nearest, pairs.right, back)
    takes_part = nearest <= config.max_thresh
    good: Bool1D = takes_part[pairs.left] & takes_part[pairs.right] & (np.maximum(forth, back) < config.sync_thresh)
    if config.mutual and len(pairs):
        good &= _mutually_nearest(tracklets, pairs, np.maximum(forth, back))
    return good


def _mutually_nearest(tracklets: Sequence[CameraTracklet], pairs: Pairs, distances: Float1D) -> Bool1D:
    names, camera = np.unique([tracklet.camera for tracklet in tracklets], return_inverse=True)
    left = _nearest_of_group(pairs.left * np.int64(len(names)) + camera[pairs.right], distances)
    right = _nearest_of_group(pairs.right * np.int64(len(names)) + camera[pairs.left], distances)
    return left & right


def _nearest_of_group(groups: npt.NDArray[np.int64], distances: Float1D) -> Bool1D:
    """[m] true where the distance is the smallest of its group."""
    names, of_group = np.unique(groups, return_inverse=True)
    smallest = np.full(len(names), np.inf, np.float32)
    np.minimum.at(smallest, of_group, distances)
    nearest: Bool1D = distances == smallest[of_group]
    return nearest


def _stacked(pairs: Pairs) -> IndexPairs:
    return np.column_stack((pairs.left, pairs.right))
