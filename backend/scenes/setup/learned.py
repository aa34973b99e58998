"""How long vehicles took from camera to camera in a run: what links may be set to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Count, IntegerField
from django.db.models.functions import Cast, Floor

from backend.tracking.models import Candidate, Run

LEAST_MATCHES = 3
OUTSIDE = 0.01  # share of the matches left out at either end of the window
MARGIN_S = 2.0  # added to the window at either end
MOST_BARS = 24


def learned_links(*, run: Run) -> list[dict[str, Any]]:
    """Each way between two cameras that at least three matches took, the most used first.

    matches       pairs that the run joined
    min_s, max_s  the window that holds 98% of them, and 2 s more at either end
    median_s      of the second from the end of one tracklet to the beginning of the other, negative where views overlap
    bars          {start_s, width_s, counts}: a histogram of whole seconds
    """
    seconds = Cast(Floor("transit_s"), IntegerField())
    rows = (
        Candidate.objects.filter(run=run, joined=True)
        .order_by()
        .values_list("left__camera", "right__camera", seconds)
        .annotate(matches=Count("pk"))
    )
    ways: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for source, target, second, matches in rows:
        if source != target:
            ways[source, target][second] = matches
    found = [learned_link(*ends, counts) for ends, counts in ways.items() if sum(counts.values()) >= LEAST_MATCHES]
    return sorted(found, key=lambda link: (-link["matches"], link["source"], link["target"]))


def learned_link(source: int, target: int, counts: Mapping[int, int]) -> dict[str, Any]:
    """The way from one camera to another by its matches in each whole second, as `learned_links` has it."""
    seconds = np.array(sorted(counts), np.int64)
    matches = np.array([counts[second] for second in seconds.tolist()], np.int64)
    reached = np.cumsum(matches) / matches.sum()
    low, middle, high = (int(seconds[np.searchsorted(reached, share)]) for share in (OUTSIDE, 0.5, 1 - OUTSIDE))
    return {
        "source": source,
        "target": target,
        "matches": int(matches.sum()),
        "min_s": low - MARGIN_S,
        "max_s": high + 1 + MARGIN_S,
        "median_s": middle + 0.5,
        "bars": _bars(seconds, matches),
    }


def _bars(seconds: npt.NDArray[np.int64], matches: npt.NDArray[np.int64]) -> dict[str, Any]:
    first = int(seconds[0])
    width = -(-(int(seconds[-1]) + 1 - first) // MOST_BARS)
    counts = np.bincount((seconds - first) // width, weights=matches)
    return {"start_s": first, "width_s": width, "counts": counts.astype(np.int64).tolist()}
