"""A library of boxes: as many models as the catalogue has, without its files."""

from __future__ import annotations

import numpy as np

from ml.synthesis.mesh import Mesh, Surface, box, joined
from ml.synthesis.models.catalogue import Entry, catalogue
from ml.synthesis.models.library import CELLS, Library, Model
from ml.synthesis.models.textures import SIDE

_SIZES = {"bus": (12.0, 2.8, 3.2), "truck": (8.0, 2.6, 3.4), "van": (5.9, 2.2, 2.5)}


def box_model(entry: Entry) -> Model:
    """Cars, vans and people as blocks with a windscreen's worth of glass."""
    length, width, height = (0.4, 0.5, 1.75) if entry.kind != "vehicles" else _SIZES.get(entry.type, (4.4, 1.8, 1.5))
    body = box((-length / 2, -width / 2, 0), (length / 2, width / 2, height), (1, 1, 1), Surface.PAINT)
    glass: Mesh = box((0, -width / 3, height * 0.6), (length / 2.1, width / 3, height * 0.9), (0, 0, 0), Surface.GLASS)
    return Model(entry, (joined([body, glass]),) * len(CELLS))


def box_library() -> Library:
    return Library(
        {entry.name: box_model(entry) for entry in catalogue().values()}, np.zeros((1, SIDE, SIDE, 4), np.uint8)
    )
