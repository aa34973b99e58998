"""What every step refuses: arrays of the wrong shape, without rows, with something that is no number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.types import Float1D, Float2D, Int1D, UserError

Ids = npt.NDArray[np.integer]
UNKNOWN = -1


def features_of(values: npt.NDArray[np.floating], name: str) -> Float2D:
    """`values` as float32 [n, d], n and d at least 1. UserError "wrong-shape", "empty-set", "not-a-number"."""
    if values.ndim != 2 or not np.issubdtype(values.dtype, np.floating):
        raise UserError(
            "wrong-shape", f"the {name} features are {_shape(values)}; one row of numbers a picture is needed"
        )
    if 0 in values.shape:
        raise UserError("empty-set", f"there are no {name} features; embed at least one picture")
    _require_numbers(values, f"{name} features")
    return np.ascontiguousarray(values, np.float32)


def require_same_size(parts: Sequence[Float2D], names: Sequence[str]) -> None:
    """UserError "wrong-shape" where features of two models, of different lengths, would be compared."""
    for part, name in zip(parts[1:], names[1:], strict=True):
        if part.shape[1] != parts[0].shape[1]:
            raise UserError(
                "wrong-shape",
                f"{names[0]} features have {parts[0].shape[1]} values and {name} features {part.shape[1]}; "
                "embed both with one model",
            )


def pair_of(query: npt.NDArray[np.floating], gallery: npt.NDArray[np.floating]) -> tuple[Float2D, Float2D]:
    """Both sides as float32, of one length. UserError as of `features_of`."""
    pair = features_of(query, "query"), features_of(gallery, "gallery")
    require_same_size(pair, ("query", "gallery"))
    return pair


def require_distances(distances: npt.NDArray[np.floating], queries: int, gallery: int) -> None:
    """UserError unless [queries, gallery] numbers, neither side empty; infinity is a pair that was taken out."""
    if distances.shape != (queries, gallery):
        raise UserError(
            "wrong-shape",
            f"the distances are {_shape(distances)} for {queries} queries and {gallery} gallery pictures; "
            "one row a query and one column a gallery picture are needed",
        )
    if not queries or not gallery:
        raise UserError("empty-set", f"there are {queries} queries and {gallery} gallery pictures; both are needed")
    if np.isnan(distances).any():
        row, column = np.argwhere(np.isnan(distances))[0].tolist()
        raise UserError("not-a-number", f"the distance of query {row + 1} to gallery picture {column + 1} is no number")


def require_matrix(distances: npt.NDArray[np.floating]) -> None:
    """As `require_distances`, for whatever numbers of queries and gallery pictures."""
    if distances.ndim != 2:
        raise UserError("wrong-shape", f"the distances are {_shape(distances)}; one row a query is needed")
    require_distances(distances, *distances.shape)


def require_labels(labels: npt.NDArray[np.generic], count: int, name: str) -> None:
    """UserError "wrong-shape" unless there is one label a picture."""
    if labels.shape != (count,):
        raise UserError("wrong-shape", f"{name}: {_shape(labels)} labels for {count} pictures; one a picture is needed")


def require_cameras(cameras: Int1D, count: int, side: str) -> None:
    """UserError "unknown-camera" where the camera of a picture is not known, -1; "wrong-shape"."""
    require_labels(cameras, count, f"cameras of the {side}")
    if (cameras < 0).any():
        row = int(np.argmax(cameras < 0))
        raise UserError(
            "unknown-camera",
            f"the camera of {side} picture {row + 1} is not known; label every picture, or leave out the steps that "
            "need cameras",
        )


def require_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """UserError "bad-configuration" where a setting is none of its choices."""
    if value not in choices:
        raise UserError("bad-configuration", f"{name} is {value!r}; choose from {', '.join(choices)}")


def normalised(features: Float2D) -> Float2D:
    """Rows of length 1; a row of zeros stays."""
    lengths: Float1D = np.linalg.norm(features, axis=1, keepdims=True)
    return (features / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)


def _require_numbers(values: npt.NDArray[np.floating], name: str) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        row = int(np.argmin(finite.all(axis=1)))
        raise UserError("not-a-number", f"row {row + 1} of the {name} holds something that is no number")


def _shape(values: npt.NDArray[np.generic]) -> str:
    return f"{values.dtype} {' x '.join(map(str, values.shape)) or 'alone'}"
