"""Pictures of vehicles written as a set in VeRi's or the AI City Challenge's layout, all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from ml.datasets.reid.table import UNKNOWN
from ml.datasets.text import number_text, write_lines
from ml.types import Float1D

LONGEST_SIDE = 256
QUALITY = 90
FOLDER = "image_train"
PARTIAL = ".partial"  # in the set's folder, while it is being made


@dataclass(frozen=True)
class Cut:
    """One picture that was cut out; cuts of one `tracklet` name are one passage of a camera."""

    name: str
    identity: int
    camera: str
    time_s: float
    tracklet: str
    vehicle_type: int = UNKNOWN
    colour: int = UNKNOWN

    def item(self) -> str:
        """Its line in a label file."""
        values = {"imageName": self.name, "vehicleID": f"{self.identity:04d}", "cameraID": self.camera}
        codes = {"colorID": self.colour, "typeID": self.vehicle_type}
        values |= {name: str(code) for name, code in codes.items() if code != UNKNOWN}
        values["time"] = number_text(round(self.time_s, 3))
        return "<Item " + " ".join(f"{name}={quoteattr(value)}" for name, value in values.items()) + " />"


@contextmanager
def all_or_nothing(out: Path) -> Iterator[Path]:
    """A folder whose content moves into `out` at the end, the pictures last: where they are, the set is whole."""
    partial = out / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        for path in sorted(partial.iterdir(), key=Path.is_dir):
            path.replace(out / path.name)
    finally:
        shutil.rmtree(partial)


def widened(box: Float1D, margin: float) -> Float1D:
    """An xyxy box, widened by this share of its width and height on each side."""
    width, height = float(box[2] - box[0]) * margin, float(box[3] - box[1]) * margin
    return np.add(box, [-width, -height, width, height], dtype=np.float32)


def write_lists(out: Path, part: str, cuts: Sequence[Cut]) -> None:
    """name_<part>.txt, <part>_track.txt (one tracklet a line) and <part>_label.xml of one part of a set."""
    write_lines(out / f"name_{part}.txt", [cut.name for cut in cuts])
    tracklets: dict[str, list[str]] = {}
    for cut in cuts:
        tracklets.setdefault(cut.tracklet, []).append(cut.name)
    write_lines(out / f"{part}_track.txt", [" ".join(names) for names in tracklets.values()])
    root = f"{part.capitalize()}ingImages" if part == "train" else f"{part.capitalize()}Images"
    head = ['<?xml version="1.0" encoding="utf-8"?>', f'<{root} Version="1.0">', f'<Items number="{len(cuts)}">']
    write_lines(out / f"{part}_label.xml", [*head, *(cut.item() for cut in cuts), "</Items>", f"</{root}>"])
