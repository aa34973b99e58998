"""Which boxes of two sides overlap at the same time step: a sparse list, never a matrix of all with all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.boxes import areas, shared_area
from ml.types import Double1D, Double2D

Rows = npt.NDArray[np.int64]
BLOCK = 1_000_000  # pairs looked at together; bounds the memory


@dataclass(frozen=True, slots=True)
class BoxesByStep:
    """Boxes of one side in the order of their time steps.

    boxes  [n, 4] float64 xyxy           starts  [steps + 1] int64, first row of each step
    """

    boxes: Double2D
    starts: Rows

    def __len__(self) -> int:
        return len(self.boxes)

    @property
    def counts(self) -> Rows:
        """[steps] boxes of each step."""
        return np.diff(self.starts)

    @property
    def steps(self) -> Rows:
        """[n] step of each row."""
        return np.repeat(np.arange(len(self.starts) - 1), self.counts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Boxes of the same step that overlap, by rising left row, then right row.

    left, right  [k] int64 rows of the two sides
    iou          [k] float64, above 0: intersection over union
    inside       [k] float64, above 0: intersection over the right box's own area
    """

    left: Rows
    right: Rows
    iou: Double1D
    inside: Double1D

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: npt.NDArray[np.bool_] | Rows) -> Pairs:
        """The pairs at `chosen` (indices or a boolean mask)."""
        return Pairs(self.left[chosen], self.right[chosen], self.iou[chosen], self.inside[chosen])


def overlapping_pairs(left: BoxesByStep, right: BoxesByStep, *, block: int = BLOCK) -> Pairs:
    """All pairs that overlap; both sides have the same steps. `block` pairs are compared at a time."""
    parts = [_overlaps(left, right, first, last) for first, last in _blocks(left.counts * right.counts, block)]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Pairs(nothing, nothing, np.zeros(0), np.zeros(0))
    return Pairs(
        np.concatenate([part.left for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.iou for part in parts]),
        np.concatenate([part.inside for part in parts]),
    )


def inside_share(pairs: Pairs, right_count: int) -> Double1D:
    """[right_count] the largest share of a right box's area that lies inside one left box."""
    share = np.zeros(right_count)
    np.maximum.at(share, pairs.right, pairs.inside)
    return share


def _blocks(sizes: Rows, block: int) -> Iterator[tuple[int, int]]:
    """Ranges of steps with about `block` pairs each, one step at least."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        done = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + block, side="right")))
        yield first, last
        first = last


def _overlaps(left: BoxesByStep, right: BoxesByStep, first: int, last: int) -> Pairs:
    """The overlapping pairs of steps first..last-1: every left row with every right row of its step, then sifted."""
    rows = np.arange(left.starts[first], left.starts[last])
    step = np.repeat(np.arange(first, last), left.counts[first:last])
    partners = right.counts[step]
    begins = np.cumsum(partners) - partners
    ours = np.repeat(rows, partners)
    theirs = np.arange(len(ours)) + np.repeat(right.starts[step] - begins, partners)
    boxes, others = left.boxes[ours], right.boxes[theirs]
    shared = shared_area(boxes, others)
    some = shared > 0
    shared, own = shared[some], areas(others[some])
    union = areas(boxes[some]) + own - shared
    return Pairs(ours[some], theirs[some], shared / union, shared / own)
