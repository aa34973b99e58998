"""What is in a re-identification set, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.datasets.reid.checks import Problem, find_problems
from ml.datasets.reid.pictures import missing_pictures, read_picture, unlisted_pictures
from ml.datasets.reid.sets import ReidSet
from ml.datasets.reid.table import UNKNOWN, ReidTable
from ml.types import UserError

LOOKED_AT = 200  # pictures of a table that are opened, spread evenly over it


@dataclass(frozen=True)
class Spread:
    """Smallest, median and largest."""

    least: float
    median: float
    most: float

    @staticmethod
    def of(values: npt.ArrayLike) -> Spread | None:
        """None where there is no value."""
        given = np.asarray(values, np.float64)
        return Spread(float(given.min()), float(np.median(given)), float(given.max())) if given.size else None


@dataclass(frozen=True)
class TableSummary:
    """Counts of one table; numbers of pictures unless said otherwise.

    identities, cameras, tracklets  how many different ones; unlabelled pictures have no identity
    per_identity                    pictures of an identity        cameras_per_identity  where cameras are known
    types, colours                  the set's number -> pictures   orientations, times   pictures that have one
    width, height                   pixels, of the vehicle's part, over the `opened` pictures that could be read
    """

    pictures: int
    identities: int
    unlabelled: int
    cameras: int
    tracklets: int
    per_identity: Spread | None
    cameras_per_identity: Spread | None
    types: dict[int, int]
    colours: dict[int, int]
    orientations: int
    times: int
    opened: int
    width: Spread | None
    height: Spread | None


@dataclass(frozen=True)
class Description:
    """A set's tables by name, and what does not fit together."""

    name: str
    layout: str
    tables: dict[str, TableSummary]
    problems: list[Problem]

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def describe(reid_set: ReidSet) -> Description:
    """Count, open some pictures, and look for what does not fit together. Needs no picture to be there."""
    tables = reid_set.tables()
    absent = missing_pictures(tables.values())
    broken: list[Path] = []
    summaries = {name: _summary(table, broken, set(absent)) for name, table in tables.items()}
    files = [
        _files("missing", "pictures are missing", absent),
        _files("unreadable", f"pictures cannot be read, of up to {LOOKED_AT} opened in each part", broken),
        _files("unlisted", "pictures lie beside the others and are in no list", unlisted_pictures(tables.values())),
    ]
    problems = [problem for problem in files if problem is not None] + find_problems(reid_set)
    return Description(reid_set.name, reid_set.layout, summaries, problems)


def _files(code: str, what: str, paths: list[Path]) -> Problem | None:
    return Problem(f"pictures-{code}", f"{len(paths)} {what}", [str(path) for path in paths]) if paths else None


def _summary(table: ReidTable, broken: list[Path], absent: set[Path]) -> TableSummary:
    labelled = table.take(table.identity != UNKNOWN)
    known = labelled.take(labelled.camera != UNKNOWN)
    pairs = np.unique(np.stack((known.identity, known.camera)), axis=1)
    shapes = _shapes(table, broken, absent)
    return TableSummary(
        pictures=len(table),
        identities=len(np.unique(labelled.identity)),
        unlabelled=len(table) - len(labelled),
        cameras=_different(table.camera),
        tracklets=_different(table.tracklet),
        per_identity=Spread.of(np.unique(labelled.identity, return_counts=True)[1]),
        cameras_per_identity=Spread.of(np.unique(pairs[0], return_counts=True)[1]),
        types=_counts(table.vehicle_type),
        colours=_counts(table.colour),
        orientations=int((~np.isnan(table.orientation_deg)).sum()),
        times=int((~np.isnan(table.time_s)).sum()),
        opened=len(shapes),
        width=Spread.of([width for _, width in shapes]),
        height=Spread.of([height for height, _ in shapes]),
    )


def _shapes(table: ReidTable, broken: list[Path], absent: set[Path]) -> list[tuple[int, int]]:
    """(height, width) of some pictures; those that cannot be read are added to `broken`."""
    shapes: list[tuple[int, int]] = []
    for row in _spread_rows(len(table)):
        if table.paths[row] in absent:
            continue
        try:
            shapes.append(read_picture(table, row).shape[:2])
        except UserError:
            broken.append(table.paths[row])
    return shapes


def _spread_rows(count: int) -> Iterable[int]:
    return map(int, np.linspace(0, count - 1, min(count, LOOKED_AT)).round())


def _different(codes: npt.NDArray[np.integer]) -> int:
    return len(np.unique(codes[codes != UNKNOWN]))


def _counts(codes: npt.NDArray[np.integer]) -> dict[int, int]:
    values, counts = np.unique(codes[codes != UNKNOWN], return_counts=True)
    return dict(zip(values.tolist(), counts.tolist(), strict=True))
