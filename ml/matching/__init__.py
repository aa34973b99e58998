"""Matching across cameras: tracklets and camera links in, identities out."""

from ml.matching.candidates import Pairs, candidate_pairs, links_from_cameras, roomy_links
from ml.matching.config import MatcherConfig
from ml.matching.constrained import constrained_sync
from ml.matching.results import SyncedPairs, SyncResult
from ml.matching.strategies import synchronise
from ml.matching.sync import electricity_sync

__all__ = [
    "MatcherConfig",
    "Pairs",
    "SyncResult",
    "SyncedPairs",
    "candidate_pairs",
    "constrained_sync",
    "electricity_sync",
    "links_from_cameras",
    "roomy_links",
    "synchronise",
]
