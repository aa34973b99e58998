"""What can be set on the matcher."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.types import require_setting

_require = partial(require_setting, "matcher")


@dataclass(frozen=True, slots=True)
class MatcherConfig:
    """Settings of matching across cameras. Distances are Euclidean between L2-normalised embeddings, 0..2.

    Thresholds belong to one embedding: these to efficientnet-lite0-lda on the default tracker's tracklets, chosen on
    the first half of the benchmark city.

    max_thresh     a tracklet whose nearest neighbour in other cameras is farther than this is left alone
    sync_thresh    two tracklets are joined when both query-to-tracklet distances are below this
    mutual         join only pairs that are each other's nearest neighbour in that camera
    camera_bias    share of each camera's mean embedding that is subtracted before distances (0 = none)
    """

    max_thresh: float = 1.2
    sync_thresh: float = 1.2
    mutual: bool = True
    camera_bias: float = 0.25

    def __post_init__(self) -> None:
        _require(0 <= self.max_thresh <= 2, "max_thresh", self.max_thresh, "within 0..2")
        _require(0 <= self.sync_thresh <= 2, "sync_thresh", self.sync_thresh, "within 0..2")
        _require(0 <= self.camera_bias <= 1, "camera_bias", self.camera_bias, "within 0..1")
