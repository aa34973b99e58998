from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scenes.clocks.estimate import clocks_apart, rounding, time_between
from backend.space.paths import Way

NONE = np.zeros(0)


def test_both_directions_tell_offset_and_transit_apart() -> None:
    """There 11, 12, 13 s, back 7, 8, 9 s: the second quickest take 12 and 8 s, the road 10 s; clocks are 2 s apart."""
    clocks = clocks_apart(there=np.array([11.0, 12, 13]), back=np.array([7.0, 8, 9]), at_one_place=NONE)
    assert (clocks.method, clocks.matches) == ("both ways", 6)
    assert (clocks.offset_s, clocks.transit_s) == (2.0, 10.0)
    # Each way deviates by 1 in the median: 1.4826 as a standard deviation; of the half difference 1.4826 * root 2 / 2.
    assert clocks.spread_s == pytest.approx(1.4826 * 2**0.5 / 2)
    # root(3 * 0.1 * 0.9) = 0.52 values on and back, a second apart.
    assert clocks.error_s == pytest.approx(0.27**0.5 * 2**0.5 / 2)


def test_a_red_light_that_holds_most_of_one_direction_up_does_not_move_the_clock() -> None:
    """Equal clocks, 5 s of road: 14 of 20 wait 24 s there, nobody on the way back."""
    there = np.array([5.0, 5.2, 5.4, 5.6, 5.8, 6.0] + [29.0] * 14)
    clocks = clocks_apart(there=there, back=np.linspace(5, 6, 20), at_one_place=NONE)
    assert clocks.offset_s == pytest.approx(0, abs=0.2)
    assert clocks.transit_s == pytest.approx(5.2, abs=0.2)


@pytest.mark.parametrize("count", [3, 8, 30])
def test_one_wrong_match_does_no_harm_both_ways_either(count: int) -> None:
    there, back = np.linspace(5, 6, count), np.linspace(5, 6, count)
    there[0] = -90.0
    clocks = clocks_apart(there=there, back=back, at_one_place=NONE)
    assert clocks.offset_s == pytest.approx(0, abs=0.3)


def test_one_direction_alone_tells_nothing() -> None:
    """5 s between the views may be 5 s of road, or 3 s of road and 2 s of clock."""
    clocks = clocks_apart(there=np.full(50, 5.0), back=np.full(2, 5.0), at_one_place=np.zeros(2))
    assert (clocks.method, clocks.offset_s, clocks.matches) == ("", None, 52)


def test_what_both_see_at_one_place_counts_most_and_one_wrong_match_does_no_harm() -> None:
    clocks = clocks_apart(there=np.array([90.0] * 9), back=NONE, at_one_place=np.array([1.4, 1.5, 1.6, 60]))
    assert (clocks.method, clocks.matches, clocks.transit_s) == ("views", 4, None)
    assert clocks.offset_s == pytest.approx(1.55)
    assert clocks.spread_s is not None
    assert clocks.spread_s < 0.2


def test_three_equal_matches_are_known_no_better_than_frames_are_apart() -> None:
    """At 10 and 20 frames a second a difference is rounded by root((0.1^2 + 0.05^2) / 12) = 0.03227 s."""
    assert rounding(10, 20) == pytest.approx(0.03227, abs=1e-5)
    clocks = clocks_apart(there=NONE, back=NONE, at_one_place=np.full(3, 1.5), rounded_s=rounding(10, 20))
    assert (clocks.offset_s, clocks.spread_s) == (1.5, pytest.approx(0.03227, abs=1e-5))
    assert clocks.error_s == pytest.approx(1.2533 * 0.03227 / 3**0.5, abs=1e-5)
    ways = clocks_apart(there=np.full(3, 5.0), back=np.full(3, 4.0), at_one_place=NONE, rounded_s=0.03)
    assert ways.error_s == pytest.approx(1.2533 * 0.03 / 3**0.5 / 2**0.5)


@given(offset=st.floats(-60, 60), transit=st.floats(1, 120), seed=st.integers(0, 1000))
def test_the_offset_is_found_however_long_the_road_is(offset: float, transit: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    there, back = random.normal(transit, 1.0, 40) + offset, random.normal(transit, 1.0, 30) - offset
    clocks = clocks_apart(there=there, back=back, at_one_place=NONE)
    assert clocks.offset_s == pytest.approx(offset, abs=1.2)
    assert clocks.transit_s == pytest.approx(transit - 1.28, abs=1.2)  # a tenth are quicker than 1.28 deviations below


def way(times: list[float], xs: list[float], y: float = 0.0) -> Way:
    return Way(np.array(times), np.column_stack((xs, np.full(len(xs), y))))


def test_the_time_between_two_views_of_one_place() -> None:
    """One camera sees it at x = 10, 20, 30 at 1, 2, 3 s, the other from x = 20 on 2.5 s later by its own clock."""
    one = way([1, 2, 3], [10, 20, 30])
    other = way([4.5, 6.5], [20, 40], y=1.0)
    assert time_between(one, other) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (way([1, 2], [10, 20]), way([4, 5], [50, 60])),  # no place in common
        (way([1, 2, 3], [10, 20, 30]), way([4, 60], [20, 21])),  # it stands there
        (way([], []), way([4, 5], [50, 60])),
        (way([1, 2], [10, 20]), way([4], [10])),
    ],
)
def test_views_that_share_no_moment_say_nothing(one: Way, other: Way) -> None:
    assert time_between(one, other) is None
