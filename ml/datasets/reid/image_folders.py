"""VeRi-776 and AI City Track 2: pictures in image_train, image_query and image_test, labels in XML files.

The two differ in what a picture is called: VeRi's names say identity, camera and time (0002_c002_00030600_0.jpg),
AI City's are running numbers. The number that VeRi's names give for the time has no unit that can be relied on and is
left unused; times come from a `time` attribute, in seconds, where the label file has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.datasets.reid.index_files import read_index_files
from ml.datasets.reid.labels import Item, read_items, read_names, read_tracklets
from ml.datasets.reid.pictures import listed_pictures
from ml.datasets.reid.sets import Picture, ReidSet, camera_names, make_table
from ml.datasets.reid.table import UNKNOWN
from ml.datasets.reid.vehiclex import read_rendered
from ml.types import UserError

VERI_NAME = re.compile(r"(\d{1,9})_(c\d+)_\d+_\d+\.jpe?g", re.ASCII)


@dataclass(frozen=True)
class _Part:
    """Where one part of the set lies."""

    folder: str
    names: str
    labels: tuple[str, ...]
    tracks: str


_TRAIN = _Part("image_train", "name_train.txt", ("train_label.xml",), "train_track.txt")
_QUERY = _Part("image_query", "name_query.txt", ("query_label.xml", "test_label.xml"), "query_track.txt")
_GALLERY = _Part("image_test", "name_test.txt", ("test_label.xml",), "test_track.txt")


def first_picture(path: Path) -> str | None:
    """The name of one picture of the set; None if it has no image folder with one."""
    folders = (path / part.folder for part in (_TRAIN, _QUERY, _GALLERY))
    listed = (listed_pictures(folder) for folder in folders)
    return next((names[0] for names in listed if names), None)


def is_veri(path: Path) -> bool:
    name = first_picture(path)
    return name is not None and VERI_NAME.fullmatch(name) is not None


def is_aicity(path: Path) -> bool:
    name = first_picture(path)
    return name is not None and VERI_NAME.fullmatch(name) is None


def read_veri(path: Path) -> ReidSet:
    """A set whose picture names say identity and camera; label files must agree with them."""
    return _read(path, "veri")


def read_aicity(path: Path) -> ReidSet:
    """A set whose pictures are numbered; identities that the label files keep back are -1."""
    return _read(path, "aicity")


def _read(path: Path, layout: str) -> ReidSet:
    name = path.resolve().name
    parts = [_pictures(path, part, layout) for part in (_TRAIN, _QUERY, _GALLERY)]
    cameras, first, tables = camera_names(parts), 0, []
    for part, pictures in zip((_TRAIN, _QUERY, _GALLERY), parts, strict=True):
        tracklets = _tracklets(path / part.tracks, pictures, first)
        first = max(tracklets.values(), default=first - 1) + 1
        tables.append(make_table(pictures, domain=name, cameras=cameras, tracklets=tracklets))
    train, query, gallery = tables
    rendered = read_rendered(path, f"{name}/synthetic")
    return ReidSet(name, layout, train, query, gallery, rendered, read_index_files(path, len(query), len(gallery)))


def _pictures(path: Path, part: _Part, layout: str) -> list[Picture]:
    folder = path / part.folder
    labels = next((path / name for name in part.labels if (path / name).is_file()), None)
    items = {} if labels is None else read_items(labels)
    names = _names(path, part, list(items) if labels == path / part.labels[0] else [])
    if layout == "veri":
        return [_named(folder / name, items.get(name)) for name in names]
    if part is _TRAIN and names and labels is None:
        raise UserError("file-missing", f"{path / part.labels[0]} does not exist; it says which vehicle is where.")
    return [_numbered(folder / name, items.get(name)) for name in names]


def _names(path: Path, part: _Part, labelled: list[str]) -> list[str]:
    """As the list of names has them, or else the labels, or else the folder."""
    if (path / part.names).is_file():
        return read_names(path / part.names)
    return labelled or listed_pictures(path / part.folder)


def _named(path: Path, item: Item | None) -> Picture:
    """A picture of VeRi's: its name decides, and its label must not contradict."""
    parts = VERI_NAME.fullmatch(path.name)
    if parts is None:
        raise UserError(
            "bad-picture-name",
            f"{path}: the name must say identity, camera, time, flag, as in 0002_c002_00030600_0.jpg.",
        )
    identity, camera = int(parts[1]), parts[2]
    if item is not None:
        item.require_agreement(identity, camera)
    return Picture.labelled(path, item, identity, camera)


def _numbered(path: Path, item: Item | None) -> Picture:
    if item is None:
        return Picture(path, UNKNOWN)
    return Picture.labelled(path, item, item.whole("vehicleID"), item.camera())


def _tracklets(path: Path, pictures: Sequence[Picture], first: int) -> dict[str, int]:
    known = {picture.path.name for picture in pictures}
    return read_tracklets(path, known, first=first) if path.is_file() and pictures else {}
