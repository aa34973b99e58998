"""Masks beside pictures: where they lie, and which are refused."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.masks import has_mask, mask_path, read_mask
from ml.types import UserError


@pytest.fixture
def table(tmp_path: Path) -> ReidTable:
    """Two pictures of 6x4, the first with a mask of its left half."""
    for folder in ("sys_image_train", "sys_mask_train"):
        (tmp_path / folder).mkdir()
    paths = [tmp_path / "sys_image_train" / f"{number}.jpg" for number in range(2)]
    for path in paths:
        assert cv2.imwrite(str(path), np.zeros((4, 6, 3), np.uint8))
    mask = np.zeros((4, 6), np.uint8)
    mask[:, :3] = 255
    assert cv2.imwrite(str(tmp_path / "sys_mask_train" / "0.png"), mask)
    return ReidTable.of(paths, [1, 2], domain="rendered")


def test_masks_lie_in_a_folder_of_their_own() -> None:
    assert mask_path(Path("a/image_train/0001_c1.jpg")) == Path("a/mask_train/0001_c1.png")
    assert mask_path(Path("a/pictures/1.jpg")) is None


def test_the_mask_says_where_the_vehicle_is(table: ReidTable) -> None:
    assert [has_mask(table, row) for row in range(2)] == [True, False]
    assert read_mask(table, 0, read_picture(table, 0)).tolist() == [[True] * 3 + [False] * 3] * 4


def test_a_mask_that_is_missing_or_of_another_size_is_refused(table: ReidTable) -> None:
    with pytest.raises(UserError, match=r"1\.png is no mask of 6x4"):
        read_mask(table, 1, read_picture(table, 1))
    with pytest.raises(UserError, match="no mask of 2x4"):
        read_mask(table, 0, np.zeros((4, 2, 3), np.uint8))
