"""A projection of few labelled vehicles and of all that the shipped embedding learned from, in closed form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ml.datasets.reid import ReidTable
from ml.evaluation.ranking import Labels, RankingScore, query_figures, score_of_figures
from ml.reid.models import ReidNetwork
from ml.reid.models.heads import backbone_digest
from ml.reid.projection import Projection
from ml.reid.scatter import Prior, Scatter, load_prior
from ml.reid.training.projecting import pooled_features, set_projection
from ml.reid.training.recipe import AdaptConfig
from ml.reid.training.scoring import first_in_camera
from ml.types import Bool1D, Double2D, Float2D, Progress, UserError, no_progress
from ml.weights import CARDS, resolve


def never() -> bool:
    """Nobody asks a training to end before it is done."""
    return False


Note = Callable[[int, float, RankingScore], None]  # place of a weight, the weight, how held vehicles are found by it


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Pictures with what the backbone pools of them.

    features  [2 n, d] float32, divided by the prior's scale: pictures as they are, then mirrored
    table     [n] the pictures
    """

    features: Float2D
    table: ReidTable

    @staticmethod
    def of(pooled: Float2D, table: ReidTable, prior: Prior) -> Labelled:
        """`pooled` [2 n, d] as `pooled_features` gives it of the table."""
        return Labelled(pooled / prior.scale, table)

    def plain(self) -> Float2D:
        """[n, d]: the pictures as they are."""
        return self.features[: len(self.table)]


def adapt(
    network: ReidNetwork,
    table: ReidTable,
    config: AdaptConfig,
    *,
    side: int,
    device: torch.device,
    note: Note,
    enough: Callable[[], bool] = never,
    progress: Progress = no_progress,
) -> float:
    """Set `network.reduce` to the projection of the prior and the table's pictures; returns what one of these counts.

    Once `enough()` no more vehicles are looked for: the weight is chosen by those that were. Before the first of them
    the network stays as it is, as if a picture counted 0.

    UserError: "bad-configuration" where the neck has no linear layer, "prior-differs" where the prior is of another
    backbone, "weights-missing", "too-few-identities" for two folds, "no-right-answer" where no vehicle is seen by two
    cameras.
    """
    prior = prior_of(network, side, config)
    labelled = Labelled.of(pooled_features(network, table, side=side, device=device, progress=progress), table, prior)
    return adapt_to(network, labelled, prior, config, note=note, enough=enough, progress=progress)


def adapt_to(
    network: ReidNetwork,
    labelled: Labelled,
    prior: Prior,
    config: AdaptConfig,
    *,
    note: Note,
    enough: Callable[[], bool] = never,
    progress: Progress = no_progress,
) -> float:
    """As `adapt`, of pictures that were looked at before."""
    assert isinstance(network.reduce, nn.Linear)
    size = network.neck_size
    scores = held_scores(labelled, prior, config, size=size, enough=enough, progress=progress)
    if not scores:
        return 0.0
    for place, (weight, score) in enumerate(zip(config.weights, scores, strict=True)):
        note(place, weight, score)
    best = max(zip(scores, config.weights, strict=True), key=lambda each: each[0].map_all)[1]
    everything = np.ones(len(labelled.table), np.bool_)
    found = Fit(labelled, everything, prior, config).projection(best, prior_alone(prior, config, size))
    set_projection(network.reduce, found, prior.scale)
    return best


def prior_of(network: ReidNetwork, side: int, config: AdaptConfig) -> Prior:
    """The prior that the settings name. UserError as of `adapt`."""
    assert config.prior is not None
    if not isinstance(network.reduce, nn.Linear):
        message = "`adapt` is for the necks `vehiclenet` and `levels`, which have a linear layer"
        raise UserError("bad-configuration", message)
    prior = load_prior(resolve(config.prior) if config.prior in CARDS else Path(config.prior))
    if (prior.card.backbone, prior.card.input_size) != (backbone_digest(network), side):
        message = (
            f"The prior {config.prior} was measured behind another backbone than the model has that this begins with: "
            "begin with the model that comes with Crosstrack, or with one whose backbone was left as it was."
        )
        raise UserError("prior-differs", message)
    return prior


def held_scores(
    labelled: Labelled,
    prior: Prior,
    config: AdaptConfig,
    *,
    size: int,
    enough: Callable[[], bool] = never,
    progress: Progress = no_progress,
) -> list[RankingScore]:
    """How vehicles are found among all pictures by projections that did not learn from them, all of them in turn, or
    those whose turn came before it was `enough()`; for each of the weights, none where no vehicle's turn came.

    Queries are the first picture of each vehicle in each camera. UserError as of `adapt`.
    """
    table, first = labelled.table, first_in_camera(labelled.table)
    labels, plain = Labels(table.identity, table.camera_names()), labelled.plain()
    figures: list[list[Double2D]] = [[] for _ in config.weights]
    alone, folds = prior_alone(prior, config, size), list(_folds(table, config))
    ended = False
    for done, held in enumerate(folds):
        if ended := enough():
            break
        fit, rows = Fit(labelled, ~held, prior, config), np.flatnonzero(held & first)
        query = Labels(labels.identity[rows], labels.camera[rows])
        for place, weight in enumerate(config.weights):
            made = fit.projection(weight, alone).apply(plain)
            figures[place].append(query_figures(1 - made[rows] @ made.T, query, labels))
            progress(done * len(config.weights) + place + 1, len(folds) * len(config.weights), "fits")
    tried = [np.concatenate(parts, axis=1) for parts in figures if parts]
    if ended and all(np.isnan(each[0]).all() for each in tried):  # until then only vehicles that one camera alone saw
        return []
    return [score_of_figures(each) for each in tried]


def prior_alone(prior: Prior, config: AdaptConfig, size: int) -> Projection:
    """As if no picture counted."""
    return Projection(prior.mean, prior.scatter.directions(size, ridge=config.shrinkage * prior.variance))


class Fit:
    """What the prior and some of the labelled pictures say together, whatever one of these counts."""

    def __init__(self, labelled: Labelled, rows: Bool1D, prior: Prior, config: AdaptConfig) -> None:
        """rows  [n] which pictures are learned from"""
        learned = np.tile(rows, 2)
        features, vehicles = labelled.features[learned], np.tile(labelled.table.identity, 2)[learned]
        self._own = Scatter.of(features, vehicles, np.ones(len(features)))
        self._prior, self._ridge = prior.scatter, config.shrinkage * prior.variance

    def projection(self, weight: float, alone: Projection) -> Projection:
        """By which a labelled picture counts `weight` beside one of the prior's, averaged with `alone`, as if none
        counted; about the mean of that one.
        """
        if not weight:
            return alone
        both = Scatter.united([self._prior, self._own.times(weight)])
        fitted = both.directions(alone.size, ridge=self._ridge)
        return Projection(alone.mean, both.averaged(alone.matrix, fitted))


def _folds(table: ReidTable, config: AdaptConfig) -> Iterator[Bool1D]:
    """[n] which pictures are held, of every vehicle once."""
    vehicles = np.unique(table.identity)
    folds = min(config.folds, len(vehicles))
    if folds < 2:
        raise UserError("too-few-identities", "one vehicle cannot be held and learned from; label more vehicles")
    shuffled = np.random.default_rng(config.seed).permutation(vehicles)
    for fold in range(folds):
        yield np.isin(table.identity, shuffled[fold::folds])
