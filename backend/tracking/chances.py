"""How sure the matcher is of each pair, also where it gives no probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.tracking.models import PairState

Floats = npt.NDArray[np.float64]
LIKELY_SAME, LIKELY_DIFFERENT = 0.9, 0.1  # between them, both left out, a pair is uncertain


def percentiles(distances: Floats) -> Floats:
    """[m] share of the distances [m] that are at most this one, 0..1."""
    return np.searchsorted(np.sort(distances), distances, side="right") / max(len(distances), 1)


def chances(percentile: Floats, eligible: npt.NDArray[np.bool_], probabilities: Sequence[float | None]) -> Floats:
    """[m] chance that a pair is one vehicle: its probability, or without one e / (e + r).

    r is the rank of the pair by distance, from 1, and e the number of eligible pairs. So the chance falls with the
    distance and is a half where the matcher joined as many pairs as it would in all.
    """
    ranks = percentile * len(percentile)
    joinable = float(eligible.sum())
    known = np.array([np.nan if each is None else each for each in probabilities], np.float64)
    return np.where(np.isnan(known), joinable / (joinable + np.maximum(ranks, 1)), known)


def state_of_chance(chance: float) -> PairState:
    """Which of the three parts a pair is in."""
    if chance >= LIKELY_SAME:
        return PairState.LIKELY_SAME
    return PairState.LIKELY_DIFFERENT if chance <= LIKELY_DIFFERENT else PairState.UNCERTAIN
