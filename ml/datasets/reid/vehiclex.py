"""VehicleX: rendered vehicles in sys_image_train, called 05001_c006_1.jpg for identity 5001 in camera c006."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from ml.datasets.reid.labels import Item, read_items
from ml.datasets.reid.pictures import listed_pictures
from ml.datasets.reid.sets import Picture, ReidSet, camera_names, make_table
from ml.datasets.reid.table import ReidTable
from ml.types import UserError

FOLDER, LABELS = "sys_image_train", "sys_train_label.xml"
NAME = re.compile(r"(\d{5})_(c\d{3})_.*\.(?:jpe?g|png)", re.ASCII)


def is_vehiclex(path: Path) -> bool:
    return (path / FOLDER).is_dir()


def read_vehiclex(path: Path) -> ReidSet:
    """A folder of rendered pictures alone; they are its training part.

    Labels (type, colour, orientation) are in sys_train_label.xml or train_label.xml; without them all but identity
    and camera, which the names say, is unknown.
    """
    name = path.resolve().name
    table = _table(path, name, alone=True)
    nothing = table.take(np.zeros(0, np.int64))
    return ReidSet(name, "vehiclex", table, nothing, nothing, nothing)


def read_rendered(path: Path, domain: str) -> ReidTable:
    """The rendered pictures that lie beside another set's; their labels are in sys_train_label.xml."""
    return _table(path, domain, alone=False)


def label_file(path: Path, *, alone: bool) -> Path | None:
    """The rendered pictures' labels, where there are any.

    alone  whether there are no other pictures; then train_label.xml holds theirs as well
    """
    names = (LABELS, "train_label.xml") if alone else (LABELS,)
    return next((path / name for name in names if (path / name).is_file()), None)


def _table(path: Path, domain: str, *, alone: bool) -> ReidTable:
    labels = label_file(path, alone=alone)
    items: dict[str, Item] = {}
    if labels is not None and (path / FOLDER).is_dir():
        items = read_items(labels)
    names = list(items) or listed_pictures(path / FOLDER)
    pictures = [_picture(path / FOLDER / name, items.get(name)) for name in names]
    return make_table(pictures, domain=domain, cameras=camera_names([pictures]))


def _picture(path: Path, item: Item | None) -> Picture:
    parts = NAME.fullmatch(path.name)
    if parts is None:
        raise UserError(
            "bad-picture-name", f"{path}: the name must begin with identity and camera, as in 05001_c006_1.jpg."
        )
    identity, camera = int(parts[1]), parts[2]
    if item is not None:
        item.require_agreement(identity, camera)
    return Picture.labelled(path, item, identity, camera)
