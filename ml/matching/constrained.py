"""Our synchronisation: constrained average linkage of calibrated match probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.matching.blocks import MatchStore, compared_pairs, nothing_kept
from ml.matching.checks import require_decisions
from ml.matching.columns import Columns
from ml.matching.config import MatcherConfig
from ml.matching.graph import NO_PAIRS, IndexPairs, conflicting_pairs, regroup
from ml.matching.graph.checks import require_links
from ml.matching.graph.growth import GrownParts
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
    store: MatchStore = nothing_kept,
) -> SyncResult:
    """Join tracklets of linked cameras, and pieces of one camera, into identities.

    1. Each pair gets a probability to be one vehicle: appearance, motion on the ground, transit times learned from the
       scene itself, and rivals (`evidence`), two cameras at a time (`blocks`).
    2. Groups grow by constrained average linkage of log-odds while the mean is above that of `join_probability`.
    3. Groups never hold two tracklets of one camera at one time, a vehicle in two separate views at once, or the ends
       of a cannot-link; `must_links` come before all ([k, 2] indices of tracklets).

    The order of the tracklets does not change who is joined with whom.

    UserError: mixed-embeddings, broken-embedding, broken-times, bad-decisions, bad-link.

    store  keeps the evidence of each two cameras and what each component of the graph became: of what it has from the
           match before, nothing is compared or grown again; the result is the same
    """

    def sync(ordered: Sequence[CameraTracklet], must: IndexPairs, cannot: IndexPairs) -> SyncResult:
        return _sync_in_order(ordered, links, config, must, cannot, store)

    require_decisions(must_links, cannot_links, len(tracklets))
    require_links(links)
    return in_key_order(sync, tracklets, must_links, cannot_links)


def _sync_in_order(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    config: MatcherConfig,
    must_links: IndexPairs,
    cannot_links: IndexPairs,
    store: MatchStore,
) -> SyncResult:
    columns = Columns.of(tracklets)
    pairs = compared_pairs(columns, links, config, store)
    eligible = pairs.probabilities >= config.join_probability
    cameras = [tracklet.camera for tracklet in tracklets]
    known = store.known_parts()
    parts = None if known is None else GrownParts(known, {})
    grouping = regroup(
        len(tracklets),
        np.column_stack((pairs.left, pairs.right)),
        distances=pairs.distances,
        eligible=eligible,
        probabilities=pairs.probabilities,
        strategy=CONSTRAINED,
        join_probability=config.join_probability,
        must_links=must_links,
        cannot_links=cannot_links,
        conflicts=conflicting_pairs(cameras, columns.starts_s, columns.ends_s, links),
        parts=parts,
    )
    if parts is not None:
        store.keep_parts(parts.seen)
    refused = np.zeros(len(must_links), np.bool_)
    refused[[contradiction.must_link for contradiction in grouping.contradictions]] = True
    joined = grouping.labels[pairs.left] == grouping.labels[pairs.right]
    distances, probabilities = pairs.distances, pairs.probabilities
    synced = SyncedPairs(pairs.left, pairs.right, distances, distances, eligible, joined, probabilities, pairs.terms)
    return SyncResult(grouping.labels, synced, refused)
