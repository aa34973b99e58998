"""Clocks of the benchmark city set wrong by known seconds, told from its true matches, as docs/scene-setup.md says."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from backend.scenes.clocks.estimate import Clocks, Sight, clocks_apart, measured
from backend.space.ground import GroundPlane, inverse, places_under, plane_of
from backend.space.paths import MOST_POINTS, Way
from ml.datasets.scene import CameraFolder, read_scene

AHEAD_S = {"c001": 0.0, "c002": 3.7, "c003": -12.4, "c004": 25.0, "c005": -6.1}
FRAMES_PER_S = {"c001": 10, "c002": 10, "c003": 10, "c004": 8, "c005": 10}
Sights = dict[int, list[tuple[float, str, Sight]]]  # by vehicle: when it came by right clocks, camera, how it is seen


def plane(folder: CameraFolder) -> GroundPlane:
    found = folder.calibration()
    assert found is not None
    assert (found.direction, found.unit) == ("ground-to-image", "metres")
    size = (1280, 720) if folder.name == "c002" else (960, 540)
    return plane_of(inverse(found.homography), lens=found.intrinsic, distortion=found.distortion, size=size)


def add_sights(sights: Sights, folder: CameraFolder) -> None:
    rows, ground, ahead_s = folder.ground_truth(), plane(folder), AHEAD_S[folder.name]
    assert rows is not None
    for vehicle in np.unique(rows.ids).tolist():
        seen = np.flatnonzero(rows.ids == vehicle)
        seen = seen[np.argsort(rows.frames[seen])]
        thinned = seen[np.unique(np.linspace(0, len(seen) - 1, MOST_POINTS).round().astype(int))]
        boxes = rows.boxes[thinned].astype(np.float64)
        places = places_under(np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3])), ground)
        right_s = folder.start_s + rows.frames / FRAMES_PER_S[folder.name]
        first, last = float(right_s[seen[0]]), float(right_s[seen[-1]])
        way = Way(right_s[thinned] + ahead_s, places)
        sights[vehicle].append((first, folder.name, Sight(first + ahead_s, last + ahead_s, way)))


@pytest.fixture(scope="module")
def told(shared_data: Path) -> dict[tuple[str, str], Clocks]:
    """Each two cameras, from the vehicles that pass them one after the other, all confirmed."""
    sights: Sights = defaultdict(list)
    for folder in read_scene(shared_data / "city_a").cameras:
        add_sights(sights, folder)
    matches: dict[tuple[str, str], list[tuple[Sight, Sight]]] = defaultdict(list)
    for passed in sights.values():
        for earlier, later in pairwise(sorted(passed, key=lambda each: each[:2])):
            one, other = sorted((earlier, later), key=lambda each: each[1])
            matches[one[1], other[1]].append((one[2], other[2]))
    return {ends: clocks_apart(**vars(measured(pairs))) for ends, pairs in matches.items()}


def test_offsets_between_neighbours_are_found_to_two_seconds(told: dict[tuple[str, str], Clocks]) -> None:
    """Red lights hold vehicles up for 25 s, in one direction more than in the other."""
    wrong_s = {}
    for (one, other), clocks in told.items():
        if clocks.offset_s is not None:
            assert clocks.method == "both ways"
            wrong_s[one, other] = clocks.offset_s - (AHEAD_S[other] - AHEAD_S[one])
    assert set(wrong_s) == {("c001", "c002"), ("c002", "c003"), ("c003", "c004"), ("c004", "c005")}
    assert max(abs(seconds) for seconds in wrong_s.values()) < 2
    assert np.median(np.abs(list(wrong_s.values()))) < 0.6


def test_cameras_that_hardly_a_vehicle_passes_one_after_the_other_are_told_nothing_of(
    told: dict[tuple[str, str], Clocks],
) -> None:
    assert told["c001", "c003"] == Clocks("", 1)
