"""How far two cameras' clocks are apart, from vehicles that people confirmed in both (numpy only).

An event at true time t is seen at t + a by one camera and at t + b by the other: the offset is b - a, seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.space.ground import Doubles
from backend.space.paths import Way

FEWEST = 3  # matches of a kind
NEAR_M = 2.5  # places as near as this are one place
LEAST_SPEED = 1.0  # m/s; of a vehicle that stands a place says nothing about the time
NORMAL = 1.4826  # standard deviation of a normal distribution, in median absolute deviations
OF_MEDIAN = 1.2533  # standard error of a median, in those of a mean: the root of pi / 2


@dataclass(frozen=True)
class Clocks:
    """What the matches of two cameras say.

    method     "views": seen at one place by both; "both ways": transit times there and back; "": it cannot be told
    offset_s   the second camera's clock less the first one's; None where it cannot be told
    error_s    standard error of it
    spread_s   of single matches about it: standard deviation, robust
    transit_s  the time between the views, by both ways
    matches    those that it was told from
    """

    method: Literal["views", "both ways", ""]
    matches: int
    offset_s: float | None = None
    error_s: float | None = None
    spread_s: float | None = None
    transit_s: float | None = None


def clocks_apart(*, there: Doubles, back: Doubles, at_one_place: Doubles, rounded_s: float = 0.0) -> Clocks:
    """From measured seconds.

    there, back   [n], [m] from leaving the first camera to coming into the second, and the other way round
    at_one_place  [k] of vehicles seen at one place by both: the second camera's time of it less the first one's
    rounded_s     of `rounding`: single matches do not spread by less, however much alike a few of them are

    Seen at one place the offset is the median d. Otherwise there = T + d and back = T - d, with a road that takes as
    long in both directions: d = (median there - median back) / 2, and T is half their sum.
    """
    if len(at_one_place) >= FEWEST:
        offset, spread = _middle(at_one_place, rounded_s)
        return Clocks("views", len(at_one_place), offset, _error(spread, len(at_one_place)), spread)
    if min(len(there), len(back)) < FEWEST:
        return Clocks("", len(there) + len(back))
    (out, wide), (home, also_wide) = _middle(there, rounded_s), _middle(back, rounded_s)
    error = float(np.hypot(_error(wide, len(there)), _error(also_wide, len(back)))) / 2
    spread = float(np.hypot(wide, also_wide)) / 2
    return Clocks("both ways", len(there) + len(back), (out - home) / 2, error, spread, (out + home) / 2)


def time_between(one: Way, other: Way) -> float | None:
    """Seconds from when `one` passed a place to when `other` passed the same; None where they share no place.

    The median over the places of `one` that lie on a piece of `other` where it moves.
    """
    if len(one.places) == 0 or len(other.places) < 2:
        return None
    starts, pieces = other.places[:-1], np.diff(other.places, axis=0)
    seconds = np.diff(other.times_s)
    squares = (pieces**2).sum(axis=1)
    moving = squares >= (LEAST_SPEED * seconds) ** 2
    if not moving.any():
        return None
    from_start = one.places[:, None] - starts[None, moving]
    share = ((from_start * pieces[moving]).sum(axis=2) / squares[moving]).clip(0, 1)
    away = np.hypot(*np.moveaxis(from_start - share[..., None] * pieces[moving], 2, 0))
    nearest = away.argmin(axis=1)
    rows = np.arange(len(nearest))
    passed = other.times_s[:-1][moving][nearest] + share[rows, nearest] * seconds[moving][nearest]
    shared = away[rows, nearest] <= NEAR_M
    return float(np.median((passed - one.times_s)[shared])) if shared.sum() >= 2 else None


def rounding(*rates: float) -> float:
    """Standard deviation of the difference of two cameras' times, which are those of frames, `rates` a second.

    A time that lies anywhere between two frames deviates by 1 / (rate * root 12).
    """
    return float(np.sqrt(sum(1 / rate**2 for rate in rates) / 12))


def _middle(values: Doubles, least: float) -> tuple[float, float]:
    """(median, standard deviation by the median absolute deviation, at least `least`)."""
    middle = float(np.median(values))
    return middle, max(NORMAL * float(np.median(np.abs(values - middle))), least)


def _error(spread: float, count: int) -> float:
    return OF_MEDIAN * spread / float(np.sqrt(count))
