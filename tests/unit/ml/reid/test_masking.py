"""Masks by a detector: cells in their box, the largest vehicle of a picture, and what is not written over."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.masks import has_mask, read_mask
from ml.reid.masking import pasted, vehicle_mask, write_masks
from ml.types import Detections, Image, UserError
from tests.unit.ml.reid.training.painted import painted_table

WHOLE = np.full((2, 2), 255, np.uint8)


def found(*boxes: tuple[float, float, float, float], masks: Sequence[object] | None = None) -> Detections:
    n = len(boxes)
    cells = np.array(masks if masks is not None else [WHOLE] * n, np.uint8).reshape(n, 2, 2)
    corners = np.array(boxes, np.float32).reshape(n, 4)
    return Detections(np.zeros(n, np.int32), corners, np.ones(n, np.float32), np.full(n, 3, np.int32), None, cells)


class Bright:
    """Finds a picture's left half where the picture is bright."""

    name, feature_size, ahead = "bright", None, 0

    def __init__(self) -> None:
        self.seen = 0

    def detect(self, images: Sequence[Image]) -> list[Detections]:
        self.seen += len(images)
        halves = [(0.0, 0.0, image.shape[1] / 2, float(image.shape[0])) for image in images]
        return [found(half) if image.max() > 100 else found() for image, half in zip(images, halves, strict=True)]


@pytest.fixture
def pictures(tmp_path: Path) -> ReidTable:
    """Four pictures; the third is dark."""
    table = painted_table(tmp_path / "image_train", range(1, 3), each=1)
    assert cv2.imwrite(str(table.paths[2]), np.zeros((24, 30, 3), np.uint8))
    return table


def test_cells_are_spread_over_their_box() -> None:
    # Cells' centres are at 3 and 5; the pixels' centres 2.5 .. 5.5 have 1, 0.75, 0.25 and 0 of the left cell's 1.
    cells = np.array([[1, 0], [1, 0]], np.float32)
    mask = pasted(cells, np.array([2, 1, 6, 3], np.float32), height=4, width=8)
    assert mask.astype(int).tolist() == [[0] * 8, [0, 0, 1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0, 0, 0], [0] * 8]


def test_a_box_may_reach_out_of_the_picture() -> None:
    mask = pasted(np.ones((2, 2), np.float32), np.array([-5, 2, 3, 9], np.float32), height=4, width=4)
    assert mask.astype(int).tolist() == [[0] * 4, [0] * 4, [1, 1, 1, 0], [1, 1, 1, 0]]


def test_of_several_vehicles_the_largest_in_the_picture_counts() -> None:
    boxes = ((0, 0, 2, 2), (1, 1, 4, 4), (3, 0, 90, 90))  # the last is mostly outside: one column of four is not
    mask = vehicle_mask(found(*boxes), 4, 4)
    assert mask is not None
    assert mask.sum() == 9
    assert mask[1:, 1:].all()


def test_without_a_vehicle_or_with_an_empty_mask_there_is_none() -> None:
    assert vehicle_mask(found(), 4, 4) is None
    assert vehicle_mask(found((0, 0, 4, 4), masks=[np.zeros((2, 2))]), 4, 4) is None


def test_masks_lie_where_a_training_looks_for_them(pictures: ReidTable) -> None:
    assert write_masks(pictures, Bright()).tolist() == [True, True, False, True]
    assert [has_mask(pictures, row) for row in range(4)] == [True, True, False, True]
    mask = read_mask(pictures, 0, read_picture(pictures, 0))
    assert mask.shape == (24, 30)
    assert mask[:, :15].all()
    assert not mask[:, 15:].any()


def test_masks_that_are_there_stay_unless_asked(pictures: ReidTable) -> None:
    folder = pictures.paths[0].parent.with_name("mask_train")
    folder.mkdir()
    own = folder / f"{pictures.paths[0].stem}.png"
    assert cv2.imwrite(str(own), np.full((24, 30), 255, np.uint8))
    before, detector = own.read_bytes(), Bright()
    assert write_masks(pictures, detector).tolist() == [True, True, False, True]
    assert own.read_bytes() == before
    assert detector.seen == 3
    write_masks(pictures, detector, again=True)
    assert own.read_bytes() != before
    assert detector.seen == 7


def test_pictures_without_a_place_for_masks_are_refused(tmp_path: Path) -> None:
    elsewhere = painted_table(tmp_path / "train", range(1, 2))
    with pytest.raises(UserError, match="image_train") as refused:
        write_masks(elsewhere, Bright())
    assert refused.value.code == "no-place-for-masks"


def test_a_picture_that_cannot_be_read_is_named(pictures: ReidTable, tmp_path: Path) -> None:
    gone = tmp_path / "image_train" / "gone.jpg"
    with pytest.raises(UserError, match=r"gone\.jpg"):
        write_masks(replace(pictures, paths=(gone, *pictures.paths[1:])), Bright())
