"""Tracklets that look like one, among those of some cameras and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.matching.columns import Columns
from ml.matching.search.nearest import nearest
from ml.types import Bool1D, CameraTracklet, Float1D, UserError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a tracklet must be to be found. Empty: any camera. Scene seconds; seen at some time between them."""

    cameras: frozenset[str] = frozenset()
    from_s: float = -np.inf
    to_s: float = np.inf


def nearest_tracklets(
    look: Float1D, tracklets: Sequence[CameraTracklet], *, top: int, wanted: Wanted | None = None
) -> list[tuple[int, float]]:
    """(index, cosine) of the `top` tracklets whose mean views are most similar to `look` [d], L2-normalised.

    UserError: "unknown-camera" for a camera that has no tracklet, "not-a-number" of a time, and those of `Columns.of`
    and `nearest`.
    """
    columns = Columns.of(tracklets)
    rows = np.flatnonzero(_passing(columns, wanted or Wanted()))
    found = nearest(np.asarray(look, np.float32)[None], columns.looks[rows], top=top)
    return list(zip(rows[found.rows[0]].tolist(), found.similarities[0].tolist(), strict=True))


def _passing(columns: Columns, wanted: Wanted) -> Bool1D:
    unknown = sorted(wanted.cameras - set(columns.names))
    if unknown:
        known = ", ".join(columns.names)
        raise UserError("unknown-camera", f"there is no tracklet of camera {', '.join(unknown)}; there are {known}")
    if np.isnan((wanted.from_s, wanted.to_s)).any():
        raise UserError("not-a-number", f"tracklets from {wanted.from_s} to {wanted.to_s} s are wanted; give seconds")
    seen: Bool1D = (columns.ends_s >= wanted.from_s) & (columns.starts_s <= wanted.to_s)
    if wanted.cameras:
        seen &= np.isin(np.array(columns.names)[columns.cameras], sorted(wanted.cameras))
    return seen
