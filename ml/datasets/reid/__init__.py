"""Sets of pictures for re-identification: one table for all of them, and a reader for each published layout."""

from ml.datasets.reid.pictures import read_picture
from ml.datasets.reid.reading import LAYOUTS, read_reid
from ml.datasets.reid.sets import ReidSet, gallery_draw
from ml.datasets.reid.table import ReidTable

__all__ = ["LAYOUTS", "ReidSet", "ReidTable", "gallery_draw", "read_picture", "read_reid"]
