"""Transit times between cameras, learned from the pairs themselves: no labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.matching.graph.checks import require_chances, require_column
from ml.types import Double1D, Double2D, UserError

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.integer]

FIRST_S, BIN_S, EVEN = -4.0, 2.0, 46  # even bins up to 88 s
GROWTH = 1.1  # of the edges after them: a bin is a tenth of its time
LAST_S = 3600.0
SMOOTHING = (0.25, 0.5, 0.25)
PRIOR_MATCHES = 5.0  # so many matches spread like all pairs: a link without matches prefers nothing
PRIOR_PAIRS = 0.5  # in each even bin, and in all bins beyond together


def transit_edges() -> Double1D:
    """[bins + 1] seconds; the first and last bin also hold what lies beyond."""
    even = FIRST_S + BIN_S * np.arange(EVEN + 1)
    steps = int(np.ceil(np.log(LAST_S / even[-1]) / np.log(GROWTH)))
    return np.concatenate((even, even[-1] * GROWTH ** np.arange(1, steps + 1)))


EDGES = transit_edges()
BINS = len(EDGES) - 1
PRIOR = PRIOR_PAIRS / np.where(EDGES[:-1] < EDGES[EVEN], 1, BINS - EVEN)


def transit_tables(links: Numbers, gaps_s: Double1D, probabilities: Double1D) -> tuple[Double2D, Double2D]:
    """(matches, others): [links, bins] smoothed counts of pairs, each counted by its probability to be a match.

    links  [m] number of each pair's link (earlier camera, later camera), from 0

    UserError: wrong-shape, not-a-number, not-a-probability, unknown-link.
    """
    require_column(gaps_s, len(links), "the transit times")
    require_chances(probabilities, len(links), "the probabilities")
    if links.min(initial=0) < 0:
        raise UserError("unknown-link", f"the link of pair {int(links.argmin())}, from 0 on, is {links.min()}.")
    count = int(links.max(initial=-1)) + 1
    cells = links * np.int64(BINS) + _bins(gaps_s)
    matches, others = (
        np.bincount(cells, each, count * BINS).astype(np.float64).reshape(count, BINS)
        for each in (probabilities, 1 - probabilities)
    )
    return _smoothed(matches), _smoothed(others)


def transit_scores(links: Numbers, gaps_s: Double1D, probabilities: Double1D) -> Double1D:
    """[m] log of how much likelier this transit time is for a match than for any pair of the same link.

    Both densities are histograms with a prior; the matches' is drawn towards the others', which is the uniform
    background of a robust mixture where traffic is steady. UserError as of `transit_tables`.
    """
    matches, others = transit_tables(links, gaps_s, probabilities)
    background = (others + PRIOR) / (others + PRIOR).sum(axis=1, keepdims=True)
    total = matches.sum(axis=1, keepdims=True) + PRIOR_MATCHES
    ratio = (matches + PRIOR_MATCHES * background) / total / background
    scores: Double1D = np.log(ratio)[links, _bins(gaps_s)]
    return scores


def _bins(gaps_s: Double1D) -> Codes:
    return np.clip(np.searchsorted(EDGES, gaps_s, side="right") - 1, 0, BINS - 1)


def _smoothed(counts: Double2D) -> Double2D:
    """Each row blurred; what would leave at its ends stays in the last bin."""
    padded = np.pad(counts, ((0, 0), (1, 1)))
    blurred = sum(share * padded[:, place : place + BINS] for place, share in enumerate(SMOOTHING))
    smoothed: Double2D = np.asarray(blurred, np.float64)
    smoothed[:, 0] += SMOOTHING[2] * counts[:, 0]
    smoothed[:, -1] += SMOOTHING[0] * counts[:, -1]
    return smoothed
