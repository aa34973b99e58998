"""Several looks at one picture, and several models' opinions, put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.checks import features_of, normalised, require_matrix
from ml.types import Float2D, UserError


def averaged_views(views: Sequence[npt.NDArray[np.floating]]) -> Float2D:
    """f = normalise(sum of f_v / |f_v|) over the views v of each picture: flipped, scaled, cropped ones [n, d].

    views  features [n, d] of one model, a set of rows a view

    UserError as of `features_of`; "empty-set" without a view; "wrong-shape" where views differ in shape.
    """
    parts = [normalised(features_of(view, f"view {place}")) for place, view in enumerate(views, start=1)]
    _require_alike([part.shape for part in parts], "views")
    return normalised(np.sum(parts, axis=0, dtype=np.float32))


def concatenated(models: Sequence[npt.NDArray[np.floating]], weights: Sequence[float] | None = None) -> Float2D:
    """f = [w_1 f_1 / |f_1|, w_2 f_2 / |f_2|, ...] (VehicleNet; multi-guided learning's weights) [n, sum of d].

    The squared Euclidean distance of two rows is the sum of w^2 times the models' own, so that only the ratio of
    weights matters to a ranking. None is 1 for each.

    UserError as of `features_of`; "empty-set"; "wrong-shape" where the models' rows differ in number;
    "bad-configuration" of the weights.
    """
    parts = [normalised(features_of(model, f"model {place}")) for place, model in enumerate(models, start=1)]
    _require_alike([(len(part),) for part in parts], "models")
    shares = _weights(weights, len(parts))
    return np.concatenate([np.float32(share) * part for share, part in zip(shares, parts, strict=True)], axis=1)


def combined_distances(models: Sequence[Float2D], weights: Sequence[float] | None = None) -> Float2D:
    """D = sum of w_m D_m / sum of w_m [queries, gallery]; None is 1 for each.

    UserError as of `require_distances`; "empty-set"; "wrong-shape"; "bad-configuration" of the weights.
    """
    _require_alike([model.shape for model in models], "models")
    shares = _weights(weights, len(models))
    combined = np.zeros(models[0].shape, np.float32)
    for share, model in zip(shares, models, strict=True):
        require_matrix(model)
        combined += np.float32(share / sum(shares)) * model
    return combined


def _require_alike(shapes: Sequence[tuple[int, ...]], what: str) -> None:
    if not shapes:
        raise UserError("empty-set", f"there are no {what} to put together; give one at least")
    for place, shape in enumerate(shapes[1:], start=2):
        if shape != shapes[0]:
            texts = [" x ".join(map(str, one)) for one in (shapes[0], shape)]
            raise UserError("wrong-shape", f"the first of the {what} has {texts[0]} and number {place} {texts[1]}")


def _weights(weights: Sequence[float] | None, count: int) -> Sequence[float]:
    if weights is None:
        return [1.0] * count
    if len(weights) != count or min(weights) < 0 or sum(weights) <= 0 or not np.isfinite(weights).all():
        raise UserError(
            "bad-configuration", f"weights {list(weights)} for {count} models: one a model, 0 or more, not all 0"
        )
    return weights
