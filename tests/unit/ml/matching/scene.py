"""Tracklets made for tests: looks are directions in the plane."""

from __future__ import annotations

import numpy as np

from ml.matching.evidence import shipped_calibration
from ml.types import CameraTracklet


def tracklet(key: int, camera: str, start_s: float, end_s: float, *angles: float) -> CameraTracklet:
    """A tracklet whose views look at `angles` degrees."""
    radians = np.radians(angles or (0.0,))
    views = np.column_stack((np.cos(radians), np.sin(radians))).astype(np.float32)
    mean = views.mean(axis=0)
    return CameraTracklet(key, camera, start_s, end_s, mean / np.linalg.norm(mean), views)


def chord(degrees: float) -> float:
    """Distance of two unit vectors at that angle."""
    return float(2 * np.sin(np.radians(degrees) / 2))


LONE_PAIR = 60.0  # degrees between the looks of `lone_pair`


def lone_pair() -> list[CameraTracklet]:
    """Two tracklets alone in their cameras, 10 s from the end of the one to the start of the other."""
    return [tracklet(1, "a", 0, 5, 0), tracklet(2, "b", 15, 20, LONE_PAIR)]


def lone_pair_terms() -> dict[str, float]:
    """The terms of its log-odds by hand, in the shipped weights.

    Nothing is known of the ground, no camera has a mean look beside the tracklet's own, and there are no rivals. The
    cosine is 1/2, and there is nobody but the usual to measure it against. The pair is the only one of its link: of
    its probability p half is counted as a match in its own bin, of 1 - p half as another, and 1/2 of 47/2 in all bins
    is there before; so is a crowd of 5 matches spread like all pairs.
    """
    weights, usual = shipped_calibration().plain, shipped_calibration().usual
    base = weights.constant + weights.appearance * (0.5 - usual.mean) / usual.spread
    odds, transit = np.exp(base + weights.first_constant + weights.first_gap * np.log(11)), 0.0
    for _ in range(3):
        p = odds / (1 + odds)
        background = ((1 - p) / 2 + 1 / 2) / ((1 - p) + 47 / 2)
        transit = weights.transit * np.log((p / 2 + 5 * background) / (p + 5) / background)
        odds = np.exp(base + transit)
    return {"prior": weights.constant, "appearance": base - weights.constant, "transit": transit}
