"""The nearest tracklets to a look, in memory."""

from ml.matching.search.nearest import Found, nearest
from ml.matching.search.tracklets import Wanted, nearest_tracklets

__all__ = ["Found", "Wanted", "nearest", "nearest_tracklets"]
