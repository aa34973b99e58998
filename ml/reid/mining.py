"""Labels for pictures that come without: identity mining and k-means (multi-domain learning, section 3.3).

Features are [n, d] and are L2-normalised here; distances are Euclidean. Labels are [n] int64, -1 for none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.cluster.vq import kmeans2

from ml.types import Double2D, Float2D, UserError, require_setting

NONE = -1
Labels = npt.NDArray[np.int64]


def identity_seeds(queries: Float2D, *, d_n: float = 0.49, first: int = 0) -> Labels:
    """Rows of pictures that show different vehicles, the first stage of identity mining (eqs. 2 and 3).

    L begins with row `first`. While some picture is farther than `d_n` from all of L, the one of these whose distances
    to L have the largest sum joins it. (The printed arg min would be the least dissimilar candidate; the text asks for
    the most dissimilar.) Of equals the first.

    UserError "bad-configuration": `first` is no row, or d_n is negative.
    """
    require_setting("identity mining", d_n >= 0, "d_n", d_n, "0 or more")
    require_setting("identity mining", 0 <= first < len(queries), "first", first, f"a query, 0..{len(queries) - 1}")
    features = _normalised(queries)
    seeds, nearest, total = [first], np.full(len(features), np.inf), np.zeros(len(features))
    while True:
        distances = _distances(features, features[seeds[-1:]])[:, 0]
        nearest, total = np.minimum(nearest, distances), total + distances
        nearest[seeds[-1]] = 0  # rounding may put a picture a little away from itself
        candidates = nearest > d_n
        if not candidates.any():
            return np.array(seeds, np.int64)
        seeds.append(int(np.argmax(np.where(candidates, total, -np.inf))))


def mined_labels(features: Float2D, seeds: Float2D, *, d_p: float = 0.23) -> Labels:
    """The nearest seed of each picture that has one nearer than `d_p`, the second stage of identity mining.

    UserError "bad-configuration": d_p is negative.
    """
    require_setting("identity mining", d_p >= 0, "d_p", d_p, "0 or more")
    distances = _distances(_normalised(features), _normalised(seeds))
    nearest = distances.argmin(axis=1).astype(np.int64)
    return np.where(distances.min(axis=1) < d_p, nearest, NONE)


def k_means_labels(features: Float2D, count: int, *, seed: int = 0) -> Labels:
    """The cluster of each picture, of `count` by k-means; every picture has one.

    UserError "bad-configuration": fewer pictures than clusters.
    """
    require_setting("k-means", 1 <= count <= len(features), "count", count, f"1..{len(features)}")
    _, labels = kmeans2(_normalised(features), count, minit="++", seed=np.random.default_rng(seed))
    return np.asarray(labels, np.int64)


def label_quality(labels: Labels, identities: Labels) -> dict[str, float | None]:
    """coverage: share of pictures with a label; labels: how many there are; accuracy: share of the labelled pictures
    that show the vehicle which most of their label's pictures show; alone: how many labels have one picture, which is
    always right and teaches nothing.

    identities  [n], -1 where it is not known; these do not count for the accuracy, which is None where all are

    UserError "nothing-labelled": no picture has a label.
    """
    labelled = labels != NONE
    if not labelled.any():
        raise UserError("nothing-labelled", "No picture has a label; choose wider distances, or other weights.")
    pictures = np.unique(labels[labelled], return_counts=True)[1]
    return {
        "coverage": float(labelled.mean()),
        "accuracy": _accuracy(labels, identities, labelled & (identities != NONE)),
        "labels": len(pictures),
        "alone": int((pictures == 1).sum()),
    }


def _accuracy(labels: Labels, identities: Labels, counted: npt.NDArray[np.bool_]) -> float | None:
    if not counted.any():
        return None
    pairs, counts = np.unique(np.stack([labels[counted], identities[counted]]), axis=1, return_counts=True)
    most = np.zeros(int(labels.max()) + 1, np.int64)
    np.maximum.at(most, pairs[0], counts)
    return float(most.sum() / counted.sum())


def _normalised(features: Float2D) -> Double2D:
    values = features.astype(np.float64)
    lengths = np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-12)
    made: Double2D = values / lengths
    return made


def _distances(left: Double2D, right: Double2D) -> Double2D:
    """[n, m] Euclidean distances of rows of length 1."""
    made: Double2D = np.sqrt(np.maximum(2 - 2 * left @ right.T, 0))
    return made
