"""Re-ranking with k-reciprocal encoding (Zhong et al., 2017): who has the same neighbours is likely the same.

Everything after the neighbours is sparse: a picture's encoding has values at its k1-neighbourhood alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ml.matching.ranges import expanded
from ml.matching.reranking.checks import features_of, pair_of
from ml.matching.reranking.neighbours import Neighbours, Rows, nearest
from ml.types import Float1D, Float2D, UserError, require_setting

BLOCK_VALUES = 4_000_000  # numbers of an intermediate result held at a time


def k_reciprocal(
    query: npt.NDArray[np.floating],
    gallery: npt.NDArray[np.floating],
    *,
    k1: int = 20,
    k2: int = 6,
    lambda_: float = 0.3,
) -> Float2D:
    """Distances d*(q, g) = (1 - lambda) d_J(q, g) + lambda d(q, g), [queries, gallery] float32, small is near.

    d(q, g)   squared Euclidean distance over the largest of q's to any picture of either side
    d_J(q, g) = 1 - sum_j min(V_q,j, V_g,j) / sum_j max(V_q,j, V_g,j), with the encodings V of `encoded`

    query, gallery  [n, d] features, as the model gives them (normalised or not)

    The neighbourhoods are those of queries and gallery together. Of equally near pictures the one that is listed first
    comes first, queries before the gallery.

    UserError as of `pair_of`; "bad-configuration".
    """
    require_settings(k1, k2, lambda_)
    query, gallery = pair_of(query, gallery)
    distances = np.empty((len(query), len(gallery)), np.float32)
    features = np.concatenate((query, gallery))
    near = nearest(features, max(k1 + 1, k2), queries=distances)
    encodings = _encoded(features, near, k1, k2)
    distances *= np.float32(lambda_) / np.maximum(near.farthest[: len(query), None], np.float32(1e-12))
    add_jaccard(distances, encodings[: len(query)], encodings[len(query) :], weight=1 - lambda_)
    return distances


def encoded(features: npt.NDArray[np.floating], *, k1: int, k2: int) -> sparse.csr_array:
    """The k-reciprocal encoding of each picture, [n, n] sparse float32, rows of sum 1.

    N(i, k)   the k + 1 nearest of i, itself among them
    R(i, k) = {j in N(i, k): i in N(j, k)}
    R*(i)   = R(i, k1) and every R(j, k1/2), j in R(i, k1), of which more than 2/3 lie in R(i, k1)
    V_i,j   = exp(-d(i, j)) for j in R*(i), else 0, each row divided by its sum
    then V_i = mean of V_j over the k2 nearest j of i (local query expansion)

    UserError as of `features_of`; "bad-configuration".
    """
    require_settings(k1, k2, 0)
    rows = features_of(features, "picture")
    return _encoded(rows, nearest(rows, max(k1 + 1, k2)), k1, k2)


def add_jaccard(distances: Float2D, left: sparse.csr_array, right: sparse.csr_array, *, weight: float = 1.0) -> None:
    """Add weight x Jaccard distance of encodings left [n, m] and right [k, m] to `distances` [n, k], in place.

    As each row's sum is 1, the sum of the larger values is 2 - the sum of the smaller ones.

    UserError "wrong-shape", "not-a-number".
    """
    if distances.shape != (left.shape[0], right.shape[0]) or left.shape[1] != right.shape[1]:
        shapes = ", ".join(str(list(each.shape)) for each in (distances, left, right))
        raise UserError("wrong-shape", f"distances and the encodings of both sides are {shapes}: they do not fit")
    if np.isnan(left.data).any() or np.isnan(right.data).any():
        raise UserError("not-a-number", "an encoding holds something that is no number")
    columns = right.tocsc()
    lengths = np.diff(columns.indptr).astype(np.int64)
    work = np.concatenate(([0], np.cumsum(lengths[left.indices])))[left.indptr]
    work += np.arange(len(work)) * right.shape[0]
    first = 0
    while first < left.shape[0]:
        last = max(first + 1, int(np.searchsorted(work, work[first] + BLOCK_VALUES, side="right")) - 1)
        shared = _shared(left[first:last], columns)
        distances[first:last] += np.float32(weight) * (1 - shared / (2 - shared))
        first = last


def _shared(left: sparse.csr_array, columns: sparse.csc_array) -> Float2D:
    """[n, k] sum_j min(left_i,j, columns_k,j), summed over the places where both have a value."""
    starts, stops = (edge.astype(np.int64)[left.indices] for edge in (columns.indptr[:-1], columns.indptr[1:]))
    entry, place = expanded(starts, stops)
    rows = np.repeat(np.arange(left.shape[0]), np.diff(left.indptr))[entry]
    smaller = np.minimum(left.data[entry], columns.data[place])
    size = left.shape[0] * columns.shape[0]
    sums = np.bincount(rows * columns.shape[0] + columns.indices[place], smaller, size)
    return sums.reshape(left.shape[0], columns.shape[0]).astype(np.float32)


def _encoded(features: Float2D, near: Neighbours, k1: int, k2: int) -> sparse.csr_array:
    reciprocal, half = (_reciprocal(near.rows[:, : k + 1]) for k in (k1, round(k1 / 2)))
    weights = _weighted(features, _grown(reciprocal, half), near.farthest)
    averaged: sparse.csr_array = _averaging(near.rows[:, :k2]) @ weights
    return averaged


def _reciprocal(rows: Rows) -> sparse.csr_array:
    """[n, n], 1 where i is among the neighbours of j and j among those of i."""
    forward = _lists(rows, np.float32(1))
    both: sparse.csr_array = forward.multiply(forward.T).tocsr()
    return both


def _grown(reciprocal: sparse.csr_array, half: sparse.csr_array) -> sparse.csr_array:
    """R*: more than 0 where j belongs to it."""
    common = (reciprocal @ half).multiply(reciprocal).tocoo()
    sizes = np.diff(half.indptr)[common.col]
    accepted = 3 * common.data > 2 * sizes
    members = (np.ones(int(accepted.sum()), np.float32), (common.row[accepted], common.col[accepted]))
    grown: sparse.csr_array = (reciprocal + sparse.csr_array(members, shape=half.shape) @ half).tocsr()
    return grown


def _weighted(features: Float2D, members: sparse.csr_array, farthest: Float1D) -> sparse.csr_array:
    """exp(-d) of the members, each row divided by its sum."""
    rows = np.repeat(np.arange(len(features)), np.diff(members.indptr))
    squared = _pair_distances(features, rows, members.indices)
    weights = np.exp(-squared / np.maximum(farthest[rows], 1e-12))
    weights /= np.bincount(rows, weights, len(features))[rows]
    return sparse.csr_array((weights.astype(np.float32), members.indices, members.indptr), shape=members.shape)


def _pair_distances(features: Float2D, left: Rows, right: npt.NDArray[np.integer]) -> Float1D:
    """|x_left - x_right|^2 of each pair."""
    squared = np.empty(len(left), np.float32)
    size = max(1, BLOCK_VALUES // features.shape[1])
    for first in range(0, len(left), size):
        pairs = slice(first, first + size)
        apart = features[left[pairs]] - features[right[pairs]]
        squared[pairs] = np.einsum("ij,ij->i", apart, apart)
    return squared


def _averaging(rows: Rows) -> sparse.csr_array:
    return _lists(rows, np.float32(1 / rows.shape[1]))


def _lists(rows: Rows, value: np.float32) -> sparse.csr_array:
    """[n, n] with `value` at (i, rows[i, :])."""
    count, each = rows.shape
    starts = np.arange(0, rows.size + 1, each)
    return sparse.csr_array((np.full(rows.size, value), rows.reshape(-1), starts), shape=(count, count))


def require_settings(k1: int, k2: int, lambda_: float) -> None:
    """UserError "bad-configuration" where a setting is out of its range."""
    require_setting("re-ranking", k1 >= 1, "k1", k1, "1 or more")
    require_setting("re-ranking", k2 >= 1, "k2", k2, "1 or more")
    require_setting("re-ranking", 0 <= lambda_ <= 1, "lambda", lambda_, "within 0..1")
