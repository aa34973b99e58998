"""Boxes inside of a set's training pictures: `name,left,top,right,bottom`, a line a picture, pixels of the file.

The name is that of the picture's folder and file, `image_train/0001.jpg`.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from ml.datasets.reid.table import ReidTable
from ml.datasets.text import write_lines
from ml.types import Float2D, UserError

HEADER = ("name", "left", "top", "right", "bottom")


def write_boxes(path: Path, pictures: ReidTable, boxes: Float2D) -> None:
    """Write the box [n, 4] of each row."""
    lines = [
        ",".join([_name(picture), *(f"{value:g}" for value in box)])
        for picture, box in zip(pictures.paths, boxes.tolist(), strict=True)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lines(path, [",".join(HEADER), *lines])


def with_cropped(pictures: ReidTable, path: Path) -> ReidTable:
    """The rows of `pictures`, then once more those for which the file has a box, cut to it.

    UserError: "file-missing", "malformed-file" with the line, "boxes-unfit" where no picture of the table is named.
    """
    boxes = _read(path)
    rows = [row for row, picture in enumerate(pictures.paths) if _name(picture) in boxes]
    if not rows:
        message = f"{path} names none of the pictures; make it with `python -m ml activation` on this set."
        raise UserError("boxes-unfit", message)
    cut = np.array([boxes[_name(pictures.paths[row])] for row in rows], np.float32)
    both = pictures.take(np.concatenate([np.arange(len(pictures)), np.array(rows)]))
    return replace(both, boxes=np.concatenate([pictures.boxes, cut]))


def _read(path: Path) -> dict[str, tuple[float, ...]]:
    if not path.is_file():
        raise UserError(
            "file-missing", f"{path} does not exist; `python -m ml activation SET --boxes {path}` makes it."
        )
    with path.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    if not lines or tuple(lines[0]) != HEADER:
        raise UserError("malformed-file", f"{path}:1: the first line must be {','.join(HEADER)}.")
    return dict(_box(path, number, line) for number, line in enumerate(lines[1:], start=2))


def _box(path: Path, number: int, line: list[str]) -> tuple[str, tuple[float, ...]]:
    try:
        name, left, top, right, bottom = line[0], *(float(value) for value in line[1:])
    except (ValueError, IndexError):
        raise UserError("malformed-file", f"{path}:{number}: expected {','.join(HEADER)}, found {line}.") from None
    if not (np.isfinite([left, top, right, bottom]).all() and right > left and bottom > top):
        raise UserError("malformed-file", f"{path}:{number}: the box {line[1:]} has no width, no height or no end.")
    return name, (left, top, right, bottom)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
