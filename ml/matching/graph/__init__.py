"""The identity graph: numpy and scipy only, so that the web process can use it."""

from ml.matching.graph.grouping import NO_PAIRS, Grouping, group_tracklets
from ml.matching.graph.numbers import stable_numbers

__all__ = ["NO_PAIRS", "Grouping", "group_tracklets", "stable_numbers"]
