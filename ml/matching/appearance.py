"""How unusually alike two tracklets look, beside how alike each looks to the others of their cameras."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.checks import require_looks, require_pairs
from ml.matching.columns import Codes, Columns
from ml.matching.graph.checks import require_column
from ml.types import Double1D, Double2D, Float1D, Float2D, UserError, require_setting

Rows = npt.NDArray[np.integer]
CHUNK_PAIRS = 65536  # compared at a time; bounds memory
SHRINKAGE = 30.0  # a camera's own crowd counts as one of so many tracklets of all cameras would
LEAST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Usual:
    """How alike two vehicles look of which nothing is known.

    mean, spread  of the cosine       comparisons  what it counts for beside comparisons that were made
    """

    mean: float
    spread: float
    comparisons: float

    def moment(self, power: int) -> float:
        """Mean of the cosine (1) or of its square (2)."""
        return self.mean if power == 1 else self.spread**2 + self.mean**2


def camera_bias_removed(columns: Columns, share: float) -> Float2D:
    """f - share * g_c, normalised, with g_c the mean look of its camera without the tracklet's own part.

    UserError: bad-configuration.
    """
    require_setting("camera bias", 0 <= share <= 1, "share", share, "within 0..1")
    looks, cameras = columns.looks, columns.cameras
    counts = np.bincount(cameras, minlength=len(columns.names))
    means = _sums(looks, cameras, len(counts)) / np.maximum(counts, 1)[:, None]
    moved = looks - (share * (1 - 1 / counts))[cameras][:, None] * means[cameras]
    normalised: Float2D = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return normalised


def cosines(looks: Float2D, left: Rows, right: Rows) -> Float1D:
    """[m] cosine between the looks [n, d] of each pair.

    UserError: wrong-shape, unknown-tracklet, broken-embedding.
    """
    require_looks(looks)
    require_pairs(left, right, len(looks))
    cosine = np.empty(len(left), np.float32)
    for start in range(0, len(left), CHUNK_PAIRS):
        rows = slice(start, start + CHUNK_PAIRS)
        cosine[rows] = np.einsum("ij,ij->i", looks[left[rows]], looks[right[rows]])
    return cosine


def appearance_scores(
    looks: Float2D, cameras: Codes, cosine: Float1D, left: Rows, right: Rows, *, usual: Usual
) -> Double1D:
    """[m] by how many standard deviations a pair is more alike than its tracklets are to the other one's camera.

    looks  [n, d] float32, L2-normalised     cameras  [n]     cosine  [m] of the pairs of rows left, right

    (c - mean_ij) / sd_ij and the same from j's side, averaged. mean_ij and sd_ij are of the cosines between i and the
    tracklets of j's camera; a small camera's are drawn towards those of i and everything in `looks`, and where that is
    little too, towards the `usual` ones. Neither i nor j is among them, so that a pair is not measured against itself.
    What looks like everything scores low.

    UserError: wrong-shape, unknown-tracklet, unknown-camera, broken-embedding, not-a-number.
    """
    require_looks(looks)
    require_pairs(left, right, len(looks))
    require_column(cosine, len(left), "the cosines")
    require_column(cameras, len(looks), "the cameras")
    unknown = np.flatnonzero(cameras < 0)
    if len(unknown):
        raise UserError("unknown-camera", f"the camera of tracklet {unknown[0]}, from 0 on, is not known.")
    crowd = _Crowd(looks, cameras, usual)
    forth = crowd.standardised(cosine, left, cameras[right])
    back = crowd.standardised(cosine, right, cameras[left])
    scores: Double1D = (forth + back) / 2
    return scores


class _Crowd:
    """Sums of the cosines, and of their squares, between every tracklet and all tracklets of each camera."""

    def __init__(self, looks: Float2D, cameras: Codes, usual: Usual) -> None:
        count = int(cameras.max(initial=-1)) + 1
        self._cameras, self._usual = cameras, usual
        self._sizes = np.bincount(cameras, minlength=count).astype(np.float64)
        wide = looks.astype(np.float64)
        self._sums = {power: np.empty((len(looks), count)) for power in (1, 2)}
        for camera in range(count):
            own = wide[cameras == camera]
            self._sums[1][:, camera] = wide @ own.sum(axis=0)
            self._sums[2][:, camera] = _squares(wide, own)

    def standardised(self, cosine: Float1D, rows: Rows, cameras: Codes) -> Double1D:
        """[m] (cosine - mean) / spread of the cosines between tracklet `rows` and the others of `cameras`."""
        wide = cosine.astype(np.float64)
        mean, square = (self._moment(power, wide, rows, cameras) for power in (1, 2))
        scores: Double1D = (wide - mean) / np.sqrt(np.maximum(square - mean**2, LEAST_SPREAD**2))
        return scores

    def _moment(self, power: int, cosine: Double1D, rows: Rows, cameras: Codes) -> Double1D:
        """[m] mean of the cosines' powers, without the pair's own and that of the tracklet with itself, which is 1."""
        sums, weight, itself = self._sums[power], self._usual.comparisons, self._cameras[rows] == cameras
        everything = sums.sum(axis=1)[rows] - cosine**power - 1
        drawn = (everything + weight * self._usual.moment(power)) / (self._sizes.sum() - 2 + weight)
        own, size = sums[rows, cameras] - cosine**power - itself, self._sizes[cameras] - 1 - itself
        moment: Double1D = (own + SHRINKAGE * drawn) / (size + SHRINKAGE)
        return moment


def _squares(looks: Double2D, others: Double2D) -> Double1D:
    """[n] sum over the others of the squared cosine, by the way that takes fewer steps."""
    if len(others) < looks.shape[1]:
        return np.asarray(((looks @ others.T) ** 2).sum(axis=1), np.float64)
    return np.asarray((looks @ (others.T @ others) * looks).sum(axis=1), np.float64)


def _sums(looks: Float2D, cameras: Codes, count: int) -> Double2D:
    """[count, d] sum of the looks of each camera."""
    order = np.argsort(cameras, kind="stable")
    sums = np.zeros((count, looks.shape[1]))
    present, starts = np.unique(cameras[order], return_index=True)
    if len(present):
        sums[present] = np.add.reduceat(looks[order].astype(np.float64), starts)
    return sums
