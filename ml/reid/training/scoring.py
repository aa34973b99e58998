"""How well a network finds vehicles again: held identities during a training, the set's own queries at its end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from ml.datasets.reid import ReidTable, read_picture
from ml.datasets.reid.table import Ids
from ml.evaluation.ranking import Labels, RankingScore, score_ranking
from ml.reid.models import ReidNetwork
from ml.reid.trained import network_input, stretched
from ml.types import Bool1D, Float2D

_BATCH = 64
_ROWS = 1024  # whose similarities to all learned pictures are in memory together


def score_with(features: Callable[[ReidTable], Float2D], query: ReidTable, gallery: ReidTable) -> RankingScore:
    """The rankings of `gallery` by cosine distance to each row of `query`.

    features  of a table's pictures, [n, d] L2-normalised
    """
    return score_ranking(1 - features(query) @ features(gallery).T, _labels(query), _labels(gallery))


def nearest_is_of_class(own: Float2D, classes: Ids, learned: Float2D, learned_classes: Ids) -> Bool1D:
    """[n] whether the row of `learned` [m, d] that is nearest to each row of `own` [n, d] is of its class.

    Features are L2-normalised; classes [n] and learned_classes [m] are int64.
    """
    parts = [np.zeros(0, np.bool_)]
    for first in range(0, len(own), _ROWS):
        rows = slice(first, first + _ROWS)
        parts.append(learned_classes[(own[rows] @ learned.T).argmax(axis=1)] == classes[rows])
    return np.concatenate(parts)


def embedded(network: ReidNetwork, table: ReidTable, *, side: int, device: torch.device) -> Float2D:
    """[n, d] float32, L2-normalised; the network is left in the mode it was in."""
    training = network.training
    network.eval()
    parts = [np.zeros((0, network.size), np.float32)]
    with torch.inference_mode():
        for first in range(0, len(table), _BATCH):
            rows = range(first, min(first + _BATCH, len(table)))
            pictures = np.stack([stretched(read_picture(table, row), side) for row in rows])
            batch = torch.from_numpy(network_input(pictures, network.backbone.mean, network.backbone.std))
            parts.append(torch.nn.functional.normalize(network.embed(batch.to(device)).float()).cpu().numpy())
    network.train(training)
    return np.concatenate(parts)


def query_and_gallery(table: ReidTable) -> tuple[ReidTable, ReidTable]:
    """The first picture of every vehicle in every camera is a query; all other pictures are the gallery.

    Vehicles with one picture in a camera are in the gallery with it as well: it is junk for itself, and what
    others look for.
    """
    _, of_place, counts = np.unique(_places(table), axis=1, return_inverse=True, return_counts=True)
    queries, alone = first_in_camera(table), counts[of_place.reshape(-1)] == 1
    return table.take(queries), table.take(~queries | alone)


def first_in_camera(table: ReidTable) -> Bool1D:
    """[n] whether a picture is the first of its vehicle in its camera."""
    found: Bool1D = np.zeros(len(table), np.bool_)
    found[np.unique(_places(table), axis=1, return_index=True)[1]] = True
    return found


def _places(table: ReidTable) -> npt.NDArray[np.int64]:
    return np.stack([table.identity, table.camera.astype(np.int64)])


def _labels(table: ReidTable) -> Labels:
    return Labels(table.identity, table.camera_names())
