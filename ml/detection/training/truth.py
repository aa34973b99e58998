"""What a scene says about its vehicles: boxes, classes and masks of every labelled frame."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ml.datasets.mot import read_tracks
from ml.datasets.scene import CameraFolder
from ml.datasets.text import Table, malformed, read_table, read_text
from ml.detection.classes import BUS, CAR, NAMES, TRUCK
from ml.detection.masks import mask_of_coco
from ml.detection.training.recipe import TYPES, DetectorRecipe
from ml.types import Bool1D, Float2D, Int1D, Mask, UserError

ALL_COLUMNS = ("frame", "id", "left", "top", "width", "height", "visibility", "type_id")
COCO_FILE, MASK_FOLDER = "coco.json", "masks"
_TYPE_BUS, _TYPE_TRUCK = 7, 8  # VeRi's numbers
_OF_NAME = {**{name: category for category, name in NAMES.items()}, "vehicle": CAR}

MaskReader = Callable[[tuple[int, int]], Mask]  # of a picture (height, width)


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """The vehicles of one frame.

    boxes    [n, 4] float32 xyxy pixels       classes  [n] int32 COCO ids
    masks    one reader a box, or None where the scene has no masks for this frame
    """

    boxes: Float2D
    classes: Int1D
    masks: Sequence[MaskReader] | None = None


@dataclass(frozen=True)
class CameraTruth:
    """Frames that were labelled, 0-based; those in `frames` have vehicles. source  the file it came from"""

    source: Path
    frames: Mapping[int, FrameTruth] = field(default_factory=dict)

    @property
    def boxes(self) -> int:
        return sum(len(frame.boxes) for frame in self.frames.values())

    def of(self, frame: int) -> FrameTruth:
        """The vehicles of a frame; none where the file names none."""
        return self.frames.get(frame) or FrameTruth(np.zeros((0, 4), np.float32), np.zeros(0, np.int32))


def read_truth(camera: CameraFolder, recipe: DetectorRecipe) -> CameraTruth | None:
    """The camera's truth: gt/coco.json where there is one, else gt/gt_all.txt, else gt/gt.txt; None if it has none.

    gt.txt names vehicles seen by several cameras only: the others count as background then. Masks come from
    coco.json, or from gt/masks/NNNNNN.png, one a frame counted from 1, each pixel the number of its vehicle.

    Raises UserError malformed-file naming what does not fit.
    """
    if camera.ground_truth_path is None and camera.video is None:
        return None
    folder = (camera.ground_truth_path or camera.require_video().parent / "gt" / "gt.txt").parent
    if (folder / COCO_FILE).is_file():
        return _of_coco(folder / COCO_FILE, recipe)
    if (folder / "gt_all.txt").is_file():
        return _of_rows(folder / "gt_all.txt", recipe, *_all_columns(folder / "gt_all.txt", recipe))
    if (folder / "gt.txt").is_file():
        rows = read_tracks(folder / "gt.txt")
        return _of_rows(folder / "gt.txt", recipe, rows.frames, rows.ids, rows.boxes, np.full(len(rows), CAR))
    return None


def _all_columns(path: Path, recipe: DetectorRecipe) -> tuple[Int1D, Int1D, Float2D, Int1D]:
    """frames (0-based), ids, boxes and classes of the vehicles that are visible enough."""
    table: Table = read_table(path, ALL_COLUMNS)
    frames, ids = table.integers(0, "frame", least=1) - 1, table.integers(1, "id", least=0)
    types = table.integers(7, "type_id", least=0)
    classes = np.select([types == _TYPE_BUS, types == _TYPE_TRUCK], [BUS, TRUCK], CAR)
    seen = table.values[:, 6] >= recipe.least_visibility
    return frames[seen], ids[seen], table.boxes(2)[seen], classes[seen]


def _of_rows(
    path: Path, recipe: DetectorRecipe, frames: Int1D, ids: Int1D, boxes: Float2D, classes: Int1D
) -> CameraTruth:
    high: Bool1D = boxes[:, 3] - boxes[:, 1] >= recipe.least_height
    frames, ids, boxes, classes = frames[high], ids[high], boxes[high], classes[high]
    if recipe.classes != TYPES:
        classes = np.full(len(classes), CAR)
    order = np.argsort(frames, kind="stable")
    numbers, starts = np.unique(frames[order], return_index=True)
    of_frame = np.split(order, starts[1:]) if len(order) else []
    return CameraTruth(
        path,
        {
            int(frame): FrameTruth(
                boxes[rows], classes[rows].astype(np.int32), _drawn(path.parent / MASK_FOLDER, int(frame), ids[rows])
            )
            for frame, rows in zip(numbers, of_frame, strict=True)
        },
    )


def _drawn(folder: Path, frame: int, ids: Int1D) -> list[MaskReader] | None:
    path = folder / f"{frame + 1:06d}.png"
    return [_drawn_mask(path, number) for number in ids.tolist()] if path.is_file() else None


def _drawn_mask(path: Path, number: int) -> MaskReader:
    def read(picture: tuple[int, int]) -> Mask:
        numbers = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        if numbers is None or numbers.ndim != 2 or numbers.shape != picture:
            expected = f"one channel of {picture[1]}x{picture[0]} pixels"
            raise UserError("malformed-file", f"{path}: a picture of masks must have {expected}, like the video.")
        return np.asarray(numbers == number)

    return read


def _of_coco(path: Path, recipe: DetectorRecipe) -> CameraTruth:
    """COCO's form: the number in a file name is the frame's, from 1; categories car, bus, truck or vehicle."""
    content = _json(path)
    try:
        categories = {int(one["id"]): _OF_NAME.get(str(one["name"]).lower()) for one in content["categories"]}
        frames = {one["id"]: _frame_number(path, str(one["file_name"])) for one in content["images"]}
        vehicles: dict[int, list[tuple[list[float], int, Any]]] = {frame: [] for frame in frames.values()}
        for one in content["annotations"]:
            category = categories[int(one["category_id"])]
            if category is not None and float(one["bbox"][3]) >= recipe.least_height:
                left, top, width, height = (float(value) for value in one["bbox"])
                box = [left, top, left + width, top + height]
                kept = category if recipe.classes == TYPES else CAR
                vehicles[frames[one["image_id"]]].append((box, kept, one.get("segmentation")))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UserError("malformed-file", f"{path}: not annotations in COCO's form ({error!r}).") from None
    return CameraTruth(path, {frame: _coco_frame(path, frame, found) for frame, found in vehicles.items()})


def _coco_frame(path: Path, frame: int, found: list[tuple[list[float], int, Any]]) -> FrameTruth:
    boxes = np.array([box for box, _, _ in found], np.float32).reshape(len(found), 4)
    readers = [_coco_mask(path, frame, segmentation) for _, _, segmentation in found if segmentation]
    masks = readers if len(readers) == len(found) and found else None
    return FrameTruth(boxes, np.array([category for _, category, _ in found], np.int32), masks)


def _coco_mask(path: Path, frame: int, segmentation: object) -> MaskReader:
    def read(picture: tuple[int, int]) -> Mask:
        try:
            return mask_of_coco(segmentation, picture)
        except (ValueError, TypeError) as error:
            message = f"{path}: a segmentation of frame {frame + 1} does not fit: {error}."
            raise UserError("malformed-file", message) from None

    return read


def _frame_number(path: Path, file_name: str) -> int:
    digits = re.findall(r"\d+", Path(file_name).stem)
    if not digits or int(digits[-1]) < 1:
        raise UserError("malformed-file", f"{path}: file name {file_name!r} has no frame number, from 1 on, in it.")
    return int(digits[-1]) - 1


def _json(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise malformed(path, error.lineno, f"not JSON ({error.msg})") from None
