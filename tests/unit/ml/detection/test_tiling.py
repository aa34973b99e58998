"""Tiles: their places by hand, what their borders cut off, and that they find what the whole picture hides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.detection import DetectorConfig
from ml.detection.tiling import Tile, TiledDetector, tiles_of
from ml.types import Detections, Image


def test_two_tiles_a_side_that_share_a_fifth() -> None:
    """Of 180 columns two tiles of 100 share 20; of 90 rows two of 50 share 10."""
    tiles = tiles_of(90, 180, 2, 0.2)
    places = [(tile.left, tile.top, tile.right, tile.bottom) for tile in tiles]
    assert places == [(0, 0, 100, 50), (80, 0, 180, 50), (0, 40, 100, 90), (80, 40, 180, 90)]


@given(st.integers(40, 900), st.integers(40, 900), st.integers(1, 5), st.floats(0, 0.5))
def test_tiles_cover_the_picture_and_stay_inside(height: int, width: int, count: int, overlap: float) -> None:
    covered = np.zeros((height, width), np.bool_)
    for tile in tiles_of(height, width, count, overlap):
        assert 0 <= tile.left < tile.right <= width
        assert 0 <= tile.top < tile.bottom <= height
        covered[tile.top : tile.bottom, tile.left : tile.right] = True
    assert covered.all()


@pytest.mark.parametrize(
    ("box", "whole"),
    [
        ([90, 10, 120, 30], True),
        ([80, 10, 120, 30], False),  # begins at the inner left border
        ([90, 10, 180, 30], True),  # the right border is the picture's
        ([90, 0, 120, 30], True),
        ([90, 10, 120, 49.6], False),  # half a row from the inner lower border
        ([90, 10, 120, 49.4], True),
    ],
)
def test_inner_borders_cut_boxes_off_and_the_pictures_do_not(box: list[float], whole: bool) -> None:
    tile = Tile(left=80, top=0, right=180, bottom=50, height=90, width=180)
    assert tile.whole(np.array([box], np.float32)).tolist() == [whole]


class BlobFinder:
    """A real, if simple, detector: boxes around what is white; too small to see below a share of the picture."""

    name = "blobs"
    feature_size = None
    ahead = 0

    def __init__(self, least_share: float) -> None:
        self._least = least_share

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        return [self._one(image) for image in images]

    def _one(self, image: Image) -> Detections:
        rows, columns = np.nonzero(image[..., 0])
        if len(rows) == 0 or np.ptp(columns) + 1 < self._least * image.shape[1]:
            return Detections.empty()
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        one = np.ones(1, np.int32)
        return Detections(0 * one, np.array([box], np.float32), np.array([0.5], np.float32), 3 * one)


def _picture(left: int, top: int, right: int, bottom: int) -> Image:
    image = np.zeros((90, 180, 3), np.uint8)
    image[top:bottom, left:right] = 255
    return image


CONFIG = DetectorConfig(tiles=2, tile_overlap=0.2, nms_iou=0.5)


@pytest.mark.parametrize(
    ("white", "found"),
    [
        ((150, 60, 162, 70), True),  # 12 columns: a 15th of the picture, an 8th of a tile
        ((84, 43, 96, 48), True),  # in all four tiles at once, found once
        ((150, 60, 155, 70), False),
        ((40, 20, 140, 80), True),  # no tile holds all of it, the whole picture does
    ],
)
def test_small_vehicles_are_found_in_tiles_and_large_ones_in_the_whole(
    white: tuple[int, int, int, int], found: bool
) -> None:
    finder = BlobFinder(least_share=0.1)
    [result] = TiledDetector(finder, finder, CONFIG).detect([_picture(*white)])
    assert result.boxes.tolist() == ([[float(side) for side in white]] if found else [])


def test_no_pictures_no_answers() -> None:
    finder = BlobFinder(least_share=0.1)
    assert TiledDetector(finder, finder, CONFIG).detect([]) == []
