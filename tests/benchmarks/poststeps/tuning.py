"""Parameters chosen on training vehicles: never on those whose scores the page reports."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, ReidTable
from ml.evaluation.ranking import score_ranking
from ml.matching.reranking.chain import Pair, Views
from ml.matching.reranking.post import Step, apply_post
from ml.pipeline.reid_ranking import PictureFeatures, known, labels
from ml.reid.config import LEVELS
from ml.reid.fit_projection import SHRINKAGE, SIZE
from ml.reid.projection import LabelledFeatures, fit_projection
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.scoring import query_and_gallery
from ml.reid.training.trainer import train_reid
from ml.types import Float2D
from tests.benchmarks.poststeps.tables import PLAIN, PROJECTED

HELD = 0.3
RECIPE = Path(__file__).resolve().parents[3] / "ml" / "reid" / "recipes" / "levels.yaml"


@dataclass(frozen=True)
class Fold:
    """Training vehicles that no model here has learned from, as queries and a gallery, with their features by model."""

    model: str
    query: ReidTable
    gallery: ReidTable
    features: dict[str, Pair]

    def score(self, steps: Sequence[tuple[str, Step]]) -> float:
        """mAP after the steps; every picture is seen once, whatever they say of views."""

        def source(model: str, views: Views) -> Pair:
            return self.features[model]

        sides = {"query": known(self.query), "gallery": known(self.gallery)}
        distances = apply_post(steps, source, model=self.model, **sides)
        return score_ranking(distances, labels(self.query), labels(self.gallery)).map_all


def folds_of(data: ReidSet, model: str, count: int) -> list[Fold]:
    """Splits of the training vehicles; `model` and the one beside it are fitted anew on all but the held share."""
    plain = PictureFeatures([data.train, data.synthetic], device="cpu")
    return [_fold(data, plain, model, seed) for seed in range(count)]


def _fold(data: ReidSet, plain: PictureFeatures, model: str, seed: int) -> Fold:
    held, learned = data.train.split_by_identity(HELD, seed)
    query, gallery = query_and_gallery(held)
    seen = plain.source(query, gallery)(PLAIN, Views())
    features = {PLAIN: seen, PROJECTED: _projected(seen, plain, [learned, data.synthetic])}
    if model == LEVELS:
        features[LEVELS] = _levels(query, gallery, data, learned)
    return Fold(model, query, gallery, features)


def _projected(pair: Pair, plain: PictureFeatures, tables: Sequence[ReidTable]) -> Pair:
    """As the shipped projection is made, of other pictures."""
    domains = [LabelledFeatures(_features(plain, table), table.identity) for table in tables]
    projection = fit_projection(domains, size=SIZE, shrinkage=SHRINKAGE)
    return projection.apply(pair[0]), projection.apply(pair[1])


def _features(plain: PictureFeatures, table: ReidTable) -> Float2D:
    return plain.source(table, table)(PLAIN, Views())[0]


def _levels(query: ReidTable, gallery: ReidTable, data: ReidSet, learned: ReidTable) -> Pair:
    """As recipe `levels` makes it, of other pictures."""
    nothing = data.query.take(np.zeros(0, np.int64))
    recipe = config_from(ReidRecipe, read_yaml(RECIPE), RECIPE.name)
    with tempfile.TemporaryDirectory() as folder:
        part = replace(data, train=learned, query=nothing, gallery=nothing)
        report = train_reid(part, recipe, Path(folder), device="cpu")
        return PictureFeatures([query, gallery], device="cpu").source(query, gallery)(str(report["weights"]), Views())


def score_on_folds(folds: Sequence[Fold], steps: Sequence[tuple[str, Step]]) -> float:
    """Mean mAP over the folds."""
    return mean(fold.score(steps) for fold in folds)
