"""Rankings and heatmaps as pictures: who stands where, and how right and wrong are told apart."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.reid import ReidTable
from ml.datasets.reid.heat_sheet import draw_heat, heated, sheet_rows
from ml.datasets.reid.ranking_sheet import RIGHT, WRONG, draw_rankings, ranked
from ml.datasets.reid.sheet import GAP, HEADING, LABEL, TILE


@pytest.fixture
def tables(tmp_path: Path) -> tuple[ReidTable, ReidTable]:
    """One query of vehicle 1 in c1; a gallery of vehicle 1 in c1 (junk) and c2, and of vehicle 2 in c2."""
    path = tmp_path / "grey.png"
    assert cv2.imwrite(str(path), np.full((10, 10, 3), 128, np.uint8))
    query = ReidTable.of([path], [1], domain="own", cameras=("c1", "c2"), camera=[0])
    gallery = ReidTable.of([path] * 3, [1, 2, 1], domain="own", cameras=("c1", "c2"), camera=[0, 1, 1])
    return query, gallery


def test_the_query_s_own_pictures_in_its_camera_are_left_out(tables: tuple[ReidTable, ReidTable]) -> None:
    assert ranked(*tables, np.array([[0.1, 0.2, 0.3]], np.float32), 0).tolist() == [1, 2]
    assert ranked(*tables, np.array([[0.1, 0.4, 0.3]], np.float32), 0, nearest=1).tolist() == [2]


def test_without_cameras_the_query_s_vehicle_is_not_left_out(tables: tuple[ReidTable, ReidTable]) -> None:
    query, gallery = (ReidTable.of(table.paths, table.identity, domain="own") for table in tables)
    assert ranked(query, gallery, np.array([[0.1, 0.3, 0.2]], np.float32), 0).tolist() == [0, 2, 1]


def test_right_and_wrong_differ_by_colour_and_by_a_cross(tables: tuple[ReidTable, ReidTable]) -> None:
    sheet = draw_rankings(*tables, np.array([[0.1, 0.2, 0.3]], np.float32), nearest=2)
    lefts = [LABEL + place * (TILE + GAP) for place in (1, 2)]
    frames = [tuple(sheet[HEADING + TILE // 2, left + 2].tolist()) for left in lefts]
    assert frames == [WRONG, RIGHT]
    crosses = [tuple(sheet[HEADING + 16, left + 16].tolist()) for left in lefts]
    assert crosses == [WRONG, (128, 128, 128)]


def test_a_sheet_of_heatmaps_spreads_over_vehicles_and_views() -> None:
    pictures = ReidTable.of([Path("x")] * 12, np.repeat([3, 5, 9], 4), domain="own")
    assert sheet_rows(pictures, vehicles=2, views=2) == [0, 3, 8, 11]


def test_heat_colours_what_is_strong_and_frames_the_box(tables: tuple[ReidTable, ReidTable]) -> None:
    heat = np.array([[0, 0], [0, 1]], np.float32)
    made = heated(np.full((60, 60, 3), 128, np.uint8), heat, np.array([30, 30, 60, 60], np.float32))
    assert made.shape == (TILE, TILE, 3)
    cold, hot = made[10, 10].astype(int), made[-10, -10].astype(int)
    assert hot[0] - hot[2] > cold[0] - cold[2]  # redder
    assert made[TILE // 2, TILE - 10].tolist() == [255, 255, 255]
    sheet = draw_heat(tables[1], [heat] * 3, np.tile(np.array([0, 0, 10, 10], np.float32), (3, 1)))
    assert sheet.shape[0] == 2 * (TILE + 18 + GAP)
