"""Steps of a post file that make distances of features, with their settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from ml.matching.reranking.chain import Chain, Stage
from ml.matching.reranking.checks import require_choice
from ml.matching.reranking.k_reciprocal import k_reciprocal, require_settings
from ml.matching.reranking.measures import MEASURES, measured
from ml.matching.reranking.tracklets import (
    Pooling,
    average_features,
    nearest_frame,
    tracklet_distances,
    tracklet_k_reciprocal,
    weighted_features,
)

TRACKLETS = ("none", "average", "weighted")


def _pooling(tracklets: str, threshold: float, measure: str) -> Pooling:
    if tracklets == "average":
        return average_features
    return partial(weighted_features, threshold=threshold, measure=measure)


@dataclass(frozen=True)
class Distance:
    """Plain distances.

    measure    cosine or euclidean
    tracklets  none: to pictures; average, weighted: to tracklets' features; nearest: to their nearest pictures
    threshold  of weighted features, in the measure's unit
    """

    stage = Stage.RANKING
    measure: str = "cosine"
    tracklets: str = "none"
    threshold: float = 0.2

    def __post_init__(self) -> None:
        require_choice("distance: measure", self.measure, tuple(MEASURES))
        require_choice("distance: tracklets", self.tracklets, (*TRACKLETS, "nearest"))

    def apply(self, chain: Chain) -> Chain:
        if self.tracklets in ("none", "nearest"):
            plain = chain.ranked(partial(measured, measure=self.measure))
            if self.tracklets == "none":
                return plain
            return plain.corrected(partial(nearest_frame, tracklets=chain.tracklets()))
        pooling = _pooling(self.tracklets, self.threshold, self.measure)
        to_tracklets = partial(tracklet_distances, pooling=pooling, measure=self.measure, tracklets=chain.tracklets())
        return chain.ranked(to_tracklets)


@dataclass(frozen=True)
class KReciprocal:
    """k-reciprocal re-ranking of pictures, or of tracklets.

    tracklets  none; average: AF-TRR; weighted: WF-TRR, whose threshold is a distance of `measure`
    """

    stage = Stage.RANKING
    k1: int = 20
    k2: int = 6
    lambda_: float = 0.3
    tracklets: str = "none"
    threshold: float = 0.2
    measure: str = "cosine"

    def __post_init__(self) -> None:
        require_settings(self.k1, self.k2, self.lambda_)
        require_choice("k_reciprocal: tracklets", self.tracklets, TRACKLETS)
        require_choice("k_reciprocal: measure", self.measure, tuple(MEASURES))

    def apply(self, chain: Chain) -> Chain:
        if self.tracklets == "none":
            return chain.ranked(partial(k_reciprocal, k1=self.k1, k2=self.k2, lambda_=self.lambda_))
        pooling = _pooling(self.tracklets, self.threshold, self.measure)
        of_tracklets = partial(tracklet_k_reciprocal, tracklets=chain.tracklets(), pooling=pooling)
        return chain.ranked(partial(of_tracklets, k1=self.k1, k2=self.k2, lambda_=self.lambda_))
