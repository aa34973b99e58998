"""k-reciprocal re-ranking as its paper describes it, with whole matrices and loops: what ours is compared with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.types import Float2D

Whole = npt.NDArray[np.int64]


def published_k_reciprocal(query: Float2D, gallery: Float2D, *, k1: int, k2: int, lambda_: float) -> Float2D:
    """[queries, gallery] final distances; equally near pictures in the order of their rows."""
    features = np.concatenate((query, gallery))
    squares = (features**2).sum(axis=1)
    squared = np.maximum(squares[:, None] + squares - 2 * features @ features.T, 0)
    original = squared / squared.max(axis=1, keepdims=True)
    ranking = np.argsort(original, axis=1, kind="stable")

    encoding = np.zeros_like(original)
    for i in range(len(features)):
        members = _members(ranking, i, k1)
        weights = np.exp(-original[i, members])
        encoding[i, members] = weights / weights.sum()
    encoding = np.stack([encoding[ranking[i, :k2]].mean(axis=0) for i in range(len(features))])

    holders = [np.flatnonzero(encoding[:, j]) for j in range(len(features))]
    jaccard = np.empty((len(query), len(features)), np.float32)
    for i in range(len(query)):
        shared = np.zeros(len(features), np.float32)
        for j in np.flatnonzero(encoding[i]):
            shared[holders[j]] += np.minimum(encoding[i, j], encoding[holders[j], j])
        jaccard[i] = 1 - shared / (2 - shared)
    final: Float2D = (1 - lambda_) * jaccard + lambda_ * original[: len(query)]
    return final[:, len(query) :]


def _members(ranking: Whole, i: int, k1: int) -> Whole:
    """R*(i): the reciprocal neighbours, and those of each whose own lie among them for more than two thirds."""
    members = own = _reciprocal(ranking, i, k1)
    for candidate in own:
        others = _reciprocal(ranking, int(candidate), round(k1 / 2))
        if len(np.intersect1d(others, own)) > 2 / 3 * len(others):
            members = np.union1d(members, others)
    return members


def _reciprocal(ranking: Whole, i: int, k: int) -> Whole:
    forward = ranking[i, : k + 1]
    reciprocal: Whole = forward[(ranking[forward, : k + 1] == i).any(axis=1)]
    return reciprocal
