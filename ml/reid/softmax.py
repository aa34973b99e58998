"""Softmax regression: linear heads fitted to features, with probabilities that can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Double1D, Float1D, Float2D, UserError

Classes = npt.NDArray[np.int64]
STEPS = 60  # of L-BFGS; the held vehicles gain nothing from more
_TEMPERATURES = (0.1, 10.0)


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Features [n, d] to logits [n, k]: f W + b.

    weight  [d, k] float32        bias  [k] float32
    """

    weight: Float2D
    bias: Float1D

    def logits(self, features: Float2D) -> Float2D:
        found: Float2D = features @ self.weight + self.bias
        return found


def fit_softmax(features: Float2D, classes: Classes, weights: Double1D, *, count: int, penalty: float) -> LinearHead:
    """The head with the least sum_i w_i -log p(c_i | f_i) / sum_i w_i + penalty / 2 |W|^2, by L-BFGS from zero.

    features  [n, d] float32, every column about as wide as the others        classes  [n] in 0..count-1
    weights   [n] what each row counts for

    UserError "one-class" where all rows are of one.
    """
    from scipy.optimize import minimize  # what applies a head can do without scipy

    if len(np.unique(classes)) < 2:
        raise UserError("one-class", "all pictures show one class; two and more are needed to tell apart")
    share, size = (weights / weights.sum()).astype(np.float32)[:, None], features.shape[1]
    wanted = np.eye(count, dtype=np.float32)[classes]

    def loss(flat: Double1D) -> tuple[float, Double1D]:
        table = flat.reshape(size + 1, count).astype(np.float32)
        logits = features @ table[:size] + table[size]
        said, logs = softmax(logits), log_softmax(logits)
        slopes = (said - wanted) * share
        gradient = np.vstack((features.T @ slopes + penalty * table[:size], slopes.sum(axis=0)))
        value = -float((share * wanted * logs).sum()) + penalty / 2 * float((table[:size] ** 2).sum())
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((size + 1) * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x.reshape(size + 1, count)
    return LinearHead(found[:size].astype(np.float32), found[size].astype(np.float32))


def fit_temperature(logits: Float2D, classes: Classes, weights: Double1D) -> float:
    """The T with the least weighted -log softmax(logits / T)[class]: what makes probabilities true on other samples.

    logits  [n, k] of samples that the head has not learned from
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(classes))

    def loss(log_temperature: float) -> float:
        return -float((weights * log_softmax(logits / np.exp(log_temperature))[rows, classes]).sum())

    bounds = tuple(np.log(_TEMPERATURES))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def softmax(logits: Float2D) -> Float2D:
    """[n, k] probabilities, each row's sum 1."""
    return np.exp(log_softmax(logits))


def log_softmax(logits: Float2D) -> Float2D:
    """[n, k] their logarithms."""
    moved = logits - logits.max(axis=1, keepdims=True)
    logs: Float2D = moved - np.log(np.exp(moved).sum(axis=1, keepdims=True))
    return logs
