"""What the tracks looked like: one appearance vector each, smoothed over time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.tracking.association import Rows
from ml.types import Bool1D, Float2D


class SmoothedAppearance:
    """The exponential mean of each track's appearance vectors: f <- m f + (1 - m) f_new, scaled to length 1 again."""

    def __init__(self, momentum: float, size: int) -> None:
        self.momentum = momentum
        self._vectors = np.zeros((0, size), np.float32)  # zeros where nothing was seen yet

    def __len__(self) -> int:
        return len(self._vectors)

    def begin(self, count: int) -> None:
        """`count` more tracks, nothing seen of them yet."""
        self._vectors = np.concatenate((self._vectors, np.zeros((count, self._vectors.shape[1]), np.float32)))

    def keep(self, keep: Bool1D) -> None:
        """Forget the tracks where `keep` is false."""
        self._vectors = self._vectors[keep]

    def add(self, tracks: Rows, features: Float2D) -> None:
        """Blend one L2-normalised vector [n, d] into each of `tracks`; the first one is taken as it is."""
        blended = self.momentum * self._vectors[tracks] + (1 - self.momentum) * features
        lengths = np.sqrt(np.einsum("ij,ij->i", blended, blended))[:, None]
        self._vectors[tracks] = np.where(lengths > 0, blended / np.maximum(lengths, 1e-12), features)

    def distances(self, features: Float2D, wanted: npt.NDArray[np.bool_]) -> Float2D:
        """Cosine distance of every track to `features` [m, d] -> [t, m]; inf where not `wanted`."""
        distances: Float2D = np.where(wanted, 1 - self._vectors @ features.T, np.float32(np.inf))
        return distances
