"""Pseudo labels of another domain's pictures by DBSCAN (AI City 2021 winner, stage 2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from ml.matching.reranking.cameras import camera_bias_removed, inter_camera_fused
from ml.matching.reranking.checks import features_of, normalised, require_choice
from ml.matching.reranking.clusters import Labels, clustered
from ml.matching.reranking.k_reciprocal import add_jaccard, encoded
from ml.matching.reranking.tracklets import mixed_with_tracklet
from ml.types import Float2D, Int1D, require_setting

_require = partial(require_setting, "pseudo labels")
PLAIN, FUSED = "mean", "fusion"
ROWS = 2048  # of distances in memory at a time


@dataclass(frozen=True, slots=True)
class PseudoLabelConfig:
    """How pictures are clustered; the defaults are those of the released code.

    camera_bias    "fusion": inter-camera fusion with `fusion` as its lambda; "mean": eq. 2, with `alpha`
    own            beta of eq. 3: what a picture's own feature counts beside its tracklet's
    k1, k2         of the Jaccard distance        jaccard  its share, beside that of 1 - cosine
    eps, least     of DBSCAN on the sum: two settings give two sets of labels
    """

    camera_bias: str = FUSED
    fusion: float = 0.0005
    alpha: float = 1.0
    own: float = 0.3
    k1: int = 30
    k2: int = 6
    jaccard: float = 0.9
    eps: float = 0.55
    least: int = 10

    def __post_init__(self) -> None:
        require_choice("camera_bias", self.camera_bias, (PLAIN, FUSED))
        _require(0 <= self.jaccard <= 1, "jaccard", self.jaccard, "within 0..1")
        _require(self.eps >= 0, "eps", self.eps, "0 or more")
        _require(self.least >= 1, "least", self.least, "1 or more")


def pseudo_labels(features: Float2D, cameras: Int1D, tracklets: Labels, config: PseudoLabelConfig) -> Labels:
    """The cluster of each picture [n] int64, -1 where it belongs to none.

    features  [n, d] of all pictures        cameras, tracklets  [n]; a tracklet of -1 is unknown, and the picture's own

    f_I = g_I less its camera (eq. 2), f^_I = beta f_I + (1 - beta) t_I (eq. 3), then DBSCAN on
    jaccard * d_Jaccard + (1 - jaccard) * (1 - cosine).

    UserError as of `inter_camera_fused` and `mixed_with_tracklet`; "bad-configuration".
    """
    one_camera = _without_camera(features_of(features, "picture"), cameras, config)
    mixed = normalised(mixed_with_tracklet(one_camera, tracklets, own=config.own))
    return clustered(_reach(mixed, config), least=config.least)


def _without_camera(features: Float2D, cameras: Int1D, config: PseudoLabelConfig) -> Float2D:
    own = normalised(features)
    if config.camera_bias == PLAIN:
        return normalised(camera_bias_removed(own, own, cameras, cameras, weight=config.alpha)[0])
    return inter_camera_fused(own, own, cameras, cameras, weight=config.fusion)[0]


def _reach(features: Float2D, config: PseudoLabelConfig) -> sparse.csr_array:
    """[n, n] sparse, 1 where the summed distance of two pictures is at most eps; `ROWS` rows are compared at a time."""
    encodings = encoded(features, k1=config.k1, k2=config.k2) if config.jaccard else None
    parts = []
    for first in range(0, len(features), ROWS):
        rows = slice(first, min(first + ROWS, len(features)))
        distances = (1 - config.jaccard) * (1 - features[rows] @ features.T)
        if encodings is not None:
            add_jaccard(distances, encodings[rows], encodings, weight=config.jaccard)
        np.fill_diagonal(distances[:, rows], 0)
        parts.append(sparse.csr_array((distances <= config.eps).astype(np.int8)))
    return sparse.csr_array(sparse.vstack(parts))
