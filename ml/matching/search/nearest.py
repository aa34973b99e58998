"""Exact nearest neighbours by cosine, block after block: memory holds one block's similarities beside the answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.types import Float2D, UserError

BLOCK_VALUES = 4_000_000  # similarities at a time: 16 MB


@dataclass(frozen=True, slots=True)
class Found:
    """rows [q, k] int64 of the gallery, the most similar first; similarities [q, k] float32, cosines."""

    rows: npt.NDArray[np.int64]
    similarities: Float2D


def nearest(queries: Float2D, gallery: Float2D, *, top: int, block: int = BLOCK_VALUES) -> Found:
    """The `top` rows of the gallery that are most similar to each query; fewer where the gallery is smaller.

    queries, gallery  [q, d] and [n, d] float32, L2-normalised        block  similarities that are held at a time

    Of equals the lower row comes first. UserError: "no-results-wanted", "mixed-embeddings", "broken-embedding".
    """
    _require_fitting(queries, gallery, top)
    step = max(block // max(len(queries), 1), 1)
    rows, similarities = np.zeros((len(queries), 0), np.int64), np.zeros((len(queries), 0), np.float32)
    for start in range(0, len(gallery), step):
        fresh = queries @ gallery[start : start + step].T
        best = _best(fresh, top)
        rows = np.hstack((rows, best + start))
        similarities = np.hstack((similarities, np.take_along_axis(fresh, best, axis=1)))
        kept = _best(similarities, top)
        rows, similarities = np.take_along_axis(rows, kept, axis=1), np.take_along_axis(similarities, kept, axis=1)
    return Found(rows, similarities)


def _best(similarities: Float2D, top: int) -> npt.NDArray[np.int64]:
    """[q, k] columns of the largest values, falling, of equals the lower column first."""
    count = similarities.shape[1]
    if count > top:
        least = -np.partition(-similarities, top - 1, axis=1)[:, top - 1 : top]
        similarities = np.where(similarities >= least, similarities, -np.inf)
        return np.array([_falling(row)[:top] for row in similarities], np.int64).reshape(len(similarities), top)
    return np.argsort(-similarities, axis=1, kind="stable")


def _falling(values: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Columns of the finite values, falling."""
    finite = np.flatnonzero(np.isfinite(values))
    return finite[np.argsort(-values[finite], kind="stable")]


def _require_fitting(queries: Float2D, gallery: Float2D, top: int) -> None:
    if top < 1:
        raise UserError("no-results-wanted", f"a search for {top} results finds nothing; ask for at least 1")
    if queries.ndim != 2 or gallery.ndim != 2 or (len(gallery) and queries.shape[1] != gallery.shape[1]):
        raise UserError(
            "mixed-embeddings",
            f"queries of shape {queries.shape} cannot be compared with a gallery of shape {gallery.shape}; "
            "embed both with one model",
        )
    for name, looks in (("query", queries), ("gallery", gallery)):
        broken = ~np.isfinite(looks).all(axis=1)
        if broken.any():
            row = int(broken.argmax())
            raise UserError("broken-embedding", f"row {row} of the {name} holds values that are no numbers")
