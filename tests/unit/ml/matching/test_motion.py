import numpy as np
import pytest

from ml.matching.motion import HEADING_EDGES, Motion, motion_between

UNTELLING = len(HEADING_EDGES) + 1
AHEAD, BACK = len(HEADING_EDGES), 0


def motion(leaving: list[float], arriving: list[float], gap_s: float) -> Motion:
    return motion_between(np.array([leaving]), np.array([arriving]), np.array([gap_s]))


def test_straight_on_at_ten_metres_a_second() -> None:
    """104 m apart, 4 of them slack, in 10 s: the class that ends with 10 m/s."""
    found = motion([0, 0, 10, 0], [104, 0, 10, 0], 10)

    assert (found.leaving[0], found.arriving[0], found.speed[0], found.known[0]) == (AHEAD, AHEAD, 4, True)


def test_the_way_back_is_against_both_headings() -> None:
    found = motion([104, 0, 10, 0], [0, 0, 10, 0], 10)

    assert (found.leaving[0], found.arriving[0]) == (BACK, BACK)


@pytest.mark.parametrize(
    ("velocity", "place"), [([1.0, 0.0], [50.0, 0.0]), ([10.0, 0.0], [5.0, 0.0])], ids=["standing", "near"]
)
def test_headings_of_what_stands_or_of_a_short_way_say_nothing(velocity: list[float], place: list[float]) -> None:
    found = motion([0, 0, *velocity], [*place, *velocity], 5)

    assert (found.leaving[0], found.arriving[0]) == (UNTELLING, UNTELLING)


def test_a_turn_shows_at_one_end_only() -> None:
    """East at 45 degrees to the way, then along it: cos 45 degrees is between 0.5 and 0.8."""
    found = motion([0, 0, 10, 0], [50, 50, 10, 10], 10)

    assert (found.leaving[0], found.arriving[0]) == (2, AHEAD)


def test_unknown_places_are_said_to_be_so() -> None:
    assert not motion([np.nan] * 4, [0, 0, 1, 1], 3).known[0]
    assert not motion([0, 0, 1, 1], [np.nan] * 4, 3).known[0]


def test_at_one_moment_no_way_is_infinitely_fast() -> None:
    assert motion([0, 0, 1, 1], [3, 0, 1, 1], 0).speed[0] == 0
