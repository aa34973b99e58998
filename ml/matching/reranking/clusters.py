"""DBSCAN (Ester et al., 1996) over rows of features, without an N x N array."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ml.matching.reranking.checks import features_of
from ml.matching.reranking.neighbours import within
from ml.types import UserError, require_setting

Labels = npt.NDArray[np.int64]
NOISE = -1


def dbscan(features: npt.NDArray[np.floating], *, eps: float, least: int) -> Labels:
    """Cluster of each row [n] int64, numbered in the order of their first rows; -1 where it belongs to none.

    A row with `least` rows or more within Euclidean distance `eps`, itself among them, is a core; cores within reach of
    each other are of one cluster, and a row that is none is of the cluster of the first core within its reach.

    UserError as of `features_of`; "bad-configuration".
    """
    require_setting("clustering", eps >= 0, "eps", eps, "0 or more")
    require_setting("clustering", least >= 1, "least", least, "1 or more")
    return clustered(within(features_of(features, "clustered"), eps), least=least)


def clustered(reach: sparse.csr_array, *, least: int) -> Labels:
    """DBSCAN of rows whose neighbours are known: reach [n, n] has a value where one is within reach of another.

    UserError "wrong-shape", "bad-configuration".
    """
    require_setting("clustering", least >= 1, "least", least, "1 or more")
    if reach.shape[0] != reach.shape[1]:
        raise UserError("wrong-shape", f"neighbours are {list(reach.shape)}; a row and a column a picture is needed")
    reach = reach.sorted_indices()
    core = np.diff(reach.indptr) >= least
    rows = np.repeat(np.arange(len(core)), np.diff(reach.indptr))
    joined = core[rows] & core[reach.indices]
    edges = (np.ones(int(joined.sum()), np.int8), (rows[joined], reach.indices[joined]))
    component = connected_components(sparse.csr_array(edges, shape=reach.shape), directed=False)[1]
    labels = np.where(core, component, NOISE)
    border = ~core[rows] & core[reach.indices]
    first = np.unique(rows[border], return_index=True)
    labels[first[0]] = component[reach.indices[border][first[1]]]
    return _renumbered(labels)


def _renumbered(labels: npt.NDArray[np.integer]) -> Labels:
    """Clusters numbered by their first rows, noise left as it is."""
    kept, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    first[kept == NOISE] = -1
    numbers = np.argsort(np.argsort(first)) - int(NOISE in kept)
    return numbers[inverse].astype(np.int64).reshape(-1)
