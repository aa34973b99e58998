"""The picture files of a set: reading one, listing folders, finding what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from ml.datasets.reid.table import ReidTable
from ml.types import Float1D, Image, UserError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
SHOWN = 10


def read_picture(table: ReidTable, row: int) -> Image:
    """The vehicle of one row, [h, w, 3] RGB: the picture, or the part of it inside the row's box.

    UserError "picture-unreadable": the file is missing or broken, or the box lies outside of it.
    """
    path = table.paths[row]
    image = _decoded(path)
    if image is None:
        raise UserError("picture-unreadable", f"{path} is missing, or is no picture that can be read.")
    rgb = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
    return rgb if np.isnan(table.boxes[row]).any() else _inside(path, rgb, table.boxes[row])


def _decoded(path: Path) -> Image | None:
    """[h, w, 3] BGR; None where the file is missing or broken. Read here, since OpenCV prints what it cannot open."""
    try:
        content = np.fromfile(path, np.uint8)
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    except (OSError, cv2.error):
        return None
    return None if picture is None else np.asarray(picture, np.uint8)


def _inside(path: Path, image: Image, box: Float1D) -> Image:
    height, width = image.shape[:2]
    left, top = max(int(np.floor(box[0])), 0), max(int(np.floor(box[1])), 0)
    part = image[top : max(int(np.ceil(box[3])), 0), left : max(int(np.ceil(box[2])), 0)]
    if not part.size:
        corners = ", ".join(f"{value:g}" for value in box)
        raise UserError("picture-unreadable", f"{path} is {width}x{height}; its box {corners} lies outside of it.")
    return part.copy()


def listed_pictures(folder: Path) -> list[str]:
    """Names of the JPEG and PNG files in `folder`, sorted; none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def missing_pictures(tables: Iterable[ReidTable]) -> list[Path]:
    """Files that the tables name and that are not there, each once, in the tables' order."""
    paths = dict.fromkeys(path for table in tables for path in table.paths)
    there = {folder: set(listed_pictures(folder)) for folder in {path.parent for path in paths}}
    return [path for path in paths if path.name not in there[path.parent]]


def unlisted_pictures(tables: Iterable[ReidTable]) -> list[Path]:
    """Files beside those of the tables that no table names."""
    named: dict[Path, set[str]] = {}
    for table in tables:
        for path in table.paths:
            named.setdefault(path.parent, set()).add(path.name)
    return [folder / name for folder in sorted(named) for name in listed_pictures(folder) if name not in named[folder]]


def first_ten(paths: list[Path]) -> str:
    """The first ten of `paths`, and how many more there are."""
    listed = ", ".join(str(path) for path in paths[:SHOWN])
    return listed + (f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else "")
