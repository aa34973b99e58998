"""Parameters chosen on training vehicles: never on those whose scores the page reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from ml.datasets.reid import ReidSet, ReidTable
from ml.evaluation.ranking import score_ranking
from ml.matching.reranking.chain import Pair, Views
from ml.matching.reranking.post import Step, apply_post
from ml.pipeline.reid_ranking import PictureFeatures, known, labels
from ml.reid.fit_projection import SHRINKAGE, SIZE
from ml.reid.projection import LabelledFeatures, Projection, fit_projection
from ml.reid.training.scoring import query_and_gallery
from ml.types import Float2D

PLAIN, PROJECTED = "efficientnet-lite0", "efficientnet-lite0-lda"
HELD, SEEDS = 0.3, (0, 1, 2)


@dataclass(frozen=True)
class Fold:
    """Training vehicles that a projection has not seen, as queries and a gallery, with their features by model."""

    query: ReidTable
    gallery: ReidTable
    features: dict[str, Pair]

    def score(self, steps: Sequence[tuple[str, Step]]) -> float:
        """mAP after the steps; every picture is seen once, whatever they say of views."""

        def source(model: str, views: Views) -> Pair:
            return self.features[model]

        sides = {"query": known(self.query), "gallery": known(self.gallery)}
        distances = apply_post(steps, source, model=PROJECTED, **sides)
        return score_ranking(distances, labels(self.query), labels(self.gallery)).map_all


def folds_of(data: ReidSet, features: PictureFeatures) -> list[Fold]:
    """Three splits of the training vehicles: projections as the shipped one is, fitted on all but the held share."""
    rendered = LabelledFeatures(_plain(features, data.synthetic), data.synthetic.identity)
    return [_fold(data.train, rendered, features, seed) for seed in SEEDS]


def _fold(train: ReidTable, rendered: LabelledFeatures, features: PictureFeatures, seed: int) -> Fold:
    held, learned = train.split_by_identity(HELD, seed)
    domains = [LabelledFeatures(_plain(features, learned), learned.identity), rendered]
    projection = fit_projection(domains, size=SIZE, shrinkage=SHRINKAGE)
    query, gallery = query_and_gallery(held)
    plain = features.source(query, gallery)(PLAIN, Views())
    return Fold(query, gallery, {PLAIN: plain, PROJECTED: _projected(projection, plain)})


def _projected(projection: Projection, pair: Pair) -> Pair:
    return projection.apply(pair[0]), projection.apply(pair[1])


def _plain(features: PictureFeatures, table: ReidTable) -> Float2D:
    return features.source(table, table)(PLAIN, Views())[0]


def score_on_folds(folds: Sequence[Fold], steps: Sequence[tuple[str, Step]]) -> float:
    """Mean mAP over the folds."""
    return mean(fold.score(steps) for fold in folds)
