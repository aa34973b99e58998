"""A graph in portions that have nothing to do with each other, each small enough to be worked on in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.graph.conflicts import IndexPairs
from ml.types import Int1D

PAIRS = 500_000  # that make a portion
MOST = 2**16  # portions: their numbers are sorted as 16 bits, which takes linear time

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Portion:
    """Whole parts of the graph: rows of the items, of the pairs within and of the bans within, each rising."""

    items: Rows
    pairs: Rows
    bans: Rows


def portions(parts: Int1D, pairs: IndexPairs, bans: IndexPairs, *, size: int = PAIRS) -> Iterator[Portion]:
    """The portions that hold pairs, of about `size` pairs each (a part that has more is one portion).

    parts        [n] number of the part that each item is in
    pairs, bans  [m, 2] and [c, 2] items; those between two parts are left out
    """
    inside, banned = (np.flatnonzero(parts[each[:, 0]] == parts[each[:, 1]]) for each in (pairs, bans))
    counts = np.bincount(parts[pairs[inside, 0]], minlength=int(parts.max(initial=-1)) + 1)
    before = np.cumsum(counts) - counts
    portion_of_part = (before // max(size, len(inside) // (MOST - 1) + 1)).astype(np.uint16)
    of_item = portion_of_part[parts]
    split = (
        _by_portion(np.arange(len(parts)), of_item),
        _by_portion(inside, of_item[pairs[inside, 0]]),
        _by_portion(banned, of_item[bans[banned, 0]]),
    )
    nothing = np.zeros(0, np.intp)
    for number, rows in split[1].items():
        yield Portion(split[0][number], rows, split[2].get(number, nothing))


def _by_portion(rows: Rows, portion: npt.NDArray[np.uint16]) -> dict[int, Rows]:
    order = np.argsort(portion, kind="stable")
    numbers, starts = np.unique(portion[order], return_index=True)
    return dict(zip(numbers.tolist(), np.split(rows[order], starts[1:]), strict=True)) if len(rows) else {}
