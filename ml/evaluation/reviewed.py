"""Identities beside tracklets that people reviewed: IDF1 over these vehicles alone, vehicle by vehicle."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.evaluation.assignment import best_assignment
from ml.types import Double2D

Ids = npt.NDArray[np.int64]


def idf1_by_vehicle(
    vehicles: Ids, true_boxes: Ids, of_vehicle: Ids, identities: Ids, boxes: Ids, right_boxes: Ids
) -> Double2D:
    """[2, vehicles] of each, in rising order: twice the boxes that its best identity has right, and its true and
    predicted boxes. The sum of the first over that of the second is IDF1 = 2 IDTP / (true + predicted).

    vehicles [n], true_boxes [n]       reviewed tracklets: whose they are, and how long
    of_vehicle, identities, boxes [m]  tracklets that a model joined, those alone that are a reviewed one: whose it is,
                                       the identity they were joined to, and how long they are
    right_boxes [m]                    how many of their boxes lie on the reviewed tracklet's, at most `boxes`

    Identities and vehicles are paired one to one for the most right boxes, over all cameras together.
    """
    names, rows = np.unique(vehicles, return_inverse=True)
    groups, columns = np.unique(identities, return_inverse=True)
    owners = np.searchsorted(names, of_vehicle)
    codes, of_code = np.unique(owners * max(len(groups), 1) + columns, return_inverse=True)
    shared = np.bincount(of_code, right_boxes, len(codes)).astype(np.float64)
    edge_rows, edge_columns = codes // max(len(groups), 1), codes % max(len(groups), 1)
    taken = best_assignment(edge_rows, edge_columns, shared)
    right = np.bincount(edge_rows[taken], shared[taken], len(names))
    true = np.bincount(rows, true_boxes, len(names))
    predicted = np.bincount(owners, boxes, len(names))
    return np.stack((2 * right, true + predicted))
