"""Distances of queries to a gallery, [queries, gallery] float32, small is near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import normalised, pair_of, require_choice
from ml.types import Float1D, Float2D


def euclidean(query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating]) -> Float2D:
    """d(q, g) = |q - g|.

    query, gallery  [n, d] and [m, d] features, normalised or not

    UserError as of `pair_of`.
    """
    query, gallery = pair_of(query, gallery)
    squares: tuple[Float1D, Float1D] = (np.einsum("ij,ij->i", query, query), np.einsum("ij,ij->i", gallery, gallery))
    squared: Float2D = query @ (-2 * gallery.T)
    squared += squares[0][:, None]
    squared += squares[1]
    np.maximum(squared, 0, out=squared)
    np.sqrt(squared, out=squared)
    return squared


def cosine(query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating]) -> Float2D:
    """d(q, g) = 1 - q.g / (|q| |g|), 0..2; a row of zeros is as far from all as what is at right angles to it.

    UserError as of `pair_of`.
    """
    query, gallery = pair_of(query, gallery)
    similarity: Float2D = normalised(query) @ normalised(gallery).T
    return 1 - similarity


MEASURES = {"euclidean": euclidean, "cosine": cosine}


def measured(query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating], measure: str) -> Float2D:
    """Distances by the name of their measure. UserError as of `pair_of`, or "bad-configuration"."""
    require_choice("the distance", measure, tuple(MEASURES))
    return MEASURES[measure](query, gallery)
