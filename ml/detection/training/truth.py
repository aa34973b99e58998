"""What a scene says about its vehicles: boxes, classes and masks of every labelled frame."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from ml.datasets.mot import read_truth as read_flagged
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


def no_boxes() -> Float2D:
    return np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """The vehicles of one frame.

    boxes    [n, 4] float32 xyxy pixels       classes  [n] int32 COCO ids
    masks    one reader a box, or None where the scene has no masks for this frame
    ignored  [m, 4] float32 xyxy pixels of vehicles that do not count: neither to be found nor wrong to be found
    vehicles [n] int32, the same for the same vehicle; None where the file does not say
    """

    boxes: Float2D = field(default_factory=no_boxes)
    classes: Int1D = field(default_factory=lambda: np.zeros(0, np.int32))
    masks: Sequence[MaskReader] | None = None
    ignored: Float2D = field(default_factory=no_boxes)
    vehicles: Int1D | None = None


@dataclass(frozen=True)
class CameraTruth:
    """What is labelled, by frame, 0-based.

    source  the file it came from
    whole   whether every frame was looked at, and shows no vehicle if it is not named; else those named alone were
    """

    source: Path
    frames: Mapping[int, FrameTruth] = field(default_factory=dict)
    whole: bool = True

    @property
    def boxes(self) -> int:
        """How many vehicles count."""
        return sum(len(frame.boxes) for frame in self.frames.values())

    def chosen(self, first: int, stop: int, every: int) -> list[int]:
        """The labelled frames from `first` to below `stop`, those left out that are less than `every` after another."""
        if self.whole:
            return list(range(first, stop, every))
        found: list[int] = []
        for frame in sorted(self.frames):
            if first <= frame < stop and (not found or frame - found[-1] >= every):
                found.append(frame)
        return found

    def of(self, frame: int) -> FrameTruth:
        """The vehicles of a frame; none where the file names none."""
        return self.frames.get(frame) or FrameTruth()


def read_truth(camera: CameraFolder, recipe: DetectorRecipe) -> CameraTruth | None:
    """The camera's truth: gt/coco.json where there is one, else gt/gt_all.txt, else gt/gt.txt; None if it has none.

    gt.txt names vehicles seen by several cameras only: the others count as background then. Vehicles that are too low,
    hidden too much, flagged 0 (MOTChallenge) or a crowd (COCO) are ignored. Masks come from coco.json, or from
    gt/masks/NNNNNN.png, one a frame counted from 1, each pixel the number of its vehicle.

    Raises UserError malformed-file naming what does not fit.
    """
    if camera.ground_truth_path is None and camera.video is None:
        return None
    folder = (camera.ground_truth_path or camera.require_video().parent / "gt" / "gt.txt").parent
    if (folder / COCO_FILE).is_file():
        return _of_coco(folder / COCO_FILE, recipe)
    if (folder / "gt_all.txt").is_file():
        return _of_rows(folder / "gt_all.txt", recipe, _all_rows(folder / "gt_all.txt", recipe))
    if (folder / "gt.txt").is_file():
        truth = read_flagged(folder / "gt.txt")
        rows, classes = truth.rows, np.full(len(truth.rows), CAR, np.int32)
        return _of_rows(folder / "gt.txt", recipe, _Rows(rows.frames, rows.ids, rows.boxes, classes, truth.active))
    return None


class _Rows(NamedTuple):
    """Lines of a file: frames (0-based), ids, boxes [n, 4], classes, and whether they count."""

    frames: Int1D
    ids: Int1D
    boxes: Float2D
    classes: Int1D
    valid: Bool1D


def _all_rows(path: Path, recipe: DetectorRecipe) -> _Rows:
    table: Table = read_table(path, ALL_COLUMNS)
    frames, ids = table.integers(0, "frame", least=1) - 1, table.integers(1, "id", least=0)
    types = table.integers(7, "type_id", least=0)
    classes = np.select([types == _TYPE_BUS, types == _TYPE_TRUCK], [BUS, TRUCK], CAR)
    return _Rows(frames, ids, table.boxes(2), classes, table.values[:, 6] >= recipe.least_visibility)


def _of_rows(path: Path, recipe: DetectorRecipe, rows: _Rows) -> CameraTruth:
    valid = rows.valid & (rows.boxes[:, 3] - rows.boxes[:, 1] >= recipe.least_height)
    classes = rows.classes if recipe.classes == TYPES else np.full(len(rows.classes), CAR)
    frames: dict[int, FrameTruth] = {}
    order = np.argsort(rows.frames, kind="stable")
    numbers, starts = np.unique(rows.frames[order], return_index=True)
    for frame, here in zip(numbers.tolist(), np.split(order, starts[1:]), strict=False):
        shown, ignored = here[valid[here]], here[~valid[here]]
        masks = _drawn(path.parent / MASK_FOLDER, frame, rows.ids[shown])
        categories, ids = classes[shown].astype(np.int32), rows.ids[shown]
        frames[frame] = FrameTruth(rows.boxes[shown], categories, masks, rows.boxes[ignored], ids)
    return CameraTruth(path, frames)


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
        vehicles: dict[int, list[_CocoVehicle]] = {frame: [] for frame in frames.values()}
        for one in content["annotations"]:
            category = categories[int(one["category_id"])]
            if category is not None:
                left, top, width, height = (float(value) for value in one["bbox"])
                box = [left, top, left + width, top + height]
                kept = category if recipe.classes == TYPES else CAR
                counts = height >= recipe.least_height and not one.get("iscrowd")
                vehicles[frames[one["image_id"]]].append(_CocoVehicle(box, kept, one.get("segmentation"), counts))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UserError("malformed-file", f"{path}: not annotations in COCO's form ({error!r}).") from None
    labelled = {frame: _coco_frame(path, frame, found) for frame, found in vehicles.items()}
    return CameraTruth(path, labelled, whole=False)


class _CocoVehicle(NamedTuple):
    box: list[float]
    category: int
    segmentation: Any
    counts: bool


def _coco_frame(path: Path, frame: int, vehicles: list[_CocoVehicle]) -> FrameTruth:
    found = [one for one in vehicles if one.counts]
    ignored = [one.box for one in vehicles if not one.counts]
    readers = [_coco_mask(path, frame, one.segmentation) for one in found if one.segmentation]
    masks = readers if len(readers) == len(found) and found else None
    classes = np.array([one.category for one in found], np.int32)
    return FrameTruth(_boxes([one.box for one in found]), classes, masks, _boxes(ignored))


def _boxes(listed: list[list[float]]) -> Float2D:
    return np.array(listed, np.float32).reshape(len(listed), 4)


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
