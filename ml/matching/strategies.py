"""The strategies by name."""

from __future__ import annotations

from collections.abc import Sequence

from ml.matching.blocks import MatchStore, nothing_kept
from ml.matching.candidates import links_from_cameras, roomy_links
from ml.matching.config import MatcherConfig
from ml.matching.constrained import constrained_sync
from ml.matching.graph import NO_PAIRS, IndexPairs
from ml.matching.graph.regroup import CONSTRAINED
from ml.matching.results import SyncResult
from ml.matching.sync import electricity_sync
from ml.types import CameraLink, CameraTracklet


def synchronise(
    tracklets: Sequence[CameraTracklet],
    links: Sequence[CameraLink],
    *,
    config: MatcherConfig,
    must_links: IndexPairs = NO_PAIRS,
    cannot_links: IndexPairs = NO_PAIRS,
    store: MatchStore = nothing_kept,
) -> SyncResult:
    """Join tracklets into identities by the configuration's strategy; `store` is for `constrained_sync`."""
    decisions = {"must_links": must_links, "cannot_links": cannot_links}
    if config.strategy == CONSTRAINED:
        return constrained_sync(tracklets, links, config=config, store=store, **decisions)
    return electricity_sync(tracklets, links, config=config, **decisions)


def default_links(config: MatcherConfig, cameras: Sequence[str]) -> list[CameraLink]:
    """Links for a scene that has none, from the order of its cameras."""
    return roomy_links(cameras) if config.strategy == CONSTRAINED else links_from_cameras(cameras)
