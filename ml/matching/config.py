"""What can be set on the matcher."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.matching.graph.regroup import CONSTRAINED, require_strategy
from ml.types import require_setting

_require = partial(require_setting, "matcher")


@dataclass(frozen=True, slots=True)
class MatcherConfig:
    """Settings of matching across cameras. Distances are Euclidean between L2-normalised embeddings, 0..2.

    strategy          "electricity" (the paper's, by max_thresh, sync_thresh and mutual) or "constrained" (by calibrated
                      probabilities)
    join_probability  constrained: groups grow while their members are one vehicle with at least this probability
    fragment_s        constrained: tracklets of one camera may be one vehicle if so many seconds apart at most
    max_thresh        electricity: a tracklet whose nearest in other cameras is farther than this is left alone
    sync_thresh       electricity: two tracklets are joined when both query-to-tracklet distances are below this
    mutual            electricity: join only pairs that are each other's nearest neighbour in that camera
    camera_bias       share of each camera's mean embedding that is subtracted before distances (0 = none)

    ELECTRICITY's thresholds belong to one embedding: these to efficientnet-lite0-levels on the default tracker's
    tracklets. All were chosen on the first half of the benchmark city.
    """

    strategy: str = CONSTRAINED
    join_probability: float = 0.15
    fragment_s: float = 60.0
    max_thresh: float = 1.1
    sync_thresh: float = 1.1
    mutual: bool = True
    camera_bias: float = 0.25

    def __post_init__(self) -> None:
        require_strategy(self.strategy)
        _require(0 < self.join_probability < 1, "join_probability", self.join_probability, "above 0 and below 1")
        _require(self.fragment_s >= 0, "fragment_s", self.fragment_s, "at least 0")
        _require(0 <= self.max_thresh <= 2, "max_thresh", self.max_thresh, "within 0..2")
        _require(0 <= self.sync_thresh <= 2, "sync_thresh", self.sync_thresh, "within 0..2")
        _require(0 <= self.camera_bias <= 1, "camera_bias", self.camera_bias, "within 0..1")
