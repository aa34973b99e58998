"""Does an ordering that a paper reports come out here as well?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["confirmed", "refuted", "undecided"]


@dataclass(frozen=True, slots=True)
class Ordering:
    """`better` should have more of `figure` than `worse`; `published` says who reports it and with which figures."""

    figure: str
    better: str
    worse: str
    published: str


def verdict(gaps: Sequence[float]) -> Verdict:
    """Of the gaps better - worse, one a scene: all above 0, all below, or neither.

    Every stage is deterministic, so that no seeds spread the figures; the scenes do.
    """
    if gaps and min(gaps) > 0:
        return "confirmed"
    return "refuted" if gaps and max(gaps) < 0 else "undecided"
