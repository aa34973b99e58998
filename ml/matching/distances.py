"""Distances between tracklets: one view asks, the other tracklet's views answer (ELECTRICITY, METHODS E6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.checks import require_pairs
from ml.matching.graph.conflicts import rows_by_camera
from ml.matching.ranges import expanded
from ml.types import CameraTracklet, Float1D, Float2D, Int1D, UserError

CHUNK_ROWS = 16384  # view vectors compared at a time; bounds memory


@dataclass(frozen=True, slots=True)
class QueryGallery:
    """Every tracklet split in two: one view is its query, the others are its gallery.

    queries   [n, d] float32, L2-normalised        gallery  [g, d] float32, all galleries one after another
    starts    [n + 1] int64, tracklet i has the gallery rows starts[i]..starts[i + 1]
    """

    queries: Float2D
    gallery: Float2D
    starts: npt.NDArray[np.int64]


def query_gallery(tracklets: Sequence[CameraTracklet], *, camera_bias: float = 0.0) -> QueryGallery:
    """Split each tracklet: the view nearest its mean is the query; a lone view is its own gallery.

    camera_bias  share of the camera's mean view that is subtracted first: f - camera_bias * g_c, normalised again.
    """
    counts = np.array([len(tracklet.views) for tracklet in tracklets], np.int64)
    if not len(counts):
        return QueryGallery(np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(1, np.int64))
    _require_views(tracklets, counts)
    views = np.concatenate([tracklet.views for tracklet in tracklets]).astype(np.float32, copy=False)
    owners = np.repeat(np.arange(len(counts)), counts)
    _require_numbers(views, owners, tracklets)
    if camera_bias:
        views = _camera_mean_removed(views, owners, tracklets, camera_bias)
    queries = _medoids(views, owners, counts)
    is_gallery = np.ones(len(views), np.bool_)
    is_gallery[queries[counts > 1]] = False
    kept = np.where(counts > 1, counts - 1, counts)
    return QueryGallery(views[queries], views[is_gallery], np.concatenate(([0], np.cumsum(kept))))


def query_distances(split: QueryGallery, asking: Int1D, answering: Int1D) -> Float1D:
    """d(q_i, T_j) = min over the gallery frames f of T_j of |q_i - f|, for pairs i = asking, j = answering, [m].

    UserError wrong-shape, unknown-tracklet.
    """
    require_pairs(asking, answering, len(split.queries))
    similarity = np.empty(len(asking), np.float32)
    counts = np.diff(split.starts)[answering]
    ends = np.cumsum(counts)
    done = 0
    while done < len(asking):
        limit = (ends[done - 1] if done else 0) + CHUNK_ROWS
        stop = max(int(np.searchsorted(ends, limit, side="right")), done + 1)
        similarity[done:stop] = _best_similarity(split, asking[done:stop], answering[done:stop])
        done = stop
    return np.sqrt(np.maximum(2 - 2 * similarity, 0))


def _best_similarity(split: QueryGallery, asking: Int1D, answering: Int1D) -> Float1D:
    pair, rows = expanded(split.starts[answering], split.starts[answering + 1])
    similarity = np.einsum("ij,ij->i", split.queries[asking[pair]], split.gallery[rows])
    firsts = np.searchsorted(pair, np.arange(len(asking)))
    best: Float1D = np.maximum.reduceat(similarity, firsts)
    return best


def _require_views(tracklets: Sequence[CameraTracklet], counts: npt.NDArray[np.int64]) -> None:
    if (counts == 0).any():
        key = tracklets[int(np.argmin(counts))].key
        raise UserError("no-views", f"tracklet {key} has no view to compare; embed it before matching")
    flat = [tracklet.key for tracklet in tracklets if tracklet.views.ndim != 2 or not tracklet.views.shape[1]]
    if flat:
        raise UserError("wrong-shape", f"the views of tracklet {flat[0]} are no rows of numbers; embed it again")
    sizes = {tracklet.views.shape[1] for tracklet in tracklets}
    if len(sizes) > 1:
        raise UserError("mixed-embeddings", f"embeddings have {sorted(sizes)} values; embed all cameras with one model")


def _require_numbers(views: Float2D, owners: npt.NDArray[np.int64], tracklets: Sequence[CameraTracklet]) -> None:
    broken = ~np.isfinite(views).all(axis=1)
    if broken.any():
        key = tracklets[int(owners[broken.argmax()])].key
        raise UserError("broken-embedding", f"a view of tracklet {key} holds values that are no numbers")


def _medoids(views: Float2D, owners: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """[n] row of the view nearest each tracklet's mean, the first of equals."""
    firsts = np.cumsum(counts) - counts
    means = np.add.reduceat(views, firsts)
    closeness = np.einsum("ij,ij->i", views, means[owners])
    order = np.lexsort((np.arange(len(views)), -closeness, owners))
    medoids: npt.NDArray[np.int64] = order[firsts].astype(np.int64)
    return medoids


def _camera_mean_removed(
    views: Float2D, owners: npt.NDArray[np.int64], tracklets: Sequence[CameraTracklet], share: float
) -> Float2D:
    """f - share * g_c with g_c the mean view of camera c, every tracklet of equal weight; normalised again.

    Of n tracklets the share is (n - 1) / n: a mean of few is those few, and a lone tracklet keeps its look.
    """
    firsts = np.searchsorted(owners, np.arange(len(tracklets) + 1))
    means = np.add.reduceat(views, firsts[:-1]) / np.diff(firsts)[:, None]
    offsets = np.empty_like(means)
    for rows in rows_by_camera([tracklet.camera for tracklet in tracklets]).values():
        offsets[rows] = share * (1 - 1 / len(rows)) * means[rows].mean(axis=0)
    moved = views - offsets[owners]
    normalised: Float2D = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
    return normalised.astype(np.float32, copy=False)
