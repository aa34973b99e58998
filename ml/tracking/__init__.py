"""Single-camera tracking: detections in, tracklets out."""

from ml.tracking.config import TrackerConfig
from ml.tracking.registry import Tracker, create_tracker

__all__ = ["Tracker", "TrackerConfig", "create_tracker"]
