"""Labels for a set's query and gallery pictures by their looks alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ml.datasets.reid import ReidSet, ReidTable
from ml.datasets.reid.mined import pictures_to_label
from ml.matching.reranking.chain import Views
from ml.pipeline.reid_ranking import PictureFeatures
from ml.reid.adaptation import PseudoLabelConfig, pseudo_labels
from ml.reid.mining import Labels, identity_seeds, k_means_labels, mined_labels
from ml.types import Float2D, Progress, no_progress

Method = Callable[
    [Float2D, Float2D, ReidTable], Labels
]  # queries' and gallery's features, rows of both -> labels of both


def by_identities(*, d_n: float, d_p: float, first: int) -> Method:
    """Identity mining (multi-domain learning, section 3.3): seeds among the queries, labels for both."""

    def labels(query: Float2D, gallery: Float2D, pictures: ReidTable) -> Labels:
        seeds = query[identity_seeds(query, d_n=d_n, first=first)]
        return mined_labels(np.concatenate([query, gallery]), seeds, d_p=d_p)

    return labels


def by_k_means(count: int) -> Method:
    """k-means into `count` vehicles, what identity mining is compared with."""

    def labels(query: Float2D, gallery: Float2D, pictures: ReidTable) -> Labels:
        return k_means_labels(np.concatenate([query, gallery]), count)

    return labels


def by_clusters(config: PseudoLabelConfig) -> Method:
    """DBSCAN of features without their cameras' looks (AI City 2021 winner, stage 2)."""

    def labels(query: Float2D, gallery: Float2D, pictures: ReidTable) -> Labels:
        return pseudo_labels(np.concatenate([query, gallery]), pictures.camera, pictures.tracklet, config)

    return labels


def label_pictures(
    data: ReidSet, method: Method, *, model: str, device: str = "auto", progress: Progress = no_progress
) -> tuple[ReidTable, Labels]:
    """The set's queries, then its gallery, and the label of each row; -1 for none.

    model  an embedder's name or a file of trained weights

    UserError "no-queries", of the model, of pictures that cannot be read, and of `method`.
    """
    pictures = pictures_to_label(data)
    features = PictureFeatures([data.query, data.gallery], device=device, progress=progress)
    query, gallery = features.source(data.query, data.gallery)(model, Views())
    return pictures, method(query, gallery, pictures)
