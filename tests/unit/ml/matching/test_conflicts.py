"""What two tracklets' times and places rule out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.graph import conflicting_pairs
from ml.matching.graph.conflicts import rows_by_camera, separate_cameras
from ml.types import CameraLink

Span = tuple[str, float, float]

spans = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.integers(0, 10)).map(lambda s: (s[0], s[1], s[1] + s[2])),
    max_size=15,
)

ROAD = [
    CameraLink("a", "b", 0, 20),
    CameraLink("b", "a", 2, 20),
    CameraLink("b", "c", 0, 20),
    CameraLink("c", "d", 0, 9),
]


def conflicts(scene: list[Span], links: list[CameraLink]) -> list[tuple[int, int]]:
    starts, ends = (np.array([span[place] for span in scene], np.float64) for place in (1, 2))
    return [(i, j) for i, j in conflicting_pairs([span[0] for span in scene], starts, ends, links).tolist()]


def at_once(one: Span, other: Span) -> bool:
    return one[1] <= other[2] and other[1] <= one[2]


@given(spans)
def test_overlaps_are_those_in_view_at_one_time_in_one_camera(scene: list[Span]) -> None:
    expected = [
        (i, j)
        for i, one in enumerate(scene)
        for j, other in enumerate(scene)
        if i < j and one[0] == other[0] and at_once(one, other)
    ]

    assert conflicts(scene, []) == expected


def test_cameras_up_to_two_links_apart_are_separate() -> None:
    both_ways = {("a", "b"), ("a", "c"), ("b", "c"), ("b", "d"), ("c", "d")}

    assert set(separate_cameras(ROAD)) == both_ways | {(other, one) for one, other in both_ways}


@pytest.mark.parametrize("window", [CameraLink("b", "a", -1, 20), CameraLink("a", "b", -5, 0)])
def test_a_window_below_zero_in_either_direction_means_that_views_may_overlap(window: CameraLink) -> None:
    assert separate_cameras([*ROAD[:1], window]) == []


@pytest.mark.parametrize(("start_s", "impossible"), [(0.0, True), (9.9, True), (10.0, True), (10.1, False)])
def test_a_vehicle_is_not_in_two_separate_views_at_one_time(start_s: float, impossible: bool) -> None:
    scene = [("c", start_s, 30.0), ("a", 0.0, 10.0), ("d", 0.0, 10.0)]

    assert ((0, 1) in conflicts(scene, ROAD)) == impossible
    assert (1, 2) not in conflicts(scene, ROAD)


def test_conflicts_of_a_worked_example() -> None:
    """In a 0..5 s meets 5..9 s, and that 6..7 s; b shares no road with a, and 8..20 s meets 5..9 s."""
    scene = [("a", 0.0, 5.0), ("a", 5.0, 9.0), ("a", 6.0, 7.0), ("b", 8.0, 20.0)]

    assert conflicts(scene, [CameraLink("a", "b", 0, 30)]) == [(0, 1), (1, 2), (1, 3)]
    assert conflicts(scene, [CameraLink("a", "b", -1, 30)]) == [(0, 1), (1, 2)]


def test_rows_are_sorted_to_their_cameras() -> None:
    assert {name: rows.tolist() for name, rows in rows_by_camera(["b", "a", "b"]).items()} == {"a": [1], "b": [0, 2]}


@given(spans)
def test_conflicts_are_what_a_look_at_every_pair_finds(scene: list[Span]) -> None:
    apart = {*separate_cameras(ROAD), *((name, name) for name in "abc")}
    expected = {
        (i, j)
        for i, one in enumerate(scene)
        for j, other in enumerate(scene[i + 1 :], start=i + 1)
        if (one[0], other[0]) in apart and at_once(one, other)
    }

    assert set(conflicts(scene, ROAD)) == expected
