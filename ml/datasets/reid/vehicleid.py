"""VehicleID: one folder of pictures, and lists of `picture identity` for training and for tests of four sizes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from ml.datasets.reid.labels import require_file_name, whole_number
from ml.datasets.reid.sets import ReidSet, gallery_draw
from ml.datasets.reid.table import ReidTable
from ml.datasets.text import malformed, read_text
from ml.types import UserError

_TEST_LIST = re.compile(r"test_list_(\d+)\.txt", re.ASCII)


def is_vehicleid(path: Path) -> bool:
    return (path / "image").is_dir() and (path / "train_test_split").is_dir()


def read_vehicleid(path: Path) -> ReidSet:
    """Training pictures, and those of every test list that is there, smallest first; cameras are not known.

    Query and gallery are the first draw from the smallest test list; `gallery_draw` makes the others.

    UserError: no list at all, or a line that is not `picture identity`, each picture once a list.
    """
    name, folder = path.resolve().name, path / "train_test_split"
    files = folder.iterdir() if folder.is_dir() else ()
    sizes = {int(found[1]): file for file in files if (found := _TEST_LIST.fullmatch(file.name))}
    tests = {str(size): _read_list(sizes[size], path / "image", name) for size in sorted(sizes)}
    train_list = folder / "train_list.txt"
    if not train_list.is_file() and not tests:
        raise UserError("file-missing", f"{folder} has neither train_list.txt nor test_list_<size>.txt.")
    nothing = ReidTable.of([], [], domain=name)
    train = _read_list(train_list, path / "image", name) if train_list.is_file() else nothing
    query, gallery = gallery_draw(next(iter(tests.values())), 0) if tests else (nothing, nothing)
    return ReidSet(name, "vehicleid", train, query, gallery, nothing, test_lists=tests)


def _read_list(path: Path, folder: Path, domain: str) -> ReidTable:
    line_of: dict[str, int] = {}
    identities: list[int] = []
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if not text.strip():
            continue
        name, identity = _entry(path, line, text)
        if name in line_of:
            raise malformed(path, line, f"picture {name} is named twice (first on line {line_of[name]})")
        line_of[name] = line
        identities.append(identity)
    return ReidTable.of([folder / name for name in line_of], np.array(identities, np.int64), domain=domain)


def _entry(path: Path, line: int, text: str) -> tuple[str, int]:
    """Picture and identity of one line; pictures are written with or without .jpg."""
    fields = text.split()
    identity = whole_number(fields[-1])
    if len(fields) != 2 or identity is None:
        raise malformed(path, line, "expected a picture and its identity, as in `0000001 3`")
    name = fields[0] if fields[0].endswith(".jpg") else f"{fields[0]}.jpg"
    require_file_name(path, line, name)
    return name, identity
