"""Matching across cameras: tracklets and camera links in, identities out."""

from ml.matching.candidates import Pairs, candidate_pairs, links_from_cameras
from ml.matching.config import MatcherConfig
from ml.matching.sync import SyncedPairs, SyncResult, electricity_sync

__all__ = [
    "MatcherConfig",
    "Pairs",
    "SyncResult",
    "SyncedPairs",
    "candidate_pairs",
    "electricity_sync",
    "links_from_cameras",
]
