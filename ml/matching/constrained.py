"""Our synchronisation: constrained average linkage of calibrated match probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.matching.candidates import Pairs, candidate_pairs, fragment_pairs
from ml.matching.columns import Columns
from ml.matching.config import MatcherConfig
from ml.matching.evidence import OrderedPairs, evidence
from ml.matching.graph import NO_PAIRS, IndexPairs, conflicting_pairs, regroup
from ml.matching.graph.regroup import CONSTRAINED
from ml.matching.results import SyncedPairs, SyncResult, in_key_order
from ml.types import CameraLink, CameraTracklet


def constrained_sync(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    *,
    config: MatcherConfig,
    must_links: IndexPairs = NO_PAIRS,
    cannot_links: IndexPairs = NO_PAIRS,
) -> SyncResult:
    """Join tracklets of linked cameras, and pieces of one camera, into identities.

    1. Each pair gets a probability to be one vehicle: appearance, motion on the ground, transit times learned from the
       scene itself, and rivals (`evidence`).
    2. Groups grow by constrained average linkage of log-odds while the mean is above that of `join_probability`.
    3. Groups never hold two tracklets of one camera at one time, a vehicle in two separate views at once, or the ends
       of a cannot-link; `must_links` come before all ([k, 2] indices of tracklets).

    The order of the tracklets does not change who is joined with whom.
    """

    def sync(ordered: Sequence[CameraTracklet], must: IndexPairs, cannot: IndexPairs) -> SyncResult:
        return _sync_in_order(ordered, links, config, must, cannot)

    return in_key_order(sync, tracklets, must_links, cannot_links)


def ordered_pairs(columns: Columns, pairs: Pairs) -> OrderedPairs:
    """The pairs with the one that is seen first (ends first, of equal starts) as the earlier one."""
    left, right = pairs.left, pairs.right
    starts, ends = columns.starts_s, columns.ends_s
    first = (starts[left] < starts[right]) | ((starts[left] == starts[right]) & (ends[left] <= ends[right]))
    earlier, later = np.where(first, left, right), np.where(first, right, left)
    return OrderedPairs(earlier, later, starts[later] - ends[earlier])


def all_candidates(tracklets: Sequence[CameraTracklet], links: Sequence[CameraLink], config: MatcherConfig) -> Pairs:
    """Pairs that a link allows, and pairs of one camera, one after the other within `fragment_s`."""
    linked = candidate_pairs(tracklets, links)
    pieces = fragment_pairs(tracklets, within_s=config.fragment_s)
    return Pairs(np.concatenate((linked.left, pieces.left)), np.concatenate((linked.right, pieces.right)))


def _sync_in_order(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    config: MatcherConfig,
    must_links: IndexPairs,
    cannot_links: IndexPairs,
) -> SyncResult:
    columns, pairs = Columns.of(tracklets), all_candidates(tracklets, links, config)
    weighed = evidence(columns, ordered_pairs(columns, pairs), camera_bias=config.camera_bias)
    probabilities = weighed.probabilities()
    eligible = probabilities >= config.join_probability
    cameras = [tracklet.camera for tracklet in tracklets]
    grouping = regroup(
        len(tracklets),
        np.column_stack((pairs.left, pairs.right)),
        distances=weighed.distances,
        eligible=eligible,
        probabilities=probabilities,
        strategy=CONSTRAINED,
        join_probability=config.join_probability,
        must_links=must_links,
        cannot_links=cannot_links,
        conflicts=conflicting_pairs(cameras, columns.starts_s, columns.ends_s, links),
    )
    refused = np.zeros(len(must_links), np.bool_)
    refused[[contradiction.must_link for contradiction in grouping.contradictions]] = True
    joined = grouping.labels[pairs.left] == grouping.labels[pairs.right]
    distances = weighed.distances
    synced = SyncedPairs(pairs.left, pairs.right, distances, distances, eligible, joined, probabilities, weighed.terms)
    return SyncResult(grouping.labels, synced, refused)
