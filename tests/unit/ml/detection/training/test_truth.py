"""Reading boxes, classes and masks of a camera in each of the forms that are taken, and refusing what does not fit."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.scene import CameraFolder
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.truth import CameraTruth, read_truth
from ml.types import UserError

RECIPE = DetectorRecipe(least_height=5, least_visibility=0.3)


def _camera(folder: Path, **files: str) -> CameraFolder:
    (folder / "gt").mkdir()
    (folder / "gt" / "gt.txt").write_text("1,7,10,20,30,40,1,-1,-1,-1\n")
    for name, text in files.items():
        path = folder / "gt" / name.replace("__", ".")
        path.write_text(text)
    return CameraFolder("c001", folder / "vdo.mp4", ground_truth_path=folder / "gt" / "gt.txt")


def _truth(camera: CameraFolder, recipe: DetectorRecipe = RECIPE) -> CameraTruth:
    truth = read_truth(camera, recipe)
    assert truth is not None
    return truth


def test_gt_txt_is_boxes_of_one_class(tmp_path: Path) -> None:
    truth = _truth(_camera(tmp_path))
    assert truth.boxes == 1
    assert truth.of(0).boxes.tolist() == [[10, 20, 40, 60]]
    assert truth.of(0).classes.tolist() == [3]
    assert truth.of(0).masks is None
    assert len(truth.of(5).boxes) == 0


GT_ALL = """1,1,0,0,10,10,1.0,7,1,0
1,2,20,0,10,10,0.5,8,1,0
1,3,40,0,10,10,0.2,1,1,0
2,4,60,0,10,4,1.0,1,1,0
3,5,80,0,10,10,1.0,1,1,0
"""


@pytest.mark.parametrize(("classes", "expected"), [("types", [6, 8]), ("group", [3, 3])])
def test_gt_all_gives_every_vehicle_seen_well_enough_and_its_type(
    tmp_path: Path, classes: str, expected: list[int]
) -> None:
    """The third is hidden, the fourth too low: they do not count."""
    truth = _truth(_camera(tmp_path, gt_all__txt=GT_ALL), DetectorRecipe(least_height=5, classes=classes))
    assert truth.source.name == "gt_all.txt"
    assert truth.of(0).classes.tolist() == expected
    assert [truth.of(frame).ignored.tolist() for frame in range(3)] == [[[40, 0, 50, 10]], [[60, 0, 70, 4]], []]
    assert [len(truth.of(frame).boxes) for frame in range(3)] == [2, 0, 1]


def test_vehicles_that_are_flagged_0_do_not_count(tmp_path: Path) -> None:
    flagged = "1,7,10,20,30,40,1,-1,-1,-1\n1,8,50,20,30,40,0,-1,-1,-1\n"
    truth = _truth(_camera(tmp_path, gt__txt=flagged))
    assert truth.of(0).boxes.tolist() == [[10, 20, 40, 60]]
    assert truth.of(0).ignored.tolist() == [[50, 20, 80, 60]]


def test_masks_are_pictures_of_vehicle_numbers(tmp_path: Path) -> None:
    camera = _camera(tmp_path)
    (tmp_path / "gt" / "masks").mkdir()
    numbers = np.zeros((50, 60), np.uint16)
    numbers[20:40, 10:30] = 7
    cv2.imwrite(str(tmp_path / "gt" / "masks" / "000001.png"), numbers)
    masks = _truth(camera).of(0).masks
    assert masks is not None
    assert np.array_equal(masks[0]((50, 60)), numbers == 7)
    with pytest.raises(UserError, match="one channel of 61x50 pixels"):
        masks[0]((50, 61))


def _coco(**changes: object) -> str:
    content: dict[str, object] = {
        "images": [{"id": 5, "file_name": "img/c001_000003.jpg"}, {"id": 6, "file_name": "000004.jpg"}],
        "categories": [{"id": 1, "name": "truck"}, {"id": 2, "name": "person"}],
        "annotations": [
            {"image_id": 5, "category_id": 1, "bbox": [2, 1, 3, 8], "segmentation": [[2, 1, 5, 1, 5, 9, 2, 9]]},
            {"image_id": 5, "category_id": 2, "bbox": [0, 0, 9, 9]},
            {"image_id": 6, "category_id": 1, "bbox": [0, 0, 9, 9]},
        ],
    }
    return json.dumps(content | changes)


def test_a_crowd_and_low_vehicles_of_coco_do_not_count(tmp_path: Path) -> None:
    crowd = {"image_id": 5, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 1}
    low = {"image_id": 5, "category_id": 1, "bbox": [0, 0, 9, 4]}
    truth = _truth(_camera(tmp_path, coco__json=_coco(annotations=[crowd, low])))
    assert truth.boxes == 0
    assert truth.of(2).ignored.tolist() == [[0, 0, 9, 9], [0, 0, 9, 4]]


def test_coco_annotations_give_boxes_types_and_masks(tmp_path: Path) -> None:
    truth = _truth(_camera(tmp_path, coco__json=_coco()), DetectorRecipe(least_height=5, classes="types"))
    assert truth.of(2).boxes.tolist() == [[2, 1, 5, 9]]
    assert truth.of(2).classes.tolist() == [8]
    masks = truth.of(2).masks
    assert masks is not None
    assert masks[0]((10, 7)).sum() == 24
    assert truth.of(3).masks is None


def test_frames_that_coco_does_not_list_are_not_taken_for_empty(tmp_path: Path) -> None:
    images = [{"id": frame, "file_name": f"{frame + 1}.jpg"} for frame in (3, 4, 9, 20)]
    coco = _truth(_camera(tmp_path, coco__json=_coco(images=images, annotations=[])))
    assert coco.chosen(0, 20, 5) == [3, 9]
    assert coco.chosen(4, 30, 1) == [4, 9, 20]


def test_of_other_files_every_frame_is_labelled(tmp_path: Path) -> None:
    assert _truth(_camera(tmp_path)).chosen(2, 9, 3) == [2, 5, 8]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "not annotations in COCO's form"),
        (_coco(images=[{"id": 5, "file_name": "first.jpg"}]), "'first.jpg' has no frame number"),
        (_coco(categories=[]), "not annotations in COCO's form"),
        (_coco(annotations=[{"image_id": 9, "category_id": 1, "bbox": [0, 0, 9, 9]}]), "not annotations"),
    ],
)
def test_files_that_do_not_fit_are_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason) as refused:
        _truth(_camera(tmp_path, coco__json=text))
    assert "coco.json" in str(refused.value)
    assert refused.value.code == "malformed-file"


def test_a_segmentation_that_does_not_fit_names_its_frame(tmp_path: Path) -> None:
    runs = [{"image_id": 5, "category_id": 1, "bbox": [2, 1, 3, 8], "segmentation": {"size": [9, 9], "counts": [81]}}]
    masks = _truth(_camera(tmp_path, coco__json=_coco(annotations=runs))).of(2).masks
    assert masks is not None
    with pytest.raises(UserError, match="a segmentation of frame 3 does not fit: its size is"):
        masks[0]((10, 7))


def test_a_camera_without_truth_has_none(tmp_path: Path) -> None:
    assert read_truth(CameraFolder("c001", tmp_path / "vdo.mp4"), RECIPE) is None
