"""What can be set on a tracker."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ml.types import UserError, require_setting

DETECTOR, REID, NONE = "detector", "reid", "none"
FEATURES = (DETECTOR, REID, NONE)

_require = partial(require_setting, "tracker")

# As the papers have it: a track waits for its vehicle by itself, and its boxes are those detected.
_PAPERS: dict[str, Any] = {"max_age": 20, "stitch_gap": 0, "interpolate_gap": 0, "smoothing": 0.0}
# Memory and clean-up belong to the tracker; the other settings have one default for all.
OWN_DEFAULTS: dict[str, dict[str, Any]] = {
    "deepsort": _PAPERS,
    "jde": _PAPERS,
    "stitched": {"max_age": 6, "stitch_gap": 100, "interpolate_gap": 40, "smoothing": 1.5},
}


@dataclass(frozen=True, slots=True)
class TrackerConfig:
    """Settings of single-camera tracking. The defaults are those of `stitched`; `of` gives any tracker's.

    name                  tracker in the registry
    features              appearance that the tracker goes by: "detector" for the features that its network pools
                          (none with `detector.features: false`), "reid" for those of the ReID network, which every
                          detection is shown to, "none" for motion alone
    min_score             detections below this score are not tracked
    confirm_hits          a track counts once it was detected in this many frames running
    max_age               a confirmed track ends after this many frames without a detection
    max_cosine_distance   appearance: the largest distance to the gallery that can be the same vehicle
    gallery_size          DeepSORT: appearance vectors kept for a track, newest replace oldest
    appearance_momentum   JDE: share of the old appearance in a track's smoothed one
    motion_weight         JDE: share of the squared Mahalanobis distance in the first round's cost
    max_iou_distance      the largest 1 - IoU that can be the same vehicle
    gate                  squared Mahalanobis distance; 9.4877 holds 95% of chi-square with 4 degrees of freedom
    begin_score           stitched: only detections this sure begin a track; the others prolong one
    stitch_gap            stitched: frames without a detection that are bridged at most; 0 stitches nothing
    stitch_motion         stitched: heights that the two sides of a gap may miss each other by, all else equal
    roi_margin            pixels around the region of interest that vehicles are followed in too; tracklets end at it
    split_distance        a tracklet is cut where its looks change suddenly, by more than this; 0 cuts nowhere
    min_length            tracklets with fewer detections are dropped
    parked_frames         tracklets that stay in one place for so many frames, all their time, are dropped; 0 keeps them
    interpolate_gap       up to so many missing frames running are filled with boxes on a straight line
    smoothing             standard deviation in frames of the Gaussian that smooths the boxes; 0 leaves them
    """

    name: str = "stitched"
    features: str = DETECTOR
    min_score: float = 0.3
    confirm_hits: int = 3
    max_age: int = 6
    max_cosine_distance: float = 0.3
    gallery_size: int = 100
    appearance_momentum: float = 0.9
    motion_weight: float = 0.02
    max_iou_distance: float = 0.7
    gate: float = 9.4877
    begin_score: float = 0.3
    stitch_gap: int = 100
    stitch_motion: float = 2.0
    roi_margin: int = 0
    split_distance: float = 0.0
    min_length: int = 8
    parked_frames: int = 0
    interpolate_gap: int = 40
    smoothing: float = 1.5

    @classmethod
    def of(cls, **settings: Any) -> TrackerConfig:
        """These settings, those left out as the tracker that they name has them."""
        return cls(**{**OWN_DEFAULTS.get(settings.get("name", cls().name), {}), **settings})

    def with_tracker(self, name: str) -> TrackerConfig:
        """The same for another tracker, with memory and clean-up as that one has them; unchanged for the same."""
        return self if name == self.name else replace(self, name=name, **OWN_DEFAULTS.get(name, {}))

    def __post_init__(self) -> None:
        if self.features not in FEATURES:
            known = ", ".join(FEATURES)
            raise UserError("bad-configuration", f"tracker setting features is {self.features!r}; choose from {known}")
        for name in ("confirm_hits", "max_age", "gallery_size", "min_length"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("stitch_gap", "roi_margin", "parked_frames", "interpolate_gap", "smoothing"):
            _require(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        for name in ("min_score", "begin_score", "max_iou_distance", "motion_weight"):
            _require(0 <= getattr(self, name) <= 1, name, getattr(self, name), "within 0..1")
        for name in ("max_cosine_distance", "split_distance"):
            _require(0 <= getattr(self, name) <= 2, name, getattr(self, name), "within 0..2")
        _require(0 <= self.appearance_momentum < 1, "appearance_momentum", self.appearance_momentum, "in 0..1, below 1")
        _require(self.smoothing < math.inf, "smoothing", self.smoothing, "finite")
        _require(self.gate > 0, "gate", self.gate, "positive")
        _require(self.stitch_motion > 0, "stitch_motion", self.stitch_motion, "positive")
