"""The set in a folder, whichever of the known layouts it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ml.datasets.reid.compcars import is_compcars, read_compcars
from ml.datasets.reid.image_folders import is_aicity, is_veri, read_aicity, read_veri
from ml.datasets.reid.pictures import first_ten, missing_pictures
from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.vehicleid import is_vehicleid, read_vehicleid
from ml.datasets.reid.vehiclex import is_vehiclex, read_vehiclex
from ml.datasets.scene import find_scenes
from ml.types import UserError


@dataclass(frozen=True)
class Layout:
    """How a published set lies on disk: what gives it away, and its reader."""

    expects: str
    recognise: Callable[[Path], bool]
    read: Callable[[Path], ReidSet]


LAYOUTS = {
    "veri": Layout("image_train/0002_c002_00030600_0.jpg", is_veri, read_veri),
    "aicity": Layout("image_train/000001.jpg and train_label.xml", is_aicity, read_aicity),
    "vehiclex": Layout("sys_image_train/05001_c006_1.jpg", is_vehiclex, read_vehiclex),
    "vehicleid": Layout("image/0000001.jpg and train_test_split/train_list.txt", is_vehicleid, read_vehicleid),
    "compcars": Layout("data/image/<make>/<model>/<year>/*.jpg and data/label", is_compcars, read_compcars),
}


def read_reid(path: Path, layout: str | None = None, *, require_pictures: bool = True) -> ReidSet:
    """The set at `path`, in `layout` or in the first of `LAYOUTS` that its folders fit.

    UserError: no such folder, no layout fits, nothing in it, pictures missing (unless not `require_pictures`), and
    whatever its reader refuses, with file, line and reason.
    """
    if not path.is_dir():
        raise UserError("reid-set-missing", f"{path} is no folder.")
    found = LAYOUTS[_layout(path, layout)].read(path)
    tables = found.tables().values()
    if not tables:
        raise UserError("reid-set-empty", f"{path} has no picture in the places of its layout ({found.layout}).")
    missing = missing_pictures(tables) if require_pictures else []
    if missing:
        total = sum(len(table) for table in tables)
        raise UserError("pictures-missing", f"{len(missing)} of {total} pictures are missing: {first_ten(missing)}.")
    return found


def _layout(path: Path, layout: str | None) -> str:
    if layout is None:
        layout = next((name for name, known in LAYOUTS.items() if known.recognise(path)), None)
    if layout is None and find_scenes(path):
        raise UserError(
            "scene-not-cut",
            f"{path} is a scene of videos; cut its vehicles out first: python -m ml crops {path} --out DIR",
        )
    if layout is None:
        expected = "; ".join(f"{name}: {known.expects}" for name, known in LAYOUTS.items())
        raise UserError("layout-unknown", f"{path} has none of the known layouts ({expected}).")
    if layout not in LAYOUTS:
        raise UserError("layout-unknown", f"{layout!r} is no known layout; choose from {', '.join(LAYOUTS)}.")
    return layout
