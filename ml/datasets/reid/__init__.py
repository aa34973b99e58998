"""Sets of pictures for re-identification: one table for all of them, and a reader for each published layout."""

from ml.datasets.reid.table import ReidTable

__all__ = ["ReidTable"]
