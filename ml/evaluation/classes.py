"""How well a classifier tells classes apart, and how far its probabilities can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Double1D, UserError

Classes = npt.NDArray[np.integer]
Probabilities = npt.NDArray[np.floating]
BINS = 10  # of the calibration error


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Of n samples over k classes.

    accuracy     share of samples whose most probable class is theirs
    macro_f1     mean over the classes that occur of 2 tp / (2 tp + fp + fn)
    log_loss     mean of -log of the true class's probability
    ece          expected calibration error: mean over samples of |accuracy - confidence| of their tenth of confidence
    confusion    [k, k] share of samples, true class by row, said class by column
    """

    accuracy: float
    macro_f1: float
    log_loss: float
    ece: float
    confusion: npt.NDArray[np.float64]

    def as_dict(self) -> dict[str, float]:
        """Its figures without the table."""
        return {name: getattr(self, name) for name in ("accuracy", "macro_f1", "log_loss", "ece")}


def score_classes(probabilities: Probabilities, truth: Classes, weights: Double1D | None = None) -> ClassScore:
    """The score of [n, k] probabilities, each row's sum 1, of samples whose class is `truth` [n].

    weights  [n] what each sample counts for; all the same without it

    UserError "no-samples" where there are none, "wrong-shape" where the three do not go together.
    """
    _require(probabilities, truth, weights)
    each = np.ones(len(truth)) if weights is None else weights
    each = each / each.sum()
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    confusion = np.zeros((probabilities.shape[1],) * 2)
    np.add.at(confusion, (truth, said), each)
    true_share = np.maximum(probabilities[np.arange(len(truth)), truth], 1e-12)
    return ClassScore(
        accuracy=float(np.trace(confusion)),
        macro_f1=_macro_f1(confusion),
        log_loss=float(-(each * np.log(true_share)).sum()),
        ece=_calibration_error(confidence, said == truth, each),
        confusion=confusion,
    )


def _require(probabilities: Probabilities, truth: Classes, weights: Double1D | None) -> None:
    if not len(truth):
        raise UserError("no-samples", "there is nothing to score: no sample has a known class")
    fits = probabilities.ndim == 2 and len(probabilities) == len(truth)
    fits &= weights is None or weights.shape == truth.shape
    if not fits or truth.min() < 0 or truth.max() >= probabilities.shape[1]:
        shapes = f"probabilities {probabilities.shape}, classes {truth.shape} in {truth.min()}..{truth.max()}"
        raise UserError("wrong-shape", f"{shapes}: give [n, k] probabilities and n classes in 0..k-1")


def _macro_f1(confusion: npt.NDArray[np.float64]) -> float:
    right, total = np.diag(confusion), confusion.sum(axis=0) + confusion.sum(axis=1)
    occurs = confusion.sum(axis=1) > 0
    return float((2 * right[occurs] / total[occurs]).mean())


def _calibration_error(confidence: Probabilities, right: npt.NDArray[np.bool_], weights: Double1D) -> float:
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights * (right - confidence), BINS)
    return float(np.abs(gaps).sum())
