"""Group re-ranking (multi-guided learning, 3.3): queries in groups, gallery tracklets as wholes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import Ids, features_of, require_labels, require_matrix
from ml.matching.reranking.clusters import clustered
from ml.matching.reranking.neighbours import within
from ml.matching.reranking.tracklets import Rows, average_features, dense_tracklets
from ml.types import Double1D, Float1D, Float2D, require_setting


def grouped_queries(query: npt.NDArray[np.floating], *, theta: float) -> Float2D:
    """Each query becomes the mean feature of its group: queries no farther apart than theta, and their likes [n, d].

    theta  Euclidean distance of the features as they are

    UserError as of `features_of`; "bad-configuration".
    """
    require_setting("group re-ranking", theta >= 0, "theta", theta, "0 or more")
    rows = features_of(query, "query")
    groups = clustered(within(rows, theta), least=1)
    return average_features(rows, rows, groups)[groups]


def whole_tracklets(distances: Float2D, tracklets: Ids, *, theta: float) -> Float2D:
    """Places [queries, gallery] in rankings in which a whole tracklet follows its first picture nearer than theta.

    A picture g whose distance is below theta, and that is the first of its tracklet, has the tracklet's other pictures
    inserted right after it, nearest first; all others keep their order. Pairs that were taken out, at infinity, are
    not brought back. Equal distances keep the gallery's order.

    Returns float32: 0 for the first place, infinity for what was taken out.
    UserError as of `require_distances`, "wrong-shape" of the tracklets; "bad-configuration".
    """
    require_setting("group re-ranking", theta >= 0, "theta", theta, "0 or more")
    require_matrix(distances)
    require_labels(tracklets, distances.shape[1], "tracklets")
    numbers = dense_tracklets(tracklets)
    return np.stack([_places(row, numbers, theta) for row in distances])


def _places(distances: Float1D, tracklets: Rows, theta: float) -> Float1D:
    """Sorted by the distance of the picture that brings each in, then by their own."""
    smallest = np.full(int(tracklets.max()) + 1, np.inf)
    np.minimum.at(smallest, tracklets, distances)
    brought = smallest[tracklets] < theta
    heads: Double1D = np.where(brought & np.isfinite(distances), smallest[tracklets], distances)
    first = _first_rows(distances, tracklets)
    leaders = np.where(brought, first[tracklets], np.arange(len(distances)))
    order = np.lexsort((distances, leaders, heads))
    places = np.empty(len(distances), np.float32)
    places[order] = np.arange(len(distances))
    places[np.isinf(distances)] = np.inf
    return places


def _first_rows(distances: Float1D, tracklets: Rows) -> Rows:
    """[t] the row of each tracklet's nearest picture, the first of equals."""
    order = np.lexsort((distances, tracklets))
    return order[np.searchsorted(tracklets[order], np.arange(int(tracklets.max()) + 1))]
