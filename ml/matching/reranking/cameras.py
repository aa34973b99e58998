"""What cameras tell, and what they spoil: same-camera pictures taken out, camera looks taken off."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import (
    normalised,
    pair_of,
    require_cameras,
    require_distances,
    require_labels,
    require_matrix,
)
from ml.matching.reranking.clusters import NOISE, Labels, dbscan
from ml.types import Double2D, Float2D, Int1D, UserError, require_setting

OUT = np.float32(np.inf)  # the distance of a pair that was taken out


def camera_verified(distances: Float2D, query_cameras: Int1D, gallery_cameras: Int1D) -> Float2D:
    """d(q, g) = infinity where both are of one camera: a vehicle is looked for elsewhere (VehicleNet; AI City 2021).

    cameras  [queries] and [gallery], numbers of cameras

    UserError as of `require_distances`, "unknown-camera", "wrong-shape".
    """
    require_distances(distances, len(query_cameras), len(gallery_cameras))
    require_cameras(query_cameras, len(query_cameras), "query")
    require_cameras(gallery_cameras, len(gallery_cameras), "gallery")
    return np.where(query_cameras[:, None] == gallery_cameras, OUT, distances)


def camera_clusters(
    query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating], *, eps: float, least: int
) -> tuple[Labels, Labels]:
    """Clusters of a camera model's features, in place of labels: DBSCAN on both sides together, L2-normalised.

    Returns the clusters of queries and gallery, -1 where a picture belongs to none. UserError as of `dbscan`.
    """
    pair = pair_of(query, gallery)
    labels = dbscan(normalised(np.concatenate(pair)), eps=eps, least=least)
    return labels[: len(pair[0])], labels[len(pair[0]) :]


def cluster_verified(distances: Float2D, query_clusters: Labels, gallery_clusters: Labels) -> Float2D:
    """d(q, g) = infinity where both are of one camera cluster; pictures of no cluster, -1, are taken out nowhere.

    UserError as of `require_distances`, "wrong-shape" of the clusters.
    """
    require_distances(distances, len(query_clusters), len(gallery_clusters))
    require_labels(query_clusters, len(query_clusters), "clusters of the queries")
    require_labels(gallery_clusters, len(gallery_clusters), "clusters of the gallery")
    same = (query_clusters[:, None] == gallery_clusters) & (query_clusters != NOISE)[:, None]
    return np.where(same, OUT, distances)


def camera_bias_removed(
    query: npt.NDArray[np.floating],
    gallery: npt.NDArray[np.floating],
    query_cameras: Int1D,
    gallery_cameras: Int1D,
    *,
    weight: float,
) -> tuple[Float2D, Float2D]:
    """f_I = g_I - weight g_C, with g_C the mean gallery feature of the camera (AI City 2021 winner, eq. 2).

    Returns queries and gallery, not normalised. UserError as of `pair_of`, "unknown-camera", "wrong-shape",
    "bad-configuration".
    """
    require_setting("camera bias", bool(np.isfinite(weight)), "weight", weight, "a number")
    pair = _with_cameras(query, gallery, query_cameras, gallery_cameras)
    means: Float2D = np.zeros((int(gallery_cameras.max()) + 1, pair[1].shape[1]), np.float32)
    for camera in np.unique(gallery_cameras).tolist():
        means[camera] = pair[1][gallery_cameras == camera].mean(axis=0)
    means *= np.float32(weight)
    return pair[0] - means[query_cameras], pair[1] - means[gallery_cameras]


def inter_camera_fused(
    query: npt.NDArray[np.floating],
    gallery: npt.NDArray[np.floating],
    query_cameras: Int1D,
    gallery_cameras: Int1D,
    *,
    weight: float = 0.18,
) -> tuple[Float2D, Float2D]:
    """f' = normalise((X'X + n weight I)^-1 (f - m_C)), the AI City 2021 winner's inter-camera fusion as released.

    X [n, d] are the gallery features of camera C, m_C their mean: directions in which all pictures of a camera lie
    count for less. weight 0.18 for a ranking, 0.0005 before clustering.

    Returns queries and gallery. UserError as of `camera_bias_removed`; "bad-configuration".
    """
    require_setting("inter-camera fusion", weight > 0, "weight", weight, "above 0")
    pair = _with_cameras(query, gallery, query_cameras, gallery_cameras)
    fused = np.empty_like(pair[0]), np.empty_like(pair[1])
    for camera in np.unique(gallery_cameras).tolist():
        own = pair[1][gallery_cameras == camera].astype(np.float64)
        for features, cameras, out in zip(pair, (query_cameras, gallery_cameras), fused, strict=True):
            out[cameras == camera] = _whitened(features[cameras == camera], own, weight)
    return normalised(fused[0]), normalised(fused[1])


def camera_and_orientation_bias(
    distances: Float2D,
    *,
    camera: Float2D | None = None,
    orientation: Float2D | None = None,
    camera_weight: float = 0.1,
    orientation_weight: float = 0.05,
) -> Float2D:
    """D = D_r - camera_weight D_c - orientation_weight D_o (AI City 2021 winner, eq. 4), [queries, gallery].

    D_c and D_o are distances of the features of a camera model and of an orientation model: pictures of unlike cameras
    or views move nearer. UserError as of `require_distances`, of each matrix; "bad-configuration".
    """
    fused = distances
    require_matrix(distances)
    for bias, weight in ((camera, camera_weight), (orientation, orientation_weight)):
        require_setting("camera and orientation bias", bool(np.isfinite(weight)), "weight", weight, "a number")
        if bias is not None:
            require_distances(bias, *distances.shape)
            fused = fused - np.float32(weight) * bias
    return fused


def _with_cameras(
    query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating], query_cameras: Int1D, gallery_cameras: Int1D
) -> tuple[Float2D, Float2D]:
    """Both sides; every camera is known, and each query's has gallery pictures."""
    pair = pair_of(query, gallery)
    require_cameras(query_cameras, len(pair[0]), "query")
    require_cameras(gallery_cameras, len(pair[1]), "gallery")
    missing = np.setdiff1d(query_cameras, gallery_cameras)
    if len(missing):
        raise UserError(
            "unknown-camera",
            f"camera {missing[0]} has queries and no gallery picture, so its look is not known; leave its queries out",
        )
    return pair


def _whitened(features: Float2D, own: Double2D, weight: float) -> Double2D:
    regular = own.T @ own + len(own) * weight * np.eye(own.shape[1])
    solved: Double2D = np.linalg.solve(regular, (features - own.mean(axis=0)).T).T
    return solved
