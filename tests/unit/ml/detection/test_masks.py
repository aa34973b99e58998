"""Masks by worked examples: COCO's polygons and run lengths, masks that travel with boxes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.detection import inter_class_nms
from ml.detection.masks import mask_of_coco
from ml.pipeline.artefacts import load_detections, save_detections
from ml.types import Detections, Mask

coco = pytest.importorskip("pycocotools.mask")  # comes with the scorer that the tests compare with


def _columns(mask: Mask) -> list[str]:
    return ["".join("#" if cell else "." for cell in row) for row in mask]


def test_a_polygon_holds_the_pixels_whose_centres_it_holds() -> None:
    """A rectangle from (2, 1) to (5, 3) is columns 2 to 4, rows 1 and 2; a triangle under a diagonal."""
    assert _columns(mask_of_coco([[2, 1, 5, 1, 5, 3, 2, 3]], (4, 7))) == [".......", "..###..", "..###..", "......."]
    assert _columns(mask_of_coco([[0, 0, 3, 3, 0, 3]], (3, 3))) == ["...", "#..", "##."]


def test_parts_of_a_vehicle_behind_a_pole_are_one_mask() -> None:
    two = [[0, 0, 1, 0, 1, 2, 0, 2], [3, 0, 4, 0, 4, 2, 3, 2]]
    assert _columns(mask_of_coco(two, (2, 4))) == ["#..#", "#..#"]


def test_run_lengths_go_down_the_columns_beginning_with_nothing() -> None:
    """3 rows, 2 columns: 1 off, 3 on, 2 off."""
    assert _columns(mask_of_coco({"size": [3, 2], "counts": [1, 3, 2]}, (3, 2))) == [".#", "#.", "#."]


@given(arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_compressed_run_lengths_read_as_coco_writes_them(mask: Mask) -> None:
    runs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    text = {"size": list(mask.shape), "counts": runs["counts"].decode()}
    assert np.array_equal(mask_of_coco(text, (mask.shape[0], mask.shape[1])), mask)


@pytest.mark.parametrize(
    ("segmentation", "reason"),
    [
        ([], "a list of polygons"),
        ("02", "a list of polygons"),
        ([[0, 0, 1, 1]], "three corners"),
        ([[0, 0, 1, 1, 2, 2, 3]], "three corners"),
        ({"size": [2, 3], "counts": [6]}, r"its size is \[2, 3\], the picture's \[3, 2\]"),
        ({"size": [3, 2], "counts": [5]}, "do not add up to 3 x 2"),
        ({"size": [3, 2], "counts": [7, -1]}, "do not add up"),
    ],
)
def test_a_segmentation_that_does_not_fit_is_refused(segmentation: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        mask_of_coco(segmentation, (3, 2))


def _with_masks(scores: list[float]) -> Detections:
    count = len(scores)
    boxes = np.tile(np.array([0, 0, 9, 9], np.float32), (count, 1)) + np.arange(count, dtype=np.float32)[:, None] * 20
    masks = np.arange(count * 4, dtype=np.uint8).reshape(count, 2, 2)
    zeros = np.zeros(count, np.int32)
    return Detections(zeros, boxes, np.array(scores, np.float32), zeros + 3, None, masks)


def test_masks_stay_with_their_boxes(tmp_path: Path) -> None:
    ranked = inter_class_nms(_with_masks([0.2, 0.9]), 0.5)
    assert ranked.masks is not None
    assert ranked.masks[:, 0, 0].tolist() == [4, 0]
    save_detections(tmp_path / "part.npz", ranked)
    read = load_detections(tmp_path / "part.npz").masks
    assert read is not None
    assert read.tolist() == ranked.masks.tolist()


def test_frames_without_vehicles_cost_no_masks() -> None:
    together = Detections.concatenate([Detections.empty(), _with_masks([0.5]), Detections.empty()])
    assert together.masks is not None
    assert len(together.masks) == 1
    bare = Detections(*(getattr(_with_masks([0.5]), name) for name in ("frames", "boxes", "scores", "classes")))
    assert Detections.concatenate([bare, _with_masks([0.5]).take(np.zeros(0, np.intp))]).masks is None
