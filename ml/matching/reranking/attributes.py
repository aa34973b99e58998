"""Type and colour: vehicles that differ in them are farther apart."""

from __future__ import annotations

import numpy as np

from ml.matching.reranking.checks import UNKNOWN, Ids, require_distances, require_labels
from ml.types import Bool1D, Float2D, require_setting


def attribute_constrained(
    distances: Float2D,
    query_attributes: tuple[Ids, Ids],
    gallery_attributes: tuple[Ids, Ids],
    *,
    type_penalty: float,
    colour_penalty: float,
) -> Float2D:
    """d(i, j) = d_old(i, j) + delta_t [T_i != T_j] + delta_c [C_i != C_j] (multi-guided learning, eq. 6).

    The paper's third case, printed with equal colours, is the one in which both differ. What is unknown, -1, differs
    from nothing.

    attributes  (types, colours) of each side, [queries] and [gallery] numbers

    UserError as of `require_distances`, "wrong-shape" of the attributes; "bad-configuration".
    """
    require_distances(distances, len(query_attributes[0]), len(gallery_attributes[0]))
    constrained = distances.copy()
    for name, query, gallery, penalty in zip(
        ("types", "colours"), query_attributes, gallery_attributes, (type_penalty, colour_penalty), strict=True
    ):
        require_setting("attribute constraint", bool(np.isfinite(penalty)), f"penalty of {name}", penalty, "a number")
        require_labels(query, len(distances), f"{name} of the queries")
        require_labels(gallery, distances.shape[1], f"{name} of the gallery")
        constrained += np.float32(penalty) * _differ(query, gallery)
    return constrained


def _differ(query: Ids, gallery: Ids) -> Bool1D:
    known: Bool1D = (query != UNKNOWN)[:, None] & (gallery != UNKNOWN)
    known &= query[:, None] != gallery
    return known
