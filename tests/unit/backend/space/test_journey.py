"""What no vehicle can have done, each by hand."""

from __future__ import annotations

import numpy as np
import pytest

from backend.scenes.models import Camera, CameraLink
from backend.space.journey import legs_of
from backend.space.paths import Way
from backend.tracking.models import Tracklet

CAMERAS = {name: Camera(pk=place, name=name) for place, name in enumerate("ABC", start=1)}


def seen(pk: int, camera: str, start_s: float, end_s: float) -> Tracklet:
    return Tracklet(pk=pk, number=pk, camera=CAMERAS[camera], start_s=start_s, end_s=end_s)


def driving(start_s: float, end_s: float, x: tuple[float, float]) -> Way:
    return Way(np.array([start_s, end_s]), np.array([[x[0], 0.0], [x[1], 0.0]]))


def problems(tracklets: list[Tracklet], ways: dict[int, Way], links: list[CameraLink]) -> list[tuple[int, int, str]]:
    by_ends = {(link.source_id, link.target_id): link for link in links}
    return [(leg.left, leg.right, leg.problem) for leg in legs_of(tracklets, ways, by_ends)]


def test_an_ordinary_way_has_no_problem_and_its_speed() -> None:
    """From x = 20 m to 128 m, less 8 m that places may be wrong, in 5 s: 20 m/s."""
    tracklets = [seen(1, "A", 0, 2), seen(2, "B", 7, 9)]
    (leg,) = legs_of(tracklets, {1: driving(0, 2, (0, 20)), 2: driving(7, 9, (128, 150))}, {})
    assert (leg.gap_s, leg.distance_m, leg.speed_mps, leg.problem) == (5, 108, 20, "")


def test_two_places_of_a_camera_at_one_time_are_flagged_also_when_not_next_to_each_other() -> None:
    tracklets = [seen(1, "A", 0, 10), seen(2, "B", 3, 4), seen(3, "A", 8, 12)]
    assert problems(tracklets, {}, []) == [(1, 2, ""), (2, 3, ""), (1, 3, "overlap")]


@pytest.mark.parametrize(("start", "problem"), [(100.0, "two-places"), (30.0, "")])
def test_far_apart_at_one_time(start: float, problem: str) -> None:
    """Both stand still and are in view from 1 s to 2 s; views may overlap, so 30 m is nothing."""
    ways = {1: driving(0, 2, (0, 0)), 2: driving(1, 3, (start, start))}
    assert problems([seen(1, "A", 0, 2), seen(2, "B", 1, 3)], ways, []) == [(1, 2, problem)]


def test_too_fast() -> None:
    """508 m less 8 m in 5 s: 100 m/s, 360 km/h."""
    tracklets = [seen(1, "A", 0, 2), seen(2, "B", 7, 9)]
    (leg,) = legs_of(tracklets, {1: driving(0, 2, (0, 0)), 2: driving(7, 9, (508, 510))}, {})
    assert leg.problem == "speed"
    assert "360 km/h" in leg.reason


def test_earlier_than_the_link_allows() -> None:
    link = CameraLink(source=CAMERAS["A"], target=CAMERAS["B"], min_s=10, max_s=60)
    assert problems([seen(1, "A", 0, 2), seen(2, "B", 7, 9)], {}, [link]) == [(1, 2, "transit")]
    assert problems([seen(1, "B", 0, 2), seen(2, "A", 7, 9)], {}, [link]) == [(1, 2, "")]


def test_a_tracklet_without_a_known_place_has_no_speed() -> None:
    nowhere = Way(np.zeros(0), np.zeros((0, 2)))
    (leg,) = legs_of([seen(1, "A", 0, 2), seen(2, "B", 7, 9)], {1: driving(0, 2, (0, 0)), 2: nowhere}, {})
    assert (leg.distance_m, leg.speed_mps, leg.problem) == (None, None, "")
