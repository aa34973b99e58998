"""What can be set on a tracker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.types import require_setting

_require = partial(require_setting, "tracker")


@dataclass(frozen=True, slots=True)
class TrackerConfig:
    """Settings of single-camera tracking.

    name                  tracker in the registry
    min_score             detections below this score are not tracked
    confirm_hits          a track counts once it was detected in this many frames running
    max_age               a confirmed track ends after this many frames without a detection
    max_cosine_distance   appearance: the largest distance to the gallery that can be the same vehicle
    gallery_size          DeepSORT: appearance vectors kept for a track, newest replace oldest
    appearance_momentum   JDE: share of the old appearance in a track's smoothed one
    motion_weight         JDE: share of the squared Mahalanobis distance in the first round's cost
    max_iou_distance      the largest 1 - IoU that can be the same vehicle
    gate                  squared Mahalanobis distance; 9.4877 holds 95% of chi-square with 4 degrees of freedom
    min_length            tracklets with fewer boxes are dropped
    """

    name: str = "deepsort"
    min_score: float = 0.3
    confirm_hits: int = 3
    max_age: int = 20
    max_cosine_distance: float = 0.3
    gallery_size: int = 100
    appearance_momentum: float = 0.9
    motion_weight: float = 0.02
    max_iou_distance: float = 0.7
    gate: float = 9.4877
    min_length: int = 8

    def __post_init__(self) -> None:
        for name in ("confirm_hits", "max_age", "gallery_size", "min_length"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        _require(0 <= self.min_score <= 1, "min_score", self.min_score, "within 0..1")
        _require(
            0 <= self.appearance_momentum < 1, "appearance_momentum", self.appearance_momentum, "at least 0, below 1"
        )
        _require(0 <= self.motion_weight <= 1, "motion_weight", self.motion_weight, "within 0..1")
        _require(0 <= self.max_cosine_distance <= 2, "max_cosine_distance", self.max_cosine_distance, "within 0..2")
        _require(0 <= self.max_iou_distance <= 1, "max_iou_distance", self.max_iou_distance, "within 0..1")
        _require(self.gate > 0, "gate", self.gate, "positive")
