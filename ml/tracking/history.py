"""The detections that made a track, kept compactly until the track closes, and what they looked like."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ml.tracking.ends import End
from ml.types import Double2D, Float1D, Float2D, Tracklet

ROW = 7  # frame, x1, y1, x2, y2, score, category
BLOCK = 10  # detections whose appearance is summed to one vector


class TrackHistory:
    """Grows by one detection at a time; 56 bytes each, and one appearance vector for every `BLOCK` of them.

    before    the history of the same vehicle that this one goes on from, where two were stitched
    cut_from  the piece of the same track up to this one, of another vehicle by its looks, where a track was cut
    """

    __slots__ = ("_end", "_looks", "_start", "_values", "before", "cut_from")

    def __init__(self) -> None:
        self._values = array("d")
        self._looks: list[Float1D] = []
        self._start: tuple[int, End] | None = None  # with the number of boxes that it was found from
        self._end: tuple[int, End] | None = None
        self.before: TrackHistory | None = None
        self.cut_from: TrackHistory | None = None

    def __len__(self) -> int:
        return len(self._values) // ROW

    def append(self, row: list[float], look: Float1D | None = None) -> None:
        """Add one detection: frame, x1, y1, x2, y2, score, category; `look` is its L2-normalised appearance."""
        if look is not None:
            block = len(self) // BLOCK
            while len(self._looks) < block:  # nothing was seen there
                self._looks.append(np.zeros_like(look))
            if block == len(self._looks):
                self._looks.append(look.copy())
            else:
                self._looks[-1] += look
        self._values.extend(row)

    @property
    def first_frame(self) -> int:
        return int(self._values[0])

    @property
    def last_frame(self) -> int:
        return int(self._values[-ROW])

    @property
    def rows(self) -> Double2D:
        """[n, 7] frame, x1, y1, x2, y2, score, category; a view."""
        return np.frombuffer(self._values, np.float64).reshape(-1, ROW)

    @property
    def looks(self) -> Float2D | None:
        """[ceil(n / BLOCK), d] sums of the appearance vectors of each block, zeros where none was seen.

        None where nothing was seen of the last block.
        """
        if len(self._looks) * BLOCK < len(self):
            return None
        return np.array(self._looks)

    @property
    def start(self) -> End:
        """How it begins; found again only while it has fewer than `BLOCK` boxes."""
        known = min(len(self), BLOCK)
        if self._start is None or self._start[0] != known:
            self._start = known, End.first(self.rows, self._looks[:1])
        return self._start[1]

    @property
    def end(self) -> End:
        """How it ends; found again only after another box."""
        if self._end is None or self._end[0] != len(self):
            complete = len(self._looks) * BLOCK >= len(self)
            self._end = len(self), End.last(self.rows, self._looks[-2:] if complete else [])
        return self._end[1]

    def chain(self) -> list[TrackHistory]:
        """The histories that were stitched, in time, this one last."""
        parts = [self]
        while parts[-1].before is not None:
            parts.append(parts[-1].before)
        return parts[::-1]

    def cut(self, blocks: list[int]) -> Iterator[TrackHistory]:
        """The history in pieces that begin at these blocks and at its own beginning."""
        edges = [0, *blocks, len(self._looks)]
        last: TrackHistory | None = None
        for start, stop in pairwise(edges):
            piece = TrackHistory()
            piece._values = self._values[start * BLOCK * ROW : stop * BLOCK * ROW]
            piece._looks = self._looks[start:stop]
            piece.before = self.before if start == 0 else None
            piece.cut_from = last
            last = piece
            yield piece

    def tracklet(self, number: int) -> Tracklet:
        """The stitched chain as its real detections alone; no predicted box is among them."""
        rows = np.concatenate([part.rows for part in self.chain()])
        return Tracklet(
            number,
            rows[:, 0].astype(np.int32),
            rows[:, 1:5].astype(np.float32),
            rows[:, 5].astype(np.float32),
            voted_category(rows[:, 6].astype(np.int32), rows[:, 5]),
        )


def voted_category(categories: npt.NDArray[np.int32], scores: npt.NDArray[np.float64]) -> int:
    """The category with the largest sum of scores; the lower number where two are equal."""
    names, rows = np.unique(categories, return_inverse=True)
    return int(names[np.argmax(np.bincount(rows, weights=scores))])
