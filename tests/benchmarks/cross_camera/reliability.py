"""How well match probabilities are calibrated: reliability, Brier score, expected calibration error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ml.types import Double1D, Float1D, Int1D
from tests.benchmarks.cross_camera.city_tracklets import TUNE_S, SceneTracklets

EDGES = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Reliability:
    """Of each class of probabilities: how many pairs [k], their mean probability, and the share that is true."""

    counts: Double1D
    means: Double1D
    shares: Double1D
    brier: float
    brier_of_mean: float

    @property
    def ece(self) -> float:
        """Expected calibration error: |mean - share| weighted by pairs."""
        return float((self.counts * np.abs(self.means - self.shares)).sum() / max(self.counts.sum(), 1))

    def summary(self) -> str:
        return (
            f"{int(self.counts.sum()):,} pairs, {round(float((self.counts * self.shares).sum()))} of them true; "
            f"Brier {self.brier:.5f} (of the mean {self.brier_of_mean:.5f}), ECE {self.ece:.5f}."
        )


def reliability(found: SceneTracklets, left: Int1D, right: Int1D, probability: Float1D) -> Reliability:
    """Over the pairs that end in the test half and whose vehicles are known."""
    ids, ends = found.identities, np.array([one.end_s for one in found.matchable])
    used = (ids[left] > 0) & (ids[right] > 0) & (np.minimum(ends[left], ends[right]) >= TUNE_S)
    true = (ids[left] == ids[right])[used].astype(np.float64)
    given = probability[used].astype(np.float64)
    place = np.clip(np.searchsorted(EDGES, given, side="right") - 1, 0, len(EDGES) - 2)
    counts, sums, trues = (
        np.bincount(place, each, len(EDGES) - 1).astype(np.float64) for each in (np.ones_like(given), given, true)
    )
    return Reliability(
        counts=counts,
        means=sums / np.maximum(counts, 1),
        shares=trues / np.maximum(counts, 1),
        brier=float(((given - true) ** 2).mean()),
        brier_of_mean=float(((true.mean() - true) ** 2).mean()),
    )


def reliability_table(measured: Reliability) -> Iterable[str]:
    """A row for each class of probabilities."""
    yield "| probability | pairs | mean probability | share true |"
    yield "|---|---:|---:|---:|"
    rows = zip(EDGES[:-1], EDGES[1:], measured.counts, measured.means, measured.shares, strict=True)
    for low, high, count, mean, share in rows:
        yield f"| {low:g} to {high:g} | {int(count):,} | {mean:.4f} | {share:.4f} |"
