"""Scenes so small that there is no crowd to measure looks against."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.matching import MatcherConfig, constrained_sync, roomy_links
from ml.types import CameraLink, CameraTracklet
from tests.unit.ml.matching.road import road

DEMO = np.load(Path(__file__).with_name("demo_vehicles.npz"))  # 18 vehicles of the demo scene in c001, then in c002
VEHICLES = 18


def groups(scene: list[CameraTracklet], links: list[CameraLink] | None = None) -> list[int]:
    labels: list[int] = constrained_sync(
        scene, links or roomy_links(["a", "b"]), config=MatcherConfig()
    ).labels.tolist()
    return labels


def cut_from_the_demo(*vehicles: int) -> list[CameraTracklet]:
    """These vehicles alone, as camera a and then camera b saw them."""
    rows = [VEHICLES * place + vehicle for place in (0, 1) for vehicle in vehicles]
    return [
        CameraTracklet(
            key=key,
            camera="a" if row < VEHICLES else "b",
            start_s=float(DEMO["times_s"][row, 0]),
            end_s=float(DEMO["times_s"][row, 1]),
            mean=DEMO["looks"][row],
            views=DEMO["looks"][row, None],
            entry=DEMO["entries"][row],
            exit=DEMO["exits"][row],
        )
        for key, row in enumerate(rows)
    ]


@pytest.mark.parametrize("vehicles", [1, 2, 3])
def test_so_few_vehicles_with_matching_looks_and_times_are_followed(vehicles: int) -> None:
    assert groups(road(vehicles)) == [*range(vehicles)] * 2


@pytest.mark.parametrize("vehicles", [1, 2, 3])
def test_without_a_calibration_too(vehicles: int) -> None:
    scene = [replace(one, entry=None, exit=None) for one in road(vehicles)]

    assert groups(scene) == [*range(vehicles)] * 2


@pytest.mark.parametrize("vehicles", [1, 2, 3])
def test_unlike_looks_are_not_joined_even_where_there_is_nothing_else(vehicles: int) -> None:
    """Every look is at right angles to every other."""
    looks = np.eye(2 * vehicles, 32, dtype=np.float32)
    scene = [replace(one, mean=look, views=look[None]) for one, look in zip(road(vehicles), looks, strict=True)]

    assert groups(scene) == [*range(2 * vehicles)]


def test_vehicles_of_the_demo_are_found_again_three_at_a_time() -> None:
    links = [CameraLink("a", "b", 0, 25), CameraLink("b", "a", 0, 15)]
    threes = [groups(cut_from_the_demo(*range(first, first + 3)), links) for first in range(0, VEHICLES, 3)]

    assert sum(three[i] == three[i + 3] for three in threes for i in range(3)) >= VEHICLES - 1
    assert not any(three[i] == three[j + 3] for three in threes for i in range(3) for j in range(3) if i != j)
