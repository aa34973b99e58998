"""Whether one vehicle can have driven from where one tracklet ends to where the other begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_column
from ml.types import Double1D, Double2D, UserError

Classes = npt.NDArray[np.int8]

HEADING_EDGES = (0.0, 0.5, 0.8, 0.95, 0.99)  # cosines
SPEED_EDGES = (0.5, 2.0, 4.0, 7.0, 10.0, 13.0, 16.0, 20.0, 25.0)  # metres a second
SLOW = 2.0  # m/s, below which a heading is noise
NEAR = 6.0  # m, below which a direction is noise
SLACK = 4.0  # m, by how much a box's foot misses the vehicle's place at both ends together
LEAST_GAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Motion:
    """Of m pairs, earlier -> later.

    leaving, arriving  [m] class of the cosine between the way from end to begin and the velocity before and after it,
                       one above the last of `HEADING_EDGES` where it says nothing
    speed              [m] class of the mean speed on the straight way
    known              [m] bool, false where a position is unknown: then all three say nothing
    """

    leaving: Classes
    arriving: Classes
    speed: Classes
    known: npt.NDArray[np.bool_]


def motion_between(exits: Double2D, entries: Double2D, gaps_s: Double1D) -> Motion:
    """exits of the earlier, entries of the later [m, 4] (x y vx vy, metres), gaps_s [m] seconds between them.

    NaN is a place that is not known. UserError: wrong-shape, not-a-number of the gaps.
    """
    require_column(gaps_s, len(gaps_s), "the gaps")
    for places, name in ((exits, "exits"), (entries, "entries")):
        if places.shape != (len(gaps_s), 4):
            shape = list(places.shape)
            raise UserError("wrong-shape", f"the {name} of {len(gaps_s)} pairs are {shape}; x, y, vx, vy each needed.")
    way = entries[:, :2] - exits[:, :2]
    length = np.hypot(way[:, 0], way[:, 1])
    speed = np.maximum(length - SLACK, 0) / np.maximum(gaps_s, LEAST_GAP_S)
    known = np.isfinite(length) & np.isfinite(exits[:, 2]) & np.isfinite(entries[:, 2])
    return Motion(
        leaving=_heading(exits[:, 2:], way, length),
        arriving=_heading(entries[:, 2:], way, length),
        speed=np.searchsorted(SPEED_EDGES, np.where(known, speed, 0)).astype(np.int8),
        known=known,
    )


def _heading(velocity: Double2D, way: Double2D, length: Double1D) -> Classes:
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    telling = (speed >= SLOW) & (length >= NEAR)
    cosine = np.einsum("ij,ij->i", velocity, way) / np.where(telling, speed * length, 1)
    classes = np.searchsorted(HEADING_EDGES, np.where(telling, cosine, 0), side="right")
    return np.where(telling, classes, len(HEADING_EDGES) + 1).astype(np.int8)
