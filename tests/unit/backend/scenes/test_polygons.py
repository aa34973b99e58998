"""Drawn regions: which pixels they hold, the picture they are stored as, and what is no region."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as laws
from hypothesis import strategies as st

from backend.scenes.setup.polygons import Doubles, Unusable, mask_of, png_of, require_region
from ml.datasets.roi import read_roi

SIZE = (40, 30)
SQUARE = np.array([[10.0, 5], [20, 5], [20, 15], [10, 15]])


def test_a_pixel_is_inside_where_its_middle_is() -> None:
    """From 10.5 on, the middle of pixel 10 is no longer inside; up to 20.6, that of pixel 20 is."""
    whole = mask_of([SQUARE], SIZE)
    assert whole.sum() == 100
    assert whole[5:15, 10:20].all()
    moved = mask_of([SQUARE + np.array([0.6, 0])], SIZE)
    assert moved[5:15, 11:21].all()
    assert moved.sum() == 100


def test_several_regions_are_one_and_a_shared_pixel_stays_inside() -> None:
    assert mask_of([SQUARE, SQUARE + 5], SIZE).sum() == 100 + 100 - 25
    assert not mask_of([], SIZE).any()


def test_a_region_may_reach_the_picture_s_edges() -> None:
    assert mask_of([np.array([[0.0, 0], [40, 0], [40, 30], [0, 30]])], SIZE).all()


CORNERS = st.tuples(st.floats(0, 6.28), st.floats(3, 14))


@laws(max_examples=30)
@given(st.lists(CORNERS, min_size=3, max_size=9, unique_by=lambda each: each[0]))
def test_it_is_the_polygon_that_a_point_in_polygon_test_finds(corners: list[tuple[float, float]]) -> None:
    """Star-shaped about (20, 15); pixels whose middles are nearly on an edge may go either way."""
    ordered = sorted(corners)
    polygon = np.array([[20 + far * np.cos(turn), 15 + far * np.sin(turn)] for turn, far in ordered])
    mask = mask_of([polygon], SIZE)
    outline = polygon.astype(np.float32)[:, None]
    for row, column in np.ndindex(mask.shape):
        depth = cv2.pointPolygonTest(outline, (column + 0.5, row + 0.5), True)
        assert abs(depth) < 1e-3 or mask[row, column] == (depth > 0)


def test_the_stored_picture_is_read_back_to_the_same_mask(tmp_path: Path) -> None:
    mask = mask_of([SQUARE, SQUARE + 7], SIZE)
    (tmp_path / "roi.png").write_bytes(png_of(mask))
    np.testing.assert_array_equal(read_roi(tmp_path / "roi.png"), mask)


@pytest.mark.parametrize(
    ("polygon", "reason"),
    [
        (SQUARE[:2], "fewer than three corners"),
        (SQUARE + np.array([25, 0]), "leaves the picture of 40 x 30"),
        (SQUARE[[0, 1, 3, 2]], "crosses itself"),
        (SQUARE[[0, 1, 1, 2, 3]], "same corner twice"),
        (np.array([[0.0, 0], [10, 0], [20, 0]]), "crosses itself"),
        (np.array([[0.0, 0], [3, 0], [3, 3], [0, 3]]), "smaller than 16 pixels"),
        (np.array([[0.0, 0], [20, 0], [20, 20], [10, 0], [0, 20]]), "crosses itself"),
    ],
)
def test_what_is_no_region_is_refused(polygon: Doubles, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        require_region(polygon, SIZE)


def test_a_region_with_a_notch_is_one() -> None:
    require_region(np.array([[0.0, 0], [20, 0], [20, 20], [10, 5], [0, 20]]), SIZE)
