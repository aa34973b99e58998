"""Labels that were found for a set's query and gallery pictures: `name,identity,camera`, a line a picture.

The name is that of the picture's folder and file, `image_test/0001.jpg`; the identity is the label's number.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import UNKNOWN, ReidTable
from ml.datasets.reid_list import HEADER, read_picture_list
from ml.datasets.text import write_lines
from ml.types import UserError

Labels = npt.NDArray[np.int64]
MINED = "mined"


def pictures_to_label(data: ReidSet) -> ReidTable:
    """The rows of the queries, then those of the gallery. UserError "no-queries" where either has none."""
    if not len(data.query) or not len(data.gallery):
        raise UserError("no-queries", f"{data.name} has no queries or no gallery, so there is nothing to label.")
    columns: dict[str, Any] = {}
    for column in fields(ReidTable):
        parts = [getattr(table, column.name) for table in (data.query, data.gallery)]
        if isinstance(parts[0], np.ndarray):
            columns[column.name] = np.concatenate(parts)
    return replace(data.query, paths=(*data.query.paths, *data.gallery.paths), **columns)


def write_labels(path: Path, pictures: ReidTable, labels: Labels) -> None:
    """Write the rows that have a label (-1 is none)."""
    cameras = pictures.camera_names()
    rows = np.flatnonzero(labels != UNKNOWN).tolist()
    lines = [f"{_name(pictures.paths[row])},{labels[row]},{cameras[row]}" for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_lines(path, [",".join(HEADER), *dict.fromkeys(lines)])


def read_mined(path: Path, data: ReidSet) -> ReidTable:
    """The set's query and gallery pictures that the file labels, its labels for identities; types and colours unknown.

    UserError of the file; "labels-unfit" for a picture that the set has not, or a label that is no number.
    """
    listed, pictures = read_picture_list(path), pictures_to_label(data)
    rows = {_name(picture): row for row, picture in enumerate(pictures.paths)}
    for name, label in zip(listed.names.tolist(), listed.identities.tolist(), strict=True):
        if name not in rows or not label.isdecimal():
            what = f"picture {name} is not in {data.name}" if name not in rows else f"label {label} is no number"
            raise UserError("labels-unfit", f"{path}: {what}; make the file with `python -m ml mine` on this set.")
    found = pictures.take(np.array([rows[name] for name in listed.names.tolist()], np.int64))
    nothing = np.full(len(found), UNKNOWN, np.int32)
    identities = listed.identities.astype(np.int64)
    return replace(found, identity=identities, vehicle_type=nothing, colour=nothing.copy(), domains=(MINED,))


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
