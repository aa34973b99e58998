"""How sure a difference between two models is: vehicles are drawn again and again, for both models the same ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Double1D, Double2D, UserError

DRAWS = 1000
LOW, HIGH = 2.5, 97.5  # percentiles


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure, and between which values 95% of the draws lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of two models over the same vehicles. difference  candidate less other, draw by draw"""

    candidate: Interval
    other: Interval
    difference: Interval


def compare_shares(candidate: Double2D, other: Double2D, *, draws: int = DRAWS, seed: int = 0) -> Compared:
    """A measure that is a share of sums over vehicles, with its percentile bootstrap (Efron, 1979).

    candidate, other  [2, vehicles] what each vehicle adds above and below the line: the sum of its queries' AP and
                      their number for mAP, twice its right boxes and its true and predicted ones for IDF1

    UserError "no-vehicles": none, or none that adds anything below the line.
    """
    if not candidate.shape[1] or min(candidate[1].sum(), other[1].sum()) <= 0:
        raise UserError("no-vehicles", "no held vehicle can be compared; label more vehicles seen by several cameras")
    vehicles = candidate.shape[1]
    drawn = np.random.default_rng(seed).integers(0, vehicles, (draws, vehicles))
    one, two = (_shares(sums, drawn) for sums in (candidate, other))
    whole = [float(sums[0].sum() / sums[1].sum()) for sums in (candidate, other)]
    return Compared(_interval(whole[0], one), _interval(whole[1], two), _interval(whole[0] - whole[1], one - two))


def _shares(sums: Double2D, drawn: npt.NDArray[np.int64]) -> Double1D:
    """[draws]; a draw in which nothing lies below the line counts 0."""
    above, below = (row[drawn].sum(axis=1) for row in sums)
    found: Double1D = above / np.where(below > 0, below, 1.0)
    return found


def _interval(value: float, draws: Double1D) -> Interval:
    low, high = np.percentile(draws, (LOW, HIGH)).tolist()
    return Interval(value, low, high)
