"""Masks of a set's pictures by a detector: of each picture the largest vehicle, which is the one that it shows."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ml.boxes import areas
from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.masks import mask_path, write_mask
from ml.detection import Detector
from ml.types import Bool1D, Detections, Float1D, Mask, Progress, UserError, no_progress

_BATCH = 8
_COVERED = 0.5  # of a cell's 0..1, from which on the vehicle covers a pixel, as Mask R-CNN has it


def write_masks(
    pictures: ReidTable, detector: Detector, *, again: bool = False, progress: Progress = no_progress
) -> Bool1D:
    """[n] whether each row's picture has a mask beside it now; those in which no vehicle was found have none.

    again  whether masks that are there already are made anew; otherwise they stay, so that a call that was stopped
           goes on. One that is there stays too where no vehicle was found.

    UserError: "no-place-for-masks" where no picture lies in a folder called after images, "picture-unreadable".
    """
    places = [mask_path(path) for path in pictures.paths]
    if not any(place is not None for place in places):
        message = "No picture lies in a folder called after images (image_train), beside which its mask would lie."
        raise UserError("no-place-for-masks", message)
    there = np.array([place is not None and place.is_file() for place in places], np.bool_)
    rows = [row for row, place in enumerate(places) if place is not None and (again or not there[row])]
    for done, (row, mask) in enumerate(_masks(pictures, rows, detector), start=1):
        place = places[row]
        if mask is not None and place is not None:
            write_mask(place, mask)
            there[row] = True
        progress(done, len(rows), "pictures")
    return there


def _masks(pictures: ReidTable, rows: list[int], detector: Detector) -> Iterator[tuple[int, Mask | None]]:
    for first in range(0, len(rows), _BATCH):
        part = rows[first : first + _BATCH]
        images = [read_picture(pictures, row) for row in part]
        for row, image, found in zip(part, images, detector.detect(images), strict=True):
            yield row, vehicle_mask(found, image.shape[0], image.shape[1])


def vehicle_mask(found: Detections, height: int, width: int) -> Mask | None:
    """[height, width] bool: where the largest of a picture's vehicles is; None where none was found.

    found  with masks; the largest has the most pixels of its box inside of the picture
    """
    assert found.masks is not None, "a detector without masks was asked for them"
    if not len(found):
        return None
    inside = np.clip(found.boxes, 0, np.array([width, height, width, height], np.float32))
    largest = int(areas(inside).argmax())
    mask = pasted(found.masks[largest] / np.float32(255), found.boxes[largest], height, width)
    return mask if mask.any() else None


def pasted(cells: np.ndarray[tuple[int, int], np.dtype[np.float32]], box: Float1D, height: int, width: int) -> Mask:
    """[height, width] bool: pixels whose centre lies in the xyxy box where its cells [m, m] reach a half.

    Between the centres of cells their values go over evenly.
    """
    left, top, right, bottom = box.tolist()
    columns = ((np.arange(width) + 0.5 - left) / max(right - left, 1e-6)).astype(np.float32)
    lines = ((np.arange(height) + 0.5 - top) / max(bottom - top, 1e-6)).astype(np.float32)
    across, down = np.meshgrid(columns * cells.shape[1] - 0.5, lines * cells.shape[0] - 0.5)
    values = cv2.remap(cells, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = ((columns >= 0) & (columns < 1))[None, :] & ((lines >= 0) & (lines < 1))[:, None]
    return np.asarray((values >= _COVERED) & inside)
