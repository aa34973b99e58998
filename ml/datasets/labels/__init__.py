"""Labels of many cameras in the formats of other tools: one module a format, each writes and reads a folder."""

from ml.datasets.labels.formats import FORMATS, read_labels, write_labels
from ml.datasets.labels.tracks import CameraLabels, Labels, LabelTrack

__all__ = ["FORMATS", "CameraLabels", "LabelTrack", "Labels", "read_labels", "write_labels"]
