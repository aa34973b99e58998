"""The formats of labels by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.datasets.labels.coco import read_coco, write_coco
from ml.datasets.labels.cvat import read_cvat, write_cvat
from ml.datasets.labels.datumaro import read_datumaro, write_datumaro
from ml.datasets.labels.motchallenge import read_cityflow, read_mot, write_cityflow, write_mot
from ml.datasets.labels.submissions import write_track1
from ml.datasets.labels.tracks import CameraLabels, Labels
from ml.datasets.layout import require_folder_name
from ml.types import UserError


@dataclass(frozen=True)
class Format:
    """`write` puts cameras into a folder, `read` takes them from one; None: not read.

    suffix  of a single file that may stand in place of a zip of the folder; "" for none
    """

    write: Callable[[Path, Sequence[CameraLabels]], None]
    read: Callable[[Path], Labels] | None = None
    suffix: str = ""


FORMATS = {
    "track1": Format(write_track1),
    "cityflow": Format(write_cityflow, read_cityflow),
    "mot": Format(write_mot, read_mot),
    "cvat": Format(write_cvat, read_cvat, ".xml"),
    "coco": Format(write_coco, read_coco, ".json"),
    "datumaro": Format(write_datumaro, read_datumaro, ".json"),
}


def write_labels(name: str, out: Path, cameras: Sequence[CameraLabels]) -> None:
    """The cameras in the format `name`, below `out`. The same labels are the same bytes.

    UserError: a camera whose name is no folder, two of one name (c1's second video is c1_2), or what the format
    cannot hold.
    """
    for folder, count in Counter(camera.name for camera in cameras).items():
        require_folder_name(folder)
        if count > 1:
            raise UserError("camera-twice", f"Two cameras or videos would both be called {folder}: rename a camera.")
    FORMATS[name].write(out, cameras)


def read_labels(name: str, root: Path) -> Labels:
    """What the files below `root` hold. UserError with file, line and reason; paths are given below `root`."""
    read = FORMATS[name].read
    if read is None:
        raise UserError("format-not-read", f"Labels are written as {name}, not read from it.")
    try:
        return read(root)
    except UserError as error:
        raise UserError(error.code, str(error).replace(f"{root}/", "")) from None
