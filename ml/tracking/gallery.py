"""What the tracks looked like: the newest appearance vectors of each, in one ring buffer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.types import Float2D

UNUSED = np.float32(-np.inf)
Rows = npt.NDArray[np.intp]


class AppearanceGallery:
    """The last `budget` appearance vectors of each track; tracks hold slots that are used again.

    Smallest cosine distance of a detection to a track = 1 - the largest dot product with the track's vectors; for all
    tracks and detections that is one matrix product over the whole buffer.
    """

    def __init__(self, budget: int, size: int) -> None:
        self.budget = budget
        self.size = size
        self._free: list[int] = []
        self._vectors = np.zeros((0, budget, size), np.float32)
        self._mask = np.zeros((0, budget), np.float32)  # 0 where a vector is, -inf where none is
        self._added = np.zeros(0, np.int64)

    def take_slots(self, count: int) -> Rows:
        """`count` empty slots, the lowest free numbers."""
        while len(self._free) < count:
            self._grow()
        self._free.sort(reverse=True)
        return np.array([self._free.pop() for _ in range(count)], np.intp)

    def free_slots(self, slots: Rows) -> None:
        """Give back `slots`; what they held is forgotten."""
        self._mask[slots] = UNUSED
        self._added[slots] = 0
        self._free.extend(slots.tolist())

    def add(self, slots: Rows, features: Float2D) -> None:
        """Append one L2-normalised vector to each of `slots`, over the oldest where the budget is used up."""
        positions = self._added[slots] % self.budget
        self._vectors[slots, positions] = features
        self._mask[slots, positions] = 0
        self._added[slots] += 1

    def distances(self, slots: Rows, features: Float2D) -> Float2D:
        """Smallest cosine distance of the tracks at `slots` [t] to `features` [m, d] -> [t, m]; inf where empty."""
        if not len(slots) or not len(features):
            return np.zeros((len(slots), len(features)), np.float32)
        used = int(slots.max()) + 1
        flat = self._vectors[:used].reshape(used * self.budget, self.size)
        similarity = (features @ flat.T).reshape(len(features), used, self.budget)
        similarity += self._mask[:used]
        nearest: Float2D = 1 - similarity.max(axis=2).T[slots]
        return nearest

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
