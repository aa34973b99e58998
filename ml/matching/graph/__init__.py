"""The identity graph: numpy and scipy only, so that the web process can use it."""

from ml.matching.graph.conflicts import NO_PAIRS, IndexPairs, conflicting_pairs
from ml.matching.graph.grouping import Grouping, group_tracklets
from ml.matching.graph.meetings import Meetings, meetings
from ml.matching.graph.numbers import stable_numbers
from ml.matching.graph.order import chances_between, expected_changes, review_order, settled_pairs
from ml.matching.graph.overlap import attached, shared_iou
from ml.matching.graph.regroup import Contradiction, Regrouping, regroup

__all__ = [
    "NO_PAIRS",
    "Contradiction",
    "Grouping",
    "IndexPairs",
    "Meetings",
    "Regrouping",
    "attached",
    "chances_between",
    "conflicting_pairs",
    "expected_changes",
    "group_tracklets",
    "meetings",
    "regroup",
    "review_order",
    "settled_pairs",
    "shared_iou",
    "stable_numbers",
]
