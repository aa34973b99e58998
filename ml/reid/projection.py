"""A linear projection in which images of one vehicle lie close: linear discriminant analysis of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.types import Double2D, Float1D, Float2D, UserError


@dataclass(frozen=True, slots=True)
class Projection:
    """f -> (f - mean) W, L2-normalised.

    mean  [d] float32        matrix  [d, k] float32, W
    """

    mean: Float1D
    matrix: Float2D

    @property
    def size(self) -> int:
        """k, the length of a projected vector."""
        return int(self.matrix.shape[1])

    def apply(self, features: Float2D) -> Float2D:
        """[n, d] -> [n, k] float32, L2-normalised."""
        projected = (features - self.mean) @ self.matrix
        lengths = np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-12)
        normalised: Float2D = (projected / lengths).astype(np.float32)
        return normalised

    def save(self, path: Path) -> None:
        """Write an .npz that `load` reads back unchanged."""
        with path.open("wb") as stream:
            np.savez(stream, mean=self.mean, matrix=self.matrix)

    @staticmethod
    def load(path: Path) -> Projection:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return Projection(stored["mean"], stored["matrix"])


@dataclass(frozen=True, slots=True)
class LabelledFeatures:
    """Features of one domain: [n, d] float32 and the vehicle of each, [n]; `weight` is what an image of it counts."""

    features: Float2D
    vehicles: npt.NDArray[np.integer]
    weight: float = 1.0


def fit_projection(
    domains: Sequence[LabelledFeatures], *, size: int, shrinkage: float, weighed: bool = False
) -> Projection:
    """The `size` directions in which vehicles differ most for how much views of one vehicle differ.

    Solves S_t w = lambda (S_w + shrinkage * tr(S_w) / d * I) w for the largest lambda: S_w the scatter of features
    about their vehicle's mean, S_t about their domain's mean, both averaged over all images of all domains by their
    weights. The mean that is subtracted is the first domain's.

    weighed  each direction counts by sqrt(1 - 1 / lambda), the share of its deviation that lies between vehicles;
             directions in which there is nothing between them (lambda <= 1) then count nothing
    """
    from scipy.linalg import eigh  # what applies a projection can do without scipy

    images = sum(len(domain.features) for domain in domains)
    if images <= size:
        raise UserError("too-few-images", f"{images} images cannot fix {size} directions; give more images")
    within = _average([(_scatter(domain.features, domain.vehicles), domain) for domain in domains])
    one_group = [np.zeros(len(domain.features), np.int64) for domain in domains]
    total = _average([(_scatter(d.features, group), d) for d, group in zip(domains, one_group, strict=True)])
    dimensions = len(within)
    within += shrinkage * np.trace(within) / dimensions * np.eye(dimensions)
    ratios, vectors = eigh(total, within, subset_by_index=(dimensions - size, dimensions - 1))
    mean = domains[0].features.mean(axis=0).astype(np.float32)
    if weighed:
        vectors = vectors * np.sqrt(np.clip(1 - 1 / np.maximum(ratios, 1.0), 0, None))
    return Projection(mean, vectors[:, ::-1].astype(np.float32))


def _average(scatters: Sequence[tuple[Double2D, LabelledFeatures]]) -> Double2D:
    """The domains' scatters, divided by their images; each by its domain's weight."""
    images = sum(domain.weight * len(domain.features) for _, domain in scatters)
    averaged: Double2D = np.sum([domain.weight * scatter for scatter, domain in scatters], axis=0) / images
    return averaged


def _scatter(features: Float2D, groups: npt.NDArray[np.integer]) -> Double2D:
    """[d, d] sum over the images of (f - m)(f - m)^T, m the mean of the image's group."""
    names, of_group = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), features.shape[1]))
    np.add.at(sums, of_group, features)
    offsets = features - (sums / np.bincount(of_group)[:, None])[of_group]
    scatter: Double2D = offsets.T @ offsets
    return scatter
