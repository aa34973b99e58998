"""Query expansion: what a query looks like together with its likes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import features_of, normalised, pair_of
from ml.matching.reranking.clusters import NOISE, dbscan
from ml.types import Float2D, require_setting


def expanded_by_clusters(
    query: npt.NDArray[np.floating], *, eps: float, least: int = 2, with_self: bool = True
) -> Float2D:
    """Each query of a DBSCAN cluster becomes the mean feature of its cluster (VehicleNet, post-processing) [n, d].

    Queries without a cluster stay; all are L2-normalised, before and after.

    eps, least  of DBSCAN, on Euclidean distances of normalised features
    with_self   the mean is that of the whole cluster; else of the cluster's other queries, as the paper's words have it

    UserError as of `dbscan`.
    """
    rows = normalised(features_of(query, "query"))
    labels = dbscan(rows, eps=eps, least=least)
    inside = labels != NOISE
    members = np.bincount(labels[inside])
    sums = np.zeros((len(members), rows.shape[1]), np.float32)
    np.add.at(sums, labels[inside], rows[inside])
    moved = rows.copy()
    moved[inside] = sums[labels[inside]]
    if not with_self:
        others = inside & (members[labels] > 1) if len(members) else inside
        moved[others] -= rows[others]
    return normalised(moved)


def expanded_by_neighbours(
    query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating], *, k: int, alpha: float = 0.0
) -> Float2D:
    """q' = normalise(q + sum over its k nearest gallery pictures g of max(q.g, 0)^alpha g) [n, d].

    alpha 0 is the plain mean (Chum et al., 2007), above 0 the weighted one (Radenovic et al., 2019); features are
    L2-normalised first, and all gallery pictures are taken where there are fewer than k.

    UserError as of `pair_of`; "bad-configuration".
    """
    require_setting("query expansion", k >= 1, "k", k, "1 or more")
    require_setting("query expansion", alpha >= 0, "alpha", alpha, "0 or more")
    pair = pair_of(query, gallery)
    queries, pictures = normalised(pair[0]), normalised(pair[1])
    similarity = queries @ pictures.T
    near = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    weights = np.maximum(np.take_along_axis(similarity, near, axis=1), 0) ** np.float32(alpha)
    return normalised(queries + np.einsum("ij,ijd->id", weights, pictures[near]).astype(np.float32))
