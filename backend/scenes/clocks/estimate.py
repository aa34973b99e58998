"""How far two cameras' clocks are apart, from vehicles that people confirmed in both (numpy only).

An event at true time t is seen at t + a by one camera and at t + b by the other: the offset is b - a, seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.space.ground import Doubles
from backend.space.paths import Way

FEWEST = 3  # matches of a kind
NEAR_M = 2.5  # places as near as this are one place
LEAST_SPEED = 1.0  # m/s; of a vehicle that stands a place says nothing about the time
NORMAL = 1.4826  # standard deviation of a normal distribution, in median absolute deviations
QUICKEST = 0.1  # share of the matches one way that are taken not to have waited on it
OF_MEDIAN = 1.2533  # standard error of a median, in those of a mean: the root of pi / 2


@dataclass(frozen=True)
class Clocks:
    """What the matches of two cameras say.

    method     "views": seen at one place by both; "both ways": transit times there and back; "": it cannot be told
    offset_s   the second camera's clock less the first one's; None where it cannot be told
    error_s    standard error of it
    spread_s   of single matches about it: standard deviation, robust
    transit_s  the time between the views of those that do not wait, by both ways
    matches    those that it was told from
    """

    method: Literal["views", "both ways", ""]
    matches: int
    offset_s: float | None = None
    error_s: float | None = None
    spread_s: float | None = None
    transit_s: float | None = None


@dataclass(frozen=True, eq=False)
class Sight:
    """A vehicle in one camera: when it came and left by that camera's clock, and its way over the ground."""

    start_s: float
    end_s: float
    way: Way


@dataclass(frozen=True, eq=False)
class Measured:
    """Seconds; see `clocks_apart`."""

    there: Doubles
    back: Doubles
    at_one_place: Doubles


def measured(matches: Sequence[tuple[Sight, Sight]]) -> Measured:
    """What vehicles took between two cameras: each match as the first camera and as the second one has it."""
    there, back, at_one_place = [], [], []
    for one, other in matches:
        between = time_between(one.way, other.way)
        if between is not None:
            at_one_place.append(between)
        if _comes_first(one, other):
            there.append(other.start_s - one.end_s)
        else:
            back.append(one.start_s - other.end_s)
    return Measured(np.array(there), np.array(back), np.array(at_one_place))


def _comes_first(one: Sight, other: Sight) -> bool:
    """Whether the vehicle was at `one` first: by where it drives on the ground, which no clock can make wrong.

    Without calibration by the clocks, which then must not be further apart than the way takes.
    """
    way, next_way = one.way.places, other.way.places
    if len(way) >= 2 and len(next_way) >= 2:
        onwards = next_way.mean(axis=0) - way.mean(axis=0)
        driven = (way[-1] - way[0]) + (next_way[-1] - next_way[0])
        if abs(float(driven @ onwards)) > 0:
            return float(driven @ onwards) > 0
    return one.start_s + one.end_s <= other.start_s + other.end_s


def clocks_apart(*, there: Doubles, back: Doubles, at_one_place: Doubles, rounded_s: float = 0.0) -> Clocks:
    """From measured seconds.

    there, back   [n], [m] from leaving the first camera to coming into the second, and the other way round
    at_one_place  [k] of vehicles seen at one place by both: the second camera's time of it less the first one's
    rounded_s     of `rounding`: single matches do not spread by less, however much alike a few of them are

    Seen at one place the offset is the median d. Otherwise there = T + d and back = T - d, with a road that takes as
    long in both directions where nobody waits: d is half the difference of what the quickest take, and T half the sum.
    Not of the medians: a red light is one direction's alone.
    """
    if len(at_one_place) >= FEWEST:
        offset, spread = _middle(at_one_place, rounded_s)
        return Clocks("views", len(at_one_place), offset, _error(spread, len(at_one_place)), spread)
    if min(len(there), len(back)) < FEWEST:
        return Clocks("", len(there) + len(back))
    (out, out_error), (home, home_error) = _quickest(there, rounded_s), _quickest(back, rounded_s)
    spread = float(np.hypot(_middle(there, rounded_s)[1], _middle(back, rounded_s)[1])) / 2
    error = float(np.hypot(out_error, home_error)) / 2
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


def _quickest(values: Doubles, least: float) -> tuple[float, float]:
    """(what the quickest tenth take at most, its standard error); the second quickest at least, for one may be wrong.

    The error is half the distance of the values that stand a standard deviation of the count of quicker ones,
    root(n q (1 - q)), further on and back; no less than with single values that deviate by `least`.
    """
    place, deviation = max(QUICKEST * (len(values) - 1), 1), float(np.sqrt(len(values) * QUICKEST * (1 - QUICKEST)))
    around = [place - deviation, place, place + deviation]
    earlier, found, later = np.interp(around, np.arange(len(values)), np.sort(values))
    return float(found), max(float(later - earlier) / 2, _error(least, len(values)))


def _error(spread: float, count: int) -> float:
    return OF_MEDIAN * spread / float(np.sqrt(count))
