"""What a network learns of each picture: which vehicle it shows, of which type and colour; or its camera, or side."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ml.datasets.reid import ReidTable
from ml.datasets.reid.table import UNKNOWN
from ml.reid.training.recipe import CAMERA, IDENTITY
from ml.types import UserError

Ids = npt.NDArray[np.int64]
BINS = 36  # of 10 degrees, as AI City 2021's winner has them


class Classes(NamedTuple):
    """How many vehicles, types and colours the pictures show."""

    vehicles: int
    types: int = 0
    colours: int = 0


class Labelled(NamedTuple):
    """labels  [n, 3] int64: vehicle, type and colour of each row, each numbered from 0 without gaps; -1 is unknown"""

    labels: Ids
    classes: Classes

    @staticmethod
    def of(table: ReidTable) -> Labelled:
        """UserError "no-labels": a row's identity is not known."""
        vehicles, identities = table.dense_identities()
        types, colours = (_dense(column) for column in (table.vehicle_type, table.colour))
        classes = Classes(len(identities), int(types.max(initial=-1)) + 1, int(colours.max(initial=-1)) + 1)
        return Labelled(np.stack([vehicles, types, colours], axis=1), classes)


def classed(table: ReidTable, classes: str) -> ReidTable:
    """The rows of which the class is known, with it in the place of the vehicle's number.

    classes  "identity" leaves the table as it is; "camera"; or "orientation": bin b of 36 is [10 b, 10 b + 10) degrees

    UserError "classes-unknown": of no row, where there are rows.
    """
    made = table if classes == IDENTITY else _known_classes(table, classes)
    if len(table) and not len(made):
        message = f"Of none of the {len(table)} pictures the {classes} is known, which data.classes wants."
        raise UserError("classes-unknown", message)
    return made


def classed_like(table: ReidTable, learned: ReidTable, classes: str) -> ReidTable:
    """`classed`, for other pictures of the set that `learned` was made of: cameras have their numbers there.

    Rows of a camera that was not learned from are left out; it may have no rows.
    """
    if classes == IDENTITY:
        return table
    alone = ReidTable.union([table])  # with its cameras named as in a union
    numbers = [learned.cameras.index(name) if name in learned.cameras else UNKNOWN for name in alone.cameras]
    camera = np.array([*numbers, UNKNOWN], np.int32)[alone.camera]
    return _known_classes(replace(alone, cameras=learned.cameras, camera=camera), classes)


def _known_classes(table: ReidTable, classes: str) -> ReidTable:
    found = table.camera.astype(np.int64) if classes == CAMERA else _bins(table.orientation_deg)
    return replace(table, identity=found).take(found != UNKNOWN)


def _bins(degrees: npt.NDArray[np.floating]) -> Ids:
    """[n] 0..35, -1 where the angle is nan."""
    known = np.isfinite(degrees)
    turned = np.where(known, degrees, 0) % 360
    return np.where(known, (turned * BINS // 360).astype(np.int64) % BINS, UNKNOWN)


def _dense(column: npt.NDArray[np.integer]) -> Ids:
    """The known numbers as 0, 1, ... by size; unknown ones stay -1."""
    known = np.unique(column[column != UNKNOWN])
    return np.where(column == UNKNOWN, UNKNOWN, np.searchsorted(known, column)).astype(np.int64)
