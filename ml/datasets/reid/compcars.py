"""CompCars: pictures by make, model and year from the web; a model of one year is what an identity is elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ml.datasets.reid.labels import whole_number
from ml.datasets.reid.pictures import listed_pictures
from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import ReidTable
from ml.datasets.text import malformed, read_text

_ORIENTATION = {1: 0.0, 2: 180.0}  # front and rear; the three viewpoints from a side do not say which side
_VIEWPOINTS = (-1, 1, 2, 3, 4, 5)


def is_compcars(path: Path) -> bool:
    return all((_root(path) / name).is_dir() for name in ("image", "label"))


def read_compcars(path: Path) -> ReidSet:
    """All pictures as a training part, with the box of the car; identity is the place of (make, model, year).

    The file's corners are 1-based and inclusive. Of several boxes the largest counts.

    UserError: a picture without a label file, or one that is not viewpoint, number of boxes, boxes.
    """
    name, root = path.resolve().name, _root(path)
    paths: list[Path] = []
    classes: list[int] = []
    labels: list[tuple[float, list[float]]] = []
    for number, folder in enumerate(_years(root / "image")):
        for picture in listed_pictures(folder):
            label = root / "label" / folder.relative_to(root / "image") / f"{Path(picture).stem}.txt"
            labels.append(_read_label(label))
            paths.append(folder / picture)
            classes.append(number)
    table = ReidTable.of(
        paths,
        np.array(classes, np.int64),
        domain=name,
        orientation_deg=[orientation for orientation, _ in labels],
        boxes=[box for _, box in labels],
    )
    nothing = table.take(np.zeros(0, np.int64))
    return ReidSet(name, "compcars", table, nothing, nothing, nothing)


def _root(path: Path) -> Path:
    return path / "data" if (path / "data").is_dir() else path


def _years(folder: Path) -> Iterator[Path]:
    """<make>/<model>/<year>, in the order of their names."""
    yield from sorted(path for path in folder.glob("*/*/*") if path.is_dir())


def _read_label(path: Path) -> tuple[float, list[float]]:
    """Orientation in degrees (nan unknown), and the box xyxy, right and bottom exclusive."""
    lines = read_text(path).splitlines()
    viewpoint, count = (_whole(path, lines, line) for line in (1, 2))
    if viewpoint not in _VIEWPOINTS:
        raise malformed(path, 1, f"viewpoint is {viewpoint}; it must be -1 or 1..5")
    if count < 1:
        raise malformed(path, 2, "one box at least is needed")
    boxes = [_box(path, lines, line) for line in range(3, 3 + count)]
    largest = max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
    return _ORIENTATION.get(viewpoint, math.nan), largest


def _whole(path: Path, lines: list[str], line: int) -> int:
    text = lines[line - 1].strip() if len(lines) >= line else ""
    try:
        return int(text)
    except ValueError:
        raise malformed(path, line, f"{text!r} is not a whole number") from None


def _box(path: Path, lines: list[str], line: int) -> list[float]:
    fields = lines[line - 1].split() if len(lines) >= line else []
    numbers = [number for field in fields if (number := whole_number(field)) is not None]
    if len(fields) != 4 or len(numbers) != 4:
        raise malformed(path, line, "expected a box x1 y1 x2 y2 in whole pixels")
    x1, y1, x2, y2 = numbers
    if not (1 <= x1 <= x2 and 1 <= y1 <= y2):
        raise malformed(path, line, "x1 and y1 must be 1 or more and not above x2 and y2")
    return [x1 - 1.0, y1 - 1.0, float(x2), float(y2)]
