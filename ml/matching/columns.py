"""Tracklets as columns: what comparing all pairs at once needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.matching.checks import require_times
from ml.types import CameraTracklet, Double1D, Double2D, Float2D, UserError

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """n tracklets.

    cameras          [n] int64, place of each one's camera in `names`
    starts_s, ends_s [n] scene time of the first and last frame
    looks            [n, d] float32, L2-normalised mean views
    entries, exits   [n, 4] x y vx vy on the ground, metres and metres a second, where it appears and disappears; NaN
                     where unknown
    confirmed        [n] int64, above 0 and the same where people said that they are one vehicle
    """

    names: list[str]
    cameras: Codes
    starts_s: Double1D
    ends_s: Double1D
    looks: Float2D
    entries: Double2D
    exits: Double2D
    confirmed: Codes

    @staticmethod
    def of(tracklets: Sequence[CameraTracklet]) -> Columns:
        """UserError wrong-shape of a look or a place, broken-times, broken-embedding where a look is not finite,
        mixed-embeddings where looks are of several sizes.
        """
        names, cameras = np.unique([tracklet.camera for tracklet in tracklets], return_inverse=True)
        starts_s = np.array([tracklet.start_s for tracklet in tracklets], np.float64)
        ends_s = np.array([tracklet.end_s for tracklet in tracklets], np.float64)
        require_times(tracklets, starts_s, ends_s)
        return Columns(
            names=[str(name) for name in names],
            cameras=cameras.astype(np.int64),
            starts_s=starts_s,
            ends_s=ends_s,
            looks=_looks(tracklets),
            entries=_on_ground(tracklets, [tracklet.entry for tracklet in tracklets]),
            exits=_on_ground(tracklets, [tracklet.exit for tracklet in tracklets]),
            confirmed=np.array([tracklet.confirmed for tracklet in tracklets], np.int64),
        )

    def take(self, rows: npt.NDArray[np.integer]) -> Columns:
        """The tracklets at `rows`, and their cameras alone."""
        present, cameras = np.unique(self.cameras[rows], return_inverse=True)
        return Columns(
            names=[self.names[camera] for camera in present.tolist()],
            cameras=cameras.astype(np.int64),
            starts_s=self.starts_s[rows],
            ends_s=self.ends_s[rows],
            looks=self.looks[rows],
            entries=self.entries[rows],
            exits=self.exits[rows],
            confirmed=self.confirmed[rows],
        )

    def rows(self) -> dict[str, Codes]:
        """Rows of each camera's tracklets, rising."""
        if not self.names:
            return {}
        order = np.argsort(self.cameras, kind="stable")
        ends = np.cumsum(np.bincount(self.cameras, minlength=len(self.names)))
        return dict(zip(self.names, np.split(order, ends[:-1]), strict=True))


def _looks(tracklets: Sequence[CameraTracklet]) -> Float2D:
    flat = [tracklet.key for tracklet in tracklets if tracklet.mean.ndim != 1 or not len(tracklet.mean)]
    if flat:
        raise UserError("wrong-shape", f"the mean look of tracklet {flat[0]} is no row of numbers; embed it again")
    sizes = {len(tracklet.mean) for tracklet in tracklets}
    if len(sizes) > 1:
        raise UserError("mixed-embeddings", f"embeddings have {sorted(sizes)} values; embed all cameras with one model")
    size = sizes.pop() if sizes else 0
    looks = np.array([tracklet.mean for tracklet in tracklets], np.float32).reshape(len(tracklets), size)
    broken = ~np.isfinite(looks).all(axis=1)
    if broken.any():
        key = tracklets[int(broken.argmax())].key
        raise UserError("broken-embedding", f"the embedding of tracklet {key} holds values that are no numbers")
    return looks


def _on_ground(tracklets: Sequence[CameraTracklet], states: Sequence[Double1D | None]) -> Double2D:
    unknown = np.full(4, np.nan)
    rows = [unknown if state is None else state for state in states]
    wrong = [tracklet.key for tracklet, row in zip(tracklets, rows, strict=True) if row.shape != (4,)]
    if wrong:
        raise UserError("wrong-shape", f"the place of tracklet {wrong[0]} on the ground must be x, y, vx, vy")
    return np.array(rows, np.float64).reshape(len(rows), 4)
