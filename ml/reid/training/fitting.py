"""One attribute's head: fitted to pictures, its penalty and temperature chosen on vehicles that it did not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from ml.datasets.reid import ReidTable
from ml.evaluation.classes import ClassScore, score_classes
from ml.reid.attributes import COLOURS, VEHICLE_TYPES
from ml.reid.models.heads import UNSEEN, AttributeHeads
from ml.reid.softmax import LinearHead, fit_softmax, fit_temperature, softmax
from ml.types import Bool1D, Double1D, Float1D, Float2D, UserError

NAMES = {"vehicle_type": VEHICLE_TYPES, "colour": COLOURS}  # columns of a `ReidTable`, and what VeRi's numbers mean
_LEAST = 0.1  # of the median deviation: what hardly ever varies here is not blown up where it does elsewhere

Classes = npt.NDArray[np.int64]


class Choices(Protocol):
    """What fitting wants to know of a recipe."""

    @property
    def penalties(self) -> tuple[float, ...]: ...
    @property
    def balance(self) -> float: ...
    @property
    def others(self) -> float: ...
    @property
    def folds(self) -> int: ...
    @property
    def seed(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Directions:
    """f -> (f - center) M: pooled values as the heads learn from them.

    center  [d] float32        matrix  [d, k] float32
    """

    center: Float1D
    matrix: Float2D

    @staticmethod
    def of(features: Float2D, first: Bool1D, size: int) -> Directions:
        """The `size` principal components of all features [n, d], or as many as there are values.

        Each value is first divided by its deviation over the first domain's rows, or by a tenth of the median deviation
        where that is more.
        """
        from scipy.linalg import eigh  # what applies heads can do without scipy

        deviations, center = features[first].std(axis=0), features[first].mean(axis=0)
        scale = np.maximum(deviations, _LEAST * np.median(deviations))
        moved, values = (features - center) / scale, len(center)
        _, vectors = eigh(moved.T @ moved, subset_by_index=(max(values - size, 0), values - 1))
        return Directions(center, (vectors[:, ::-1] / scale[:, None]).astype(np.float32))

    def apply(self, features: Float2D) -> Float2D:
        return np.asarray((features - self.center) @ self.matrix, np.float32)


@dataclass(frozen=True, slots=True)
class Sample:
    """Pictures as they are and, in the second half of the rows, mirrored.

    features  [2 n, k] float32                    classes   [2 n] numbers of one attribute
    vehicles  [2 n]                               weights   [2 n] what each counts for
    first     [2 n] bool, of the first domain     count     how many classes there are
    balance   rare classes count more while a head learns: times (share of their class) ** -balance
    """

    features: Float2D
    classes: Classes
    vehicles: Classes
    weights: Double1D
    first: Bool1D
    count: int
    balance: float

    def fitted(self, rows: Bool1D, penalty: float) -> LinearHead:
        """The head that learns from these rows alone, and of them from those that count."""
        rows = rows & (self.weights > 0)
        features, classes, weights = self.features[rows], self.classes[rows], self.weights[rows]
        shares = np.bincount(classes, weights, self.count) / weights.sum()
        return fit_softmax(
            features, classes, weights * shares[classes] ** -self.balance, count=self.count, penalty=penalty
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A head, its logits already divided by the temperature; what was chosen, and the score on held vehicles."""

    head: LinearHead
    penalty: float
    temperature: float
    score: ClassScore

    def as_dict(self) -> dict[str, float]:
        return {"penalty": self.penalty, "temperature": self.temperature, **self.score.as_dict()}


def sample_of(features: Float2D, table: ReidTable, name: str, recipe: Choices) -> Sample:
    """Rows of `pooled_features`, moved by `Directions`, with attribute `name`."""
    first = table.domain == table.domain[0]
    weights = alike_weights(table.identity) * np.where(first, 1.0, recipe.others)
    return Sample(
        features,
        np.tile(numbered(table, name), 2),
        np.tile(table.identity, 2),
        np.tile(weights, 2),
        np.tile(first, 2),
        len(NAMES[name]),
        recipe.balance,
    )


def fit_head(sample: Sample, recipe: Choices) -> Fitted:
    """The head of all pictures, with the penalty whose heads say most of vehicles that they did not learn from.

    UserError "too-few-identities" where the first domain has fewer vehicles than there are folds.
    """
    held = {penalty: _held_logits(sample, recipe, penalty) for penalty in recipe.penalties}
    rows = _plain(sample)
    classes, weights = sample.classes[rows], sample.weights[rows]
    temperatures = {penalty: fit_temperature(logits, classes, weights) for penalty, logits in held.items()}
    scores = {
        penalty: score_classes(softmax(logits / temperatures[penalty]), classes, weights)
        for penalty, logits in held.items()
    }
    best = min(scores, key=lambda penalty: scores[penalty].log_loss)
    whole = sample.fitted(np.ones(len(sample.classes), np.bool_), best)
    by, learned = temperatures[best], sample.classes[sample.weights > 0]
    return Fitted(_unseen_out(LinearHead(whole.weight / by, whole.bias / by), learned), best, by, scores[best])


def alike_weights(vehicles: Classes) -> Double1D:
    """[n] one over the number of pictures of each row's vehicle: every vehicle counts the same."""
    _, place, counts = np.unique(vehicles, return_inverse=True, return_counts=True)
    weights: Double1D = 1 / counts[place]
    return weights


def numbered(table: ReidTable, name: str) -> Classes:
    """VeRi's numbers of attribute `name`, from 0. UserError "bad-numbers" of any that it does not have."""
    names = NAMES[name]
    numbers: Classes = getattr(table, name).astype(np.int64) - 1
    wrong = (numbers < 0) | (numbers >= len(names))
    if wrong.any():
        row = int(wrong.argmax())
        message = f"{table.paths[row].name} has {name} {numbers[row] + 1}; VeRi's numbers are 1..{len(names)}"
        raise UserError("bad-numbers", message)
    return numbers


def as_module(heads: Mapping[str, LinearHead], directions: Directions) -> AttributeHeads:
    """The heads of `NAMES` side by side, on pooled values as the network gives them."""
    weight = directions.matrix @ np.concatenate([heads[name].weight for name in NAMES], axis=1)
    bias = np.concatenate([heads[name].bias for name in NAMES]) - directions.center @ weight
    made = AttributeHeads(len(weight))
    with torch.no_grad():
        made.logits.weight.copy_(torch.from_numpy(weight.T))
        made.logits.bias.copy_(torch.from_numpy(bias))
    return made.eval()


def _held_logits(sample: Sample, recipe: Choices, penalty: float) -> Float2D:
    """[m, k] logits of the first domain's pictures, each by a head that did not see its vehicle."""
    rows = _plain(sample)
    logits = np.zeros((int(rows.sum()), sample.count), np.float32)
    for held in _folds(sample, recipe):
        head = sample.fitted(~held, penalty)
        logits[held[rows]] = head.logits(sample.features[rows & held])
    return logits


def _folds(sample: Sample, recipe: Choices) -> Iterator[Bool1D]:
    vehicles = np.unique(sample.vehicles[sample.first])
    if len(vehicles) < recipe.folds:
        message = f"{len(vehicles)} vehicles cannot be held in {recipe.folds} parts; lower `folds` or add vehicles"
        raise UserError("too-few-identities", message)
    shuffled = np.random.default_rng(recipe.seed).permutation(vehicles)
    for fold in range(recipe.folds):
        yield np.isin(sample.vehicles, shuffled[fold :: recipe.folds])


def _plain(sample: Sample) -> Bool1D:
    """The first domain's pictures that are not mirrored: what the heads will see."""
    rows = sample.first.copy()
    rows[len(rows) // 2 :] = False
    return rows


def _unseen_out(head: LinearHead, classes: Classes) -> LinearHead:
    """With no probability for what was never learned."""
    unseen = ~np.isin(np.arange(len(head.bias)), classes)
    weight, bias = head.weight.copy(), head.bias.copy()
    weight[:, unseen], bias[unseen] = 0.0, UNSEEN
    return LinearHead(weight, bias)
