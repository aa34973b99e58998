"""What a network learns of each picture: which vehicle it shows, of which type and colour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ml.datasets.reid import ReidTable
from ml.datasets.reid.table import UNKNOWN

Ids = npt.NDArray[np.int64]


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


def _dense(column: npt.NDArray[np.integer]) -> Ids:
    """The known numbers as 0, 1, ... by size; unknown ones stay -1."""
    known = np.unique(column[column != UNKNOWN])
    return np.where(column == UNKNOWN, UNKNOWN, np.searchsorted(known, column)).astype(np.int64)
