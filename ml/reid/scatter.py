"""How features differ within vehicles and between them, over pictures: all that a discriminant projection needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.types import Double1D, Double2D, Float1D, Float2D, UserError

FORMAT = "crosstrack-scatter-1"  # the one entry of the header
Names = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Sums over pictures with features f [d], each of weight 1 or more or less.

    within   [d, d] float32, of (f - m_v)(f - m_v)^T, m_v the mean of the picture's vehicle; 32 bits take half the time,
             and the ridge is far above what they lose
    between  [m, d] float64, rows b, the sum of whose b b^T is that of (m_v - m)(m_v - m)^T, m the mean of all
    weight   of all pictures together
    """

    within: Float2D
    between: Double2D
    weight: float

    @staticmethod
    def of(features: Float2D | Double2D, vehicles: Names, weights: Double1D) -> Scatter:
        """Of pictures [n, d], the vehicle of each [n], and what each counts [n]."""
        means, of_vehicle, sums = grouped_means(features, vehicles, weights)
        offsets = np.empty(features.shape, np.float32)
        for rows, mean in zip(rows_of_groups(of_vehicle), means, strict=True):
            offsets[rows] = np.sqrt(weights[rows])[:, None] * (features[rows] - mean)
        middle = sums @ means / sums.sum()
        return Scatter(offsets.T @ offsets, np.sqrt(sums)[:, None] * (means - middle), float(weights.sum()))

    def times(self, factor: float) -> Scatter:
        """As if every picture counted `factor` times as much."""
        return Scatter(np.float32(factor) * self.within, np.sqrt(factor) * self.between, factor * self.weight)

    @staticmethod
    def united(parts: Sequence[Scatter]) -> Scatter:
        """Of all pictures of the parts; each part's vehicles lie around that part's own mean."""
        within: Float2D = np.sum([part.within for part in parts], axis=0)
        between = np.concatenate([part.between for part in parts])
        return Scatter(within, between, sum(part.weight for part in parts))

    def spread(self, directions: Float2D) -> Double2D:
        """[k, k]: mean products of the pictures' values in the directions [d, k], each part's about its own mean."""
        between = self.between @ directions
        return (directions.T @ (self.within @ directions) + between.T @ between) / self.weight

    def averaged(self, first: Float2D, second: Float2D) -> Float2D:
        """[d, k]: by which inner products are as near as k values allow to the sum of those by `first` and by `second`
        [d, k]: the principal components, over the pictures, of the values in both side by side.

        Two fits that err differently err less together.
        """
        from scipy.linalg import eigh

        both, size = np.concatenate((first, second), axis=1), first.shape[1]
        components: Double2D = eigh(self.spread(both), subset_by_index=(size, 2 * size - 1))[1]
        return both @ components[:, ::-1].astype(np.float32)

    def directions(self, size: int, *, ridge: float) -> Float2D:
        """[d, size]: where vehicles differ most for how much pictures of one vehicle differ, the most telling first.

        Solves S_b w = mu (S_w + ridge I) w for the largest mu, S_b and S_w the means over pictures, with
        w^T (S_w + ridge I) w = 1. Each direction counts by sqrt(mu / (1 + mu)), the share of its deviation that lies
        between vehicles.

        UserError "too-few-images" where the vehicles do not span so many directions.
        """
        from scipy.linalg import cholesky, eigh, solve_triangular  # what applies a projection can do without scipy

        count, dimensions = self.between.shape
        if count < size or dimensions < size:
            message = f"{count} vehicles in {dimensions} values cannot fix {size} directions; give more vehicles"
            raise UserError("too-few-images", message)
        root = cholesky(
            self.within / np.float32(self.weight) + ridge * np.eye(dimensions, dtype=np.float32), lower=True
        )
        between = (self.between.T / np.sqrt(self.weight)).astype(np.float32)
        whitened = solve_triangular(root, between, lower=True).astype(np.float64)
        if count < dimensions:  # the same eigenvalues in the smaller of the two spaces
            found, vectors = eigh(whitened.T @ whitened, subset_by_index=(count - size, count - 1))
            vectors = whitened @ (vectors / np.sqrt(np.maximum(found, np.finfo(float).tiny)))
        else:
            found, vectors = eigh(whitened @ whitened.T, subset_by_index=(dimensions - size, dimensions - 1))
        share = np.clip(found, 0, None) / (1 + np.clip(found, 0, None))
        found32 = (vectors * np.sqrt(share)).astype(np.float32)
        directions: Float2D = solve_triangular(root.T, found32, lower=False)[:, ::-1]
        return directions


@dataclass(frozen=True, slots=True)
class PriorCard:
    """What a file of scatter says of itself.

    backbone    `backbone_digest` of the network that pooled the features     input_size  side of its pictures
    data        checksum of the table of pictures         weight  of all of them together
    """

    backbone: str
    input_size: int
    data: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What pictures of many vehicles say of a network's features, so that few new ones can be added to it.

    scatter  of features divided by `scale`        mean, scale  [d] of the first domain's
    """

    scatter: Scatter
    mean: Float1D
    scale: Float1D
    card: PriorCard

    @property
    def variance(self) -> float:
        """The mean over the values of the variance within a vehicle."""
        within = self.scatter.within
        return float(np.trace(within) / len(within) / self.scatter.weight)


def grouped_means(
    features: Float2D | Double2D, groups: Names, weights: Double1D
) -> tuple[Double2D, npt.NDArray[np.intp], Double1D]:
    """[k, d] the weighted mean of each group, in the order of their names; each row's group [n]; their weights [k]."""
    names, of_group = np.unique(groups, return_inverse=True)
    sums: Double1D = np.bincount(of_group, weights, minlength=len(names)).astype(np.float64)
    means = np.empty((len(names), features.shape[1]))
    for group, rows in enumerate(rows_of_groups(of_group)):
        means[group] = weights[rows] @ features[rows] / sums[group]
    return means, of_group, sums


def rows_of_groups(of_group: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    """The rows of each group 0, 1, ..., so that 64 bits are needed for few rows at a time."""
    ends = np.cumsum(np.bincount(of_group))[:-1]
    return np.split(np.argsort(of_group, kind="stable"), ends)


def save_prior(prior: Prior, path: Path, *, rank: int) -> None:
    """Write it, whole or not at all: of `within` the `rank` directions in which it is largest, and of what is left the
    diagonal; 16 bits.
    """
    from safetensors.numpy import save_file
    from scipy.linalg import eigh

    size, weight = len(prior.mean), prior.scatter.weight
    within = prior.scatter.within.astype(np.float64) / weight
    found, vectors = eigh(within, subset_by_index=(size - rank, size - 1))
    spread = (vectors * np.sqrt(np.clip(found, 0, None))).T[::-1].astype(np.float16)
    rest = np.clip(np.diag(within) - np.square(spread.astype(np.float64)).sum(axis=0), 0, None)
    state = {
        "spread": np.ascontiguousarray(spread),
        "rest": rest.astype(np.float32),
        "between": (prior.scatter.between / np.sqrt(weight)).astype(np.float16),
        "mean": prior.mean,
        "scale": prior.scale,
    }
    partial = path.with_name(f".{path.name}.partial")
    save_file(state, partial, metadata={FORMAT: json.dumps(asdict(prior.card))})
    partial.replace(path)


def load_prior(path: Path) -> Prior:
    """What `save_prior` wrote. UserError "weights-missing", "weights-unreadable"."""
    import safetensors
    from safetensors.numpy import load_file

    from ml.config import config_from  # which imports this package's settings

    if not path.is_file():
        raise UserError("weights-missing", f"{path}: there is no such file of scatter; check the path.")
    try:
        with safetensors.safe_open(path, framework="np") as stored:
            metadata = stored.metadata() or {}
        state = load_file(path)
    except (safetensors.SafetensorError, OSError) as error:
        raise UserError("weights-unreadable", f"{path} is not a safetensors file: {error}.") from None
    if FORMAT not in metadata:
        raise UserError("weights-unreadable", f"{path} was not written by `python -m ml.reid.fit_scatter`.")
    card = config_from(PriorCard, json.loads(metadata[FORMAT]), str(path))
    spread, between = state["spread"].astype(np.float32), state["between"].astype(np.float64)
    within = spread.T @ spread + np.diag(state["rest"])
    return Prior(Scatter(within, between, 1.0).times(card.weight), state["mean"], state["scale"], card)
