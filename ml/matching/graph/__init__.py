"""The identity graph: numpy and scipy only, so that the web process can use it."""

from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs, conflicting_pairs
from ml.matching.graph.grouping import Grouping, group_tracklets
from ml.matching.graph.numbers import stable_numbers
from ml.matching.graph.regroup import Contradiction, Regrouping, regroup

__all__ = [
    "NO_PAIRS",
    "Contradiction",
    "Grouping",
    "IndexPairs",
    "Regrouping",
    "conflicting_pairs",
    "group_tracklets",
    "regroup",
    "stable_numbers",
]
