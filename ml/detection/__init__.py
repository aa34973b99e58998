"""Vehicle detection: detectors by name, suppression of doubles, the region of interest."""

from ml.detection.config import DetectorConfig
from ml.detection.filters import inside_roi, inter_class_nms
from ml.detection.registry import DETECTORS, Detector, create_detector, detector_checksum, detector_weights

__all__ = [
    "DETECTORS",
    "Detector",
    "DetectorConfig",
    "create_detector",
    "detector_checksum",
    "detector_weights",
    "inside_roi",
    "inter_class_nms",
]
