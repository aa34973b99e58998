"""Traffic: ways through a junction, lights, following, and nobody through anybody."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import numpy as np
import pytest

from ml.synthesis.traffic.driving import Streets, follow
from ml.synthesis.traffic.network import LANE, Path, Street, network, turn_of
from ml.synthesis.traffic.signals import Signal
from ml.synthesis.traffic.trajectories import simulate

CROSS = network(
    {"c": (0.0, 0.0), "w": (-80.0, 0.0), "e": (80.0, 0.0), "n": (0.0, 80.0), "s": (0.0, -80.0)},
    [Street("w", "c", 2, 14.0), Street("c", "e", 2, 14.0), Street("n", "c", 1, 11.0), Street("c", "s", 1, 11.0)],
)
FROM_WEST = next(edge for edge in CROSS.edges if (edge.source, edge.target) == ("w", "c"))


def test_traffic_keeps_right() -> None:
    """Going east, the right lane is the southern one: one and a half lanes below the middle."""
    assert np.allclose(FROM_WEST.lane(0).points[:, 1], -1.5 * LANE)
    assert np.allclose(FROM_WEST.lane(1).points[:, 1], -0.5 * LANE)


def test_turns_are_told_by_where_they_lead() -> None:
    turns = {edge.target: turn_of(FROM_WEST, edge) for edge in CROSS.leaving("c")}
    assert turns == {"e": "straight", "n": "left", "s": "right", "w": None}


def test_one_turns_right_from_the_right_lane_and_left_from_the_left_one() -> None:
    right = {(way.turn, way.target_lane) for way in CROSS.connectors(FROM_WEST, 0)}
    left = {(way.turn, way.target_lane) for way in CROSS.connectors(FROM_WEST, 1)}
    assert right == {("right", 0), ("straight", 0)}
    assert left == {("left", 0), ("straight", 1)}


def test_a_connector_begins_and_ends_on_its_lanes() -> None:
    way = next(way for way in CROSS.connectors(FROM_WEST, 0) if way.turn == "right")
    assert np.allclose(way.path.points[0], FROM_WEST.lane(0).points[-1])
    assert np.allclose(way.path.points[-1], way.target.lane(0).points[0])


def test_a_path_goes_on_straight_beyond_its_ends() -> None:
    path = Path(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]]))
    assert path.length == 7.0
    assert np.allclose(path.at(np.array([-2.0, 1.5, 5.0, 9.0])), [[-2, 0], [1.5, 0], [3, 2], [3, 6]])


def test_a_free_road_is_driven_at_the_wished_speed() -> None:
    assert follow(14.0, 14.0, 1e6, 14.0) == pytest.approx(0.0, abs=1e-6)
    assert follow(0.0, 14.0, 1e6, 14.0) == pytest.approx(1.8)


def test_who_stands_at_the_standstill_gap_stays_there() -> None:
    """(s0 / gap)^2 = 1 takes all of the acceleration."""
    assert follow(0.0, 14.0, 2.2, 0.0) == pytest.approx(0.0)


def test_who_closes_in_too_fast_brakes_as_hard_as_it_can() -> None:
    assert follow(14.0, 14.0, 5.0, 0.0) == -7.0


def test_lights_let_the_arms_go_one_after_the_other_with_a_pause_between() -> None:
    arms = tuple(CROSS.entering("c"))
    signal = Signal(arms, 0.0)
    greens = [signal.green(tick / 10) for tick in range(1000)]
    assert {edge.source for edge in greens if edge is not None} == {"w", "e", "n", "s"}
    assert all(a is b or a is None or b is None for a, b in pairwise(greens))


def test_nobody_drives_through_anybody() -> None:
    trajectories = simulate(CROSS, np.random.default_rng(2), lambda: ("car", 4.4), seconds=10, density=0.4, warm_up=8)
    assert len(trajectories) > 5
    for moment in np.arange(0, 10, 0.5):
        places = [place for place in (one.at(float(moment)) for one in trajectories) if place is not None]
        assert all(math.dist(a[:2], b[:2]) > 2.0 for a, b in combinations(places, 2))


def test_vehicles_keep_moving_along_the_way_they_face() -> None:
    one = max(
        simulate(CROSS, np.random.default_rng(5), lambda: ("car", 4.4), seconds=8, density=0.2, warm_up=2),
        key=lambda t: len(t.times),
    )
    steps = np.diff(one.places, axis=0)
    moving = np.hypot(*steps.T) > 0.05
    facing = np.stack([np.cos(one.headings[:-1]), np.sin(one.headings[:-1])], axis=1)
    assert moving.any()
    assert (np.einsum("ij,ij->i", steps, facing)[moving] > 0).all()


def test_the_same_seed_makes_the_same_traffic() -> None:
    def run() -> list[tuple[float, ...]]:
        streets = Streets(CROSS, np.random.default_rng(7), lambda: ("car", 4.4), 0.3)
        for _ in range(80):
            streets.advance()
        return [(driver.front, driver.speed) for driver in streets.driving]

    assert run() == run()
    assert run()
