"""The nearest rows of a set to each of its rows, tile by tile: never an N x N array."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ml.matching.reranking.checks import features_of
from ml.types import Float1D, Float2D, UserError

Rows = npt.NDArray[np.int64]
TILE = 2048  # rows and columns of the distances held at a time: 16 MB
SAMPLED = 8  # one column in so many says which distances are too large to be looked at
ROUNDING = 1e-5  # by how much a squared distance may differ when it is computed in another tile, of |x|^2 + |y|^2
CLOSE = np.float32(1e-6)  # likewise from the true one: nearer neighbours than that are compared again
MOST_PAIRS, MOST_EACH = 50_000_000, 1000  # near pairs in memory: so many, or more where each row has few


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest rows, itself among them, in the order of double precision, the lower row first of equals.

    rows [n, k] int64      distances [n, k] float32, squared Euclidean, rising
    farthest [n] float32, the largest squared distance of each row
    """

    rows: Rows
    distances: Float2D
    farthest: Float1D


@dataclass(slots=True)
class _Found:
    """Pairs (row, other row) that are near; those of a row come in the order of the others."""

    rows: list[Rows] = field(default_factory=list)
    others: list[Rows] = field(default_factory=list)
    squared: list[Float1D] = field(default_factory=list)

    def add(self, first: int, other: int, tile: Float2D, limits: Float1D) -> None:
        """Those of a tile that starts at row `first` and column `other` whose squared distance is within its limit.

        limits  of all rows; what lies above the diagonal stands for its mirror image below as well

        UserError "too-many-neighbours".
        """
        rows = slice(first, first + tile.shape[0])
        self._add(tile, tile <= limits[rows, None], first, other)
        if first != other:
            columns = slice(other, other + tile.shape[1])
            self._add(tile, tile <= limits[columns], first, other, mirrored=True)
        if sum(map(len, self.rows)) > max(MOST_PAIRS, MOST_EACH * len(limits)):
            raise UserError(
                "too-many-neighbours",
                f"of {len(limits)} pictures more than {MOST_PAIRS} pairs are near each other; choose a smaller "
                "distance, and look for pictures with the same features",
            )

    def _add(
        self, tile: Float2D, near: npt.NDArray[np.bool_], first: int, other: int, *, mirrored: bool = False
    ) -> None:
        places = np.flatnonzero(near)
        rows, columns = np.divmod(places, tile.shape[1])
        ends = (columns + other, rows + first) if mirrored else (rows + first, columns + other)
        self.rows.append(ends[0])
        self.others.append(ends[1])
        self.squared.append(tile.reshape(-1)[places])

    def joined(self) -> tuple[Rows, Rows, Float1D]:
        """rows, others and squared distances, as they came."""
        squared: Float1D = np.maximum(np.concatenate(self.squared), 0)
        return np.concatenate(self.rows), np.concatenate(self.others), squared


def nearest(features: Float2D, count: int, *, queries: Float2D | None = None) -> Neighbours:
    """The `count` nearest rows to each row of features [n, d], all n where there are fewer.

    queries  [q, n - q]; receives the squared distances of the first q rows to the others, which are at hand here

    UserError as of `features_of`; "too-many-neighbours" where so many are equally near that memory would not hold them.
    """
    features = features_of(features, "picture")
    kept = min(count, len(features))
    limits, found = _limits(features, kept), _Found()
    farthest = np.zeros(len(features), np.float32)
    for row, column, tile in _tiles(features):
        rows, columns = slice(row, row + tile.shape[0]), slice(column, column + tile.shape[1])
        found.add(row, column, tile, limits)
        for part, axis in ((rows, 1), (columns, 0)):
            np.maximum(farthest[part], tile.max(axis=axis), out=farthest[part])
        if queries is not None:
            _copy_tile(queries, row, column, tile)
    return _first(features, found, kept, farthest)


def within(features: Float2D, radius: float) -> sparse.csr_array:
    """[n, n] sparse, 1 where the Euclidean distance is at most `radius`; a row is within reach of itself.

    UserError as of `features_of`; "too-many-neighbours" where memory would not hold them.
    """
    features = features_of(features, "picture")
    limits, found = np.full(len(features), radius * radius, np.float32), _Found()
    for row, column, tile in _tiles(features):
        found.add(row, column, tile, limits)
    rows, others, squared = found.joined()
    return sparse.csr_array((np.ones(len(squared), np.int32), (rows, others)), shape=(len(features),) * 2)


def _tiles(features: Float2D) -> Iterator[tuple[int, int, Float2D]]:
    """(first row, first column, squared distances) of the tiles on and above the diagonal, row after row of them."""
    left, right = _factors(features)
    for row in range(0, len(features), TILE):
        for column in range(row, len(features), TILE):
            tile = left[row : row + TILE] @ right[column : column + TILE].T
            if row == column:
                np.fill_diagonal(tile, 0)
            yield row, column, tile


def _factors(features: Float2D) -> tuple[Float2D, Float2D]:
    """Rows [n, d + 2] each whose products are squared distances: |x - y|^2 = (-2x, |x|^2, 1) . (y, 1, |y|^2)."""
    squares: Float1D = np.einsum("ij,ij->i", features, features)
    ones = np.ones_like(squares)
    left, right = (-2 * features, squares, ones), (features, ones, squares)
    return np.column_stack(left), np.column_stack(right)


def _limits(features: Float2D, count: int) -> Float1D:
    """[n] a squared distance that at least `count` rows are within: of a sample already so many are."""
    left, right = _factors(features)
    sample = right[::SAMPLED] if len(features) >= SAMPLED * count else right
    limits = np.empty(len(features), np.float32)
    for row in range(0, len(features), TILE):
        tile = left[row : row + TILE] @ sample.T
        limits[row : row + TILE] = np.partition(tile, count - 1, axis=1)[:, count - 1]
    squares: Float1D = left[:, -2]
    limits += np.float32(ROUNDING) * (squares + squares.max())
    return limits


def _first(features: Float2D, found: _Found, count: int, farthest: Float1D) -> Neighbours:
    rows, others, squared = found.joined()
    keys = rows << 32 | squared.view(np.int32)  # the bits of numbers from 0 rise with them
    order = np.argsort(keys, kind="stable")
    starts = np.searchsorted(keys[order], np.arange(len(farthest) + 1) << 32)
    chosen = order[starts[:-1, None] + np.arange(count)]
    near = Neighbours(others[chosen], squared[chosen], farthest)
    limits = near.distances[:, -1] + _uncertain(features)
    for row in _doubtful(near, features, squared[order[np.minimum(starts[:-1] + count, len(order) - 1)]]):
        rest = order[starts[row] : starts[row + 1]]
        _settle(near, features, row, others[rest[squared[rest] <= limits[row]]])
    return near


def _uncertain(features: Float2D) -> Float1D:
    """[n] by how much rounding may have changed a squared distance of each row, with room to spare."""
    squares: Float1D = np.einsum("ij,ij->i", features, features)
    squares += squares.max()
    return CLOSE * squares


def _doubtful(near: Neighbours, features: Float2D, following: Float1D) -> Rows:
    """Rows in which rounding may have exchanged neighbours, or the last one and that which follows [n]."""
    gaps = np.diff(np.column_stack((near.distances, following)), axis=1)
    rows: Rows = np.flatnonzero((np.abs(gaps) <= _uncertain(features)[:, None]).any(axis=1))
    return rows


def _settle(near: Neighbours, features: Float2D, row: int, candidates: Rows) -> None:
    """Order a row's neighbours anew by sums in double precision."""
    apart = features[candidates].astype(np.float64) - features[row]
    exact = np.einsum("ij,ij->i", apart, apart)
    first = np.lexsort((candidates, exact))[: near.rows.shape[1]]
    near.rows[row], near.distances[row] = candidates[first], exact[first]


def _copy_tile(queries: Float2D, row: int, column: int, tile: Float2D) -> None:
    """What a tile has of queries x gallery, into `queries` [q, g], rows and columns counted as in the whole."""
    count = len(queries)
    rows, skipped = min(count - row, len(tile)), max(count - column, 0)
    if rows > 0 and skipped < tile.shape[1]:
        first = column + skipped - count
        queries[row : row + rows, first : first + tile.shape[1] - skipped] = np.maximum(tile[:rows, skipped:], 0)
