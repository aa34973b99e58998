"""Masks of vehicles that lie beside a set's pictures: mask_train/0001.png of image_train/0001.jpg, 0 where it is not.

`python -m ml synth crops --masks` writes them for rendered pictures (sys_mask_train of sys_image_train), `python -m ml
mask` those that a detector finds.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from ml.datasets.reid.table import ReidTable
from ml.types import Image, Mask, UserError


def mask_path(picture: Path) -> Path | None:
    """Where the mask of a picture would lie; None of one whose folder is not called after images."""
    folder = picture.parent.name
    if "image" not in folder:
        return None
    return picture.parent.with_name(folder.replace("image", "mask")) / f"{picture.stem}.png"


def has_mask(table: ReidTable, row: int) -> bool:
    """Whether a mask lies beside the row's picture; of one that is cut to a box none counts."""
    path = mask_path(table.paths[row])
    return path is not None and bool(np.isnan(table.boxes[row]).any()) and path.is_file()


def read_mask(table: ReidTable, row: int, picture: Image) -> Mask:
    """[h, w] bool, where the vehicle of the row is in `picture`, which is all of its file.

    UserError "mask-unreadable": no such file, no picture, or one of another size.
    """
    path = mask_path(table.paths[row])
    content = np.fromfile(path, np.uint8) if path is not None and path.is_file() else np.zeros(0, np.uint8)
    mask = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if len(content) else None
    if mask is None or mask.shape != picture.shape[:2]:
        height, width = picture.shape[:2]
        message = f"{path} is no mask of {width}x{height} pixels, as its picture has; make the masks again."
        raise UserError("mask-unreadable", message)
    return np.asarray(mask > 0)


def write_mask(path: Path, mask: Mask) -> None:
    """Write a mask [h, w] bool as PNG, 255 where the vehicle is; whole or not at all. UserError "file-unwritable"."""
    done, content = cv2.imencode(".png", mask.astype(np.uint8) * 255)
    if not done:
        raise UserError("file-unwritable", f"{path} could not be written as PNG.")
    path.parent.mkdir(exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content.tobytes())
    partial.replace(path)
