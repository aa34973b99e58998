"""What the tracks looked like: the newest appearance vectors of each, in one ring buffer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.types import Bool1D, Float2D

UNUSED = np.float32(-np.inf)
Rows = npt.NDArray[np.intp]


class AppearanceGallery:
    """The last `budget` appearance vectors of each track; row i is track i.

    Tracks come and go far more often than the buffer should be copied: each holds a slot of it, and slots are used
    again. Smallest cosine distance of a detection to a track = 1 - the largest dot product with the track's vectors.
    """

    def __init__(self, budget: int, size: int) -> None:
        self.budget = budget
        self.size = size
        self._slots = np.zeros(0, np.intp)  # of each track
        self._free: list[int] = []
        self._vectors = np.zeros((0, budget, size), np.float32)
        self._mask = np.zeros((0, budget), np.float32)  # 0 where a vector is, -inf where none is
        self._added = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self._slots)

    def begin(self, count: int) -> None:
        """`count` more tracks, nothing seen of them yet; they take the lowest free slots."""
        while len(self._free) < count:
            self._grow()
        self._free.sort(reverse=True)
        taken = np.array([self._free.pop() for _ in range(count)], np.intp)
        self._slots = np.concatenate((self._slots, taken))

    def keep(self, keep: Bool1D) -> None:
        """Forget the tracks where `keep` is false."""
        ended = self._slots[~keep]
        self._mask[ended] = UNUSED
        self._added[ended] = 0
        self._free.extend(ended.tolist())
        self._slots = self._slots[keep]

    def add(self, tracks: Rows, features: Float2D) -> None:
        """Append one L2-normalised vector to each of `tracks`, over the oldest where the budget is used up."""
        slots = self._slots[tracks]
        positions = self._added[slots] % self.budget
        self._vectors[slots, positions] = features
        self._mask[slots, positions] = 0
        self._added[slots] += 1

    def distances(self, features: Float2D, wanted: npt.NDArray[np.bool_]) -> Float2D:
        """Smallest cosine distance of every track to `features` [m, d] -> [t, m]; inf where not `wanted` or empty.

        A motion gate leaves a track one candidate or two: each gallery is multiplied with its own ones alone.
        """
        distances = np.full(wanted.shape, np.inf, np.float32)
        for track in np.flatnonzero(wanted.any(axis=1)).tolist():
            slot, candidates = self._slots[track], wanted[track]
            similarity = features[candidates] @ self._vectors[slot].T
            similarity += self._mask[slot]
            distances[track, candidates] = 1 - similarity.max(axis=1)
        return distances

    def _grow(self) -> None:
        old = len(self._added)
        new = max(16, 2 * old)
        self._vectors = _extended(self._vectors, new, 0)
        self._mask = _extended(self._mask, new, UNUSED)
        self._added = np.concatenate((self._added, np.zeros(new - old, np.int64)))
        self._free.extend(range(old, new))


def _extended(array: npt.NDArray[np.float32], length: int, fill: float | np.float32) -> npt.NDArray[np.float32]:
    larger = np.full((length, *array.shape[1:]), fill, np.float32)
    larger[: len(array)] = array
    return larger
