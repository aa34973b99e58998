"""How long vehicles take between two cameras, as a run's own matches say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from backend.tracking.models import Candidate, Run

FEWEST = 5  # matches below this say nothing about a distribution
BINS = (5, 20)
KEPT_S = 3600


@dataclass(frozen=True, slots=True)
class TransitHistogram:
    """counts [n] of transit times within edges [n + 1], seconds; `basis` says what was counted."""

    from_camera: int
    to_camera: int
    edges: list[float]
    counts: list[int]
    basis: str


def transit_histogram(*, run: Run, from_camera: int, to_camera: int) -> TransitHistogram | None:
    """Of the pairs that the run joined; None where they are fewer than FEWEST. A run never changes: it is cached."""
    key = f"transits-{run.pk}-{from_camera}-{to_camera}"
    times = cache.get(key)
    if times is None:
        joined = Candidate.objects.filter(run=run, eligible=True, joined=True)
        between = joined.filter(left__camera=from_camera, right__camera=to_camera).order_by()
        times = list(between.values_list("transit_s", flat=True))
        cache.set(key, times, KEPT_S)
    if len(times) < FEWEST:
        return None
    fewest, most = BINS
    bins = min(most, max(fewest, math.ceil(math.sqrt(len(times)))))
    counts, edges = np.histogram(np.array(times, np.float64), bins=bins)
    basis = f"{len(times)} pairs of these cameras that run {run.number} joined"
    return TransitHistogram(from_camera, to_camera, edges.round(3).tolist(), counts.tolist(), basis)
