"""Whether a paper's ordering comes out: only where the gap is larger than the spread between seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Verdict = Literal["confirmed", "refuted", "undecided"]


def spread(values: Sequence[float]) -> float:
    """The largest less the smallest."""
    return max(values) - min(values)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def verdict(above: Sequence[float], below: Sequence[float]) -> Verdict:
    """Of the figures of two rows, one a seed: `above` is the row that the paper has above the other.

    With one seed nothing is known of the spread, so nothing is decided.
    """
    gap = mean(above) - mean(below)
    if min(len(above), len(below)) < 2 or abs(gap) <= max(spread(above), spread(below)):
        return "undecided"
    return "confirmed" if gap > 0 else "refuted"
