"""The gallery as tracklets: one feature each, distances to tracklets, and pictures again."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import UNKNOWN, Ids, features_of, pair_of, require_labels, require_matrix
from ml.matching.reranking.k_reciprocal import k_reciprocal
from ml.matching.reranking.measures import measured
from ml.types import Float2D, UserError, require_setting

Rows = npt.NDArray[np.int64]
NEVER_ZERO = 0.01  # added to distances before they become weights (eq. 4)


class Pooling(Protocol):
    """Makes features [t, d] of the tracklets [n] of gallery pictures, numbered 0 to t - 1."""

    def __call__(self, query: Float2D, gallery: Float2D, tracklets: Rows) -> Float2D: ...


def dense_tracklets(tracklets: Ids) -> Rows:
    """[n] the same tracklets numbered 0 to t - 1; each picture whose tracklet is unknown, -1, is one of its own.

    UserError "wrong-shape".
    """
    require_labels(tracklets, len(tracklets), "tracklets")
    alone = tracklets == UNKNOWN
    separate = np.where(alone, -1 - np.arange(len(tracklets)), tracklets)
    return np.unique(separate, return_inverse=True)[1].astype(np.int64).reshape(-1)


def average_features(query: Float2D, gallery: Float2D, tracklets: Rows) -> Float2D:
    """AF: f_T = 1/j sum_j f_t,j (multi-domain learning, eq. 3); tracklets [n] numbered 0 to t - 1.

    UserError as of `features_of`; "wrong-shape", "unknown-tracklet".
    """
    gallery = features_of(gallery, "gallery")
    _require_dense(tracklets, len(gallery))
    return _weighted_sums(gallery, tracklets, np.ones(len(gallery)))


def weighted_features(
    query: Float2D, gallery: Float2D, tracklets: Rows, *, threshold: float = 0.2, measure: str = "cosine"
) -> Float2D:
    """WF: f_T = sum_j W_j f_t,j with W_j = 1 / (A_j + 0.01), divided by their sum (eqs. 4 and 5) [t, d].

    A_j is the mean distance of frame j to those queries of which some frame of the tracklet is nearer than `threshold`;
    where there is none, to those whose nearest frame is nearest of all.

    tracklets  [n] numbered 0 to t - 1      measure  of the distances, which the threshold belongs to

    UserError as of `pair_of`; "wrong-shape", "unknown-tracklet", "bad-configuration".
    """
    require_setting("weighted features", threshold >= 0, "threshold", threshold, "0 or more")
    distances = measured(query, gallery, measure)
    _require_dense(tracklets, len(gallery))
    means = np.empty(len(gallery), np.float64)
    for rows in _rows_of(tracklets):
        part = distances[:, rows]
        smallest = part.min(axis=1)
        asking = smallest < threshold
        means[rows] = part[asking if asking.any() else smallest == smallest.min()].mean(axis=0, dtype=np.float64)
    return _weighted_sums(gallery, tracklets, 1 / (np.maximum(means, 0) + NEVER_ZERO))


def tracklet_k_reciprocal(
    query: npt.NDArray[np.floating],
    gallery: npt.NDArray[np.floating],
    tracklets: Ids,
    *,
    pooling: Pooling = weighted_features,
    k1: int = 20,
    k2: int = 6,
    lambda_: float = 0.3,
) -> Float2D:
    """WF-TRR, or AF-TRR with `average_features`: k-reciprocal re-ranking of tracklets (multi-domain learning, 3.4).

    Each query is a tracklet of one frame; a picture's distance is that of its tracklet: [queries, gallery].

    tracklets  [gallery] any numbers, -1 where unknown

    UserError as of `k_reciprocal`, or "wrong-shape" of the tracklets.
    """
    query, gallery = pair_of(query, gallery)
    numbers = _numbered(tracklets, len(gallery))
    return k_reciprocal(query, pooling(query, gallery, numbers), k1=k1, k2=k2, lambda_=lambda_)[:, numbers]


def tracklet_distances(
    query: npt.NDArray[np.floating],
    gallery: npt.NDArray[np.floating],
    tracklets: Ids,
    *,
    pooling: Pooling = weighted_features,
    measure: str = "cosine",
) -> Float2D:
    """Image to tracklet: d(q, T) of the tracklet's feature, tiled over its pictures, [queries, gallery]."""
    query, gallery = pair_of(query, gallery)
    numbers = _numbered(tracklets, len(gallery))
    return measured(query, pooling(query, gallery, numbers), measure)[:, numbers]


def nearest_frame(distances: Float2D, tracklets: Ids) -> Float2D:
    """d(q, T) = min over the frames of T (ELECTRICITY's N x M matrix), tiled over its pictures, [queries, gallery].

    UserError as of `require_distances`, or "wrong-shape" of the tracklets.
    """
    require_matrix(distances)
    numbers = _numbered(tracklets, distances.shape[1])
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(numbers.max() + 1))
    smallest: Float2D = np.minimum.reduceat(distances[:, order], starts, axis=1)
    return smallest[:, numbers]


def mixed_with_tracklet(features: npt.NDArray[np.floating], tracklets: Ids, *, own: float = 0.3) -> Float2D:
    """f^ = own f_I + (1 - own) t_I, t_I the mean of the picture's tracklet (AI City 2021 winner, eq. 3) [n, d].

    UserError as of `features_of`; "bad-configuration"; "wrong-shape" of the tracklets.
    """
    require_setting("tracklet mixing", 0 <= own <= 1, "own", own, "within 0..1")
    pictures = features_of(features, "picture")
    numbers = _numbered(tracklets, len(pictures))
    mixed: Float2D = (
        np.float32(own) * pictures + np.float32(1 - own) * average_features(pictures, pictures, numbers)[numbers]
    )
    return mixed


def _require_dense(tracklets: Rows, count: int) -> None:
    require_labels(tracklets, count, "tracklets")
    known = np.unique(tracklets)
    if not np.array_equal(known, np.arange(len(known))):
        raise UserError("unknown-tracklet", f"tracklets are {known[0]} to {known[-1]}; 0, 1, 2, and so on are needed")


def _numbered(tracklets: Ids, count: int) -> Rows:
    require_labels(tracklets, count, "tracklets")
    return dense_tracklets(tracklets)


def _rows_of(numbers: Rows) -> list[Rows]:
    """The rows of each of the groups 0, 1, 2, ..."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.searchsorted(numbers[order], np.arange(1, numbers.max() + 1)))


def _weighted_sums(features: Float2D, numbers: Rows, weights: npt.NDArray[np.float64]) -> Float2D:
    """[t, d] means of the rows of each group, weighted."""
    totals = np.bincount(numbers, weights)
    sums = np.zeros((len(totals), features.shape[1]), np.float32)
    np.add.at(sums, numbers, features * (weights / totals[numbers])[:, None].astype(np.float32))
    return sums
