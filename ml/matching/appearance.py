"""How unusually alike two tracklets look, on a scale that no embedding's own spread enters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.columns import Codes, Columns
from ml.types import Double1D, Double2D, Float1D, Float2D

Rows = npt.NDArray[np.integer]
CHUNK_PAIRS = 65536  # compared at a time; bounds memory
SHRINKAGE = 10.0  # a camera's own crowd counts as one of so many tracklets of all cameras would
LEAST_SPREAD = 1e-3


def camera_bias_removed(columns: Columns, share: float) -> Float2D:
    """f - share * g_c, normalised, with g_c the mean look of its camera without the tracklet's own part."""
    looks, cameras = columns.looks, columns.cameras
    counts = np.bincount(cameras, minlength=len(columns.names))
    means = _sums(looks, cameras, len(counts)) / np.maximum(counts, 1)[:, None]
    moved = looks - (share * (1 - 1 / counts))[cameras][:, None] * means[cameras]
    normalised: Float2D = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return normalised


def cosines(looks: Float2D, left: Rows, right: Rows) -> Float1D:
    """[m] cosine between the looks of each pair."""
    cosine = np.empty(len(left), np.float32)
    for start in range(0, len(left), CHUNK_PAIRS):
        rows = slice(start, start + CHUNK_PAIRS)
        cosine[rows] = np.einsum("ij,ij->i", looks[left[rows]], looks[right[rows]])
    return cosine


def appearance_scores(looks: Float2D, cameras: Codes, cosine: Float1D, left: Rows, right: Rows) -> Double1D:
    """[m] by how many standard deviations a pair is more alike than its tracklets are to the other one's camera.

    (c - mean_ij) / sd_ij and the same from j's side, averaged: mean_ij and sd_ij over the cosines between i and all
    tracklets of j's camera, a small camera's own drawn towards all cameras'. What looks like everything scores low.
    """
    crowd = _Crowd(looks, cameras)
    forth = crowd.standardised(cosine, left, cameras[right])
    back = crowd.standardised(cosine, right, cameras[left])
    scores: Double1D = (forth + back) / 2
    return scores


class _Crowd:
    """Mean and spread of the cosines between a tracklet and a camera's tracklets, from their moments alone."""

    def __init__(self, looks: Float2D, cameras: Codes) -> None:
        count = int(cameras.max(initial=-1)) + 1
        size = np.bincount(cameras, minlength=count).astype(np.float64)
        own = size / (size + SHRINKAGE)
        sums = _sums(looks, cameras, count)
        means, overall = sums / np.maximum(size, 1)[:, None], sums.sum(axis=0) / max(size.sum(), 1)
        self._looks, self._count, self._own = looks, count, own
        self._means = own[:, None] * means + (1 - own)[:, None] * overall
        self._everything = _second_moment(looks)
        order = np.argsort(cameras, kind="stable")
        self._rows = np.split(order, np.cumsum(size.astype(np.int64))[:-1]) if count else []

    def standardised(self, cosine: Float1D, rows: Rows, cameras: Codes) -> Double1D:
        """[m] (cosine - mean) / spread of the cosines between tracklet `rows` and the tracklets of `cameras`.

        Worked out once for each (tracklet, camera) among the pairs.
        """
        codes, of_pair = np.unique(rows * np.int64(self._count) + cameras, return_inverse=True)
        mean, spread = self._usual(codes // self._count, codes % self._count)
        scores: Double1D = (cosine - mean[of_pair]) / spread[of_pair]
        return scores

    def _usual(self, asking: Codes, asked: Codes) -> tuple[Double1D, Double1D]:
        mean, spread = np.empty(len(asking)), np.empty(len(asking))
        order = np.argsort(asked, kind="stable")
        for those in np.split(order, np.flatnonzero(np.diff(asked[order])) + 1):
            if len(those):
                camera = int(asked[those[0]])
                looks = self._looks[asking[those]].astype(np.float64)
                mean[those] = looks @ self._means[camera]
                square = np.einsum("ij,ij->i", looks @ self._squares(camera), looks)
                spread[those] = np.sqrt(np.maximum(square - mean[those] ** 2, LEAST_SPREAD**2))
        return mean, spread

    def _squares(self, camera: int) -> Double2D:
        """[d, d], made when it is asked for: those of all cameras would be large where embeddings are long."""
        share = float(self._own[camera])
        squares: Double2D = share * _second_moment(self._looks[self._rows[camera]]) + (1 - share) * self._everything
        return squares


def _second_moment(looks: Float2D) -> Double2D:
    moment: Double2D = looks.T.astype(np.float64) @ looks / max(len(looks), 1)
    return moment


def _sums(looks: Float2D, cameras: Codes, count: int) -> Double2D:
    """[count, d] sum of the looks of each camera."""
    order = np.argsort(cameras, kind="stable")
    sums = np.zeros((count, looks.shape[1]))
    present, starts = np.unique(cameras[order], return_index=True)
    if len(present):
        sums[present] = np.add.reduceat(looks[order].astype(np.float64), starts)
    return sums
