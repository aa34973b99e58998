"""Camera links learned from tracklets: who follows whom, and how long vehicles take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.matching.blocks import compared_pairs, ordered_pairs
from ml.matching.columns import Columns
from ml.matching.config import MatcherConfig
from ml.matching.evidence import confirmed_pairs
from ml.matching.graph.checks import require_column
from ml.types import Bool1D, CameraLink, CameraTracklet, Double1D, Int1D, UserError

LEAST_PROBABILITY = 0.1  # a pair below it has no vote: many improbable pairs would outvote few matches
LEAST_VOTES = 3.0  # sure matches' worth of votes that make a link
OUTSIDE = 0.01  # share of the votes left out at either end of the window
MARGIN_S = 2.0  # added to the window at either end
ROUNDS = 30
LEAST_SPREAD_S = 0.5
NEAR_S = 1.0


@dataclass(frozen=True, slots=True)
class LearnedLink:
    """A link and what it was learned from.

    gaps_s, votes  [k] transit time of each pair that voted, and its vote: its probability, 1 where people confirmed it
    confirmed      [k] true where people did
    peak_s, spread_s, share   transit times are normal around peak_s with a probability of `share`, anything else in
                   the window that was searched
    width_s        of that window
    """

    link: CameraLink
    gaps_s: Double1D
    votes: Double1D
    confirmed: Bool1D
    peak_s: float
    spread_s: float
    share: float
    width_s: float


def learned_links(
    tracklets: Sequence[CameraTracklet], links: Sequence[CameraLink], config: MatcherConfig
) -> list[LearnedLink]:
    """The links among `links` that vehicles use, each with the window that holds nearly all of its probable matches.

    No label is needed: candidate pairs vote with their probability (`compared_pairs`). Where people confirmed a pair
    (`CameraTracklet.confirmed`) its vote is a whole one, added to the others: few of them move little. By camera names.

    UserError: mixed-embeddings, broken-embedding, broken-times, bad-link.
    """
    columns = Columns.of(tracklets)
    compared = compared_pairs(columns, links, config)
    pairs = ordered_pairs(columns, compared.left, compared.right)
    confirmed, probabilities = confirmed_pairs(columns, pairs), compared.probabilities.astype(np.float64)
    votes = np.maximum(np.where(probabilities >= LEAST_PROBABILITY, probabilities, 0), confirmed)
    count = np.int64(max(len(columns.names), 1))
    codes = columns.cameras[pairs.earlier] * count + columns.cameras[pairs.later]
    spans = {(link.source, link.target): link.max_s - link.min_s for link in links if link.source != link.target}
    found = []
    for code in np.unique(codes[votes > 0]).tolist():
        rows = np.flatnonzero((codes == code) & (votes > 0))
        ends = columns.names[code // count], columns.names[code % count]
        if votes[rows].sum() >= LEAST_VOTES and ends in spans:
            width_s = spans[ends] if np.isfinite(spans[ends]) else float(np.ptp(pairs.gaps_s[codes == code]))
            width_s = max(width_s, LEAST_SPREAD_S)
            found.append(_link(ends, pairs.gaps_s[rows], votes[rows], confirmed[rows], width_s))
    return found


def peak_of(gaps_s: Double1D, votes: Double1D, *, width_s: float) -> tuple[float, float, float]:
    """(peak, spread, share): the mixture of a normal peak and a uniform background that fits the votes best.

    width_s  of the background: of the window in which pairs were searched

    Expectation maximisation from the densest place. UserError: wrong-shape, not-a-number, no-votes.
    """
    require_column(gaps_s, len(gaps_s), "transit times")
    require_column(votes, len(gaps_s), "votes")
    if not (votes.min(initial=0) >= 0 and votes.sum() > 0 and width_s > 0):
        raise UserError("no-votes", f"{len(votes)} votes over {width_s} s have no peak: some above 0 are needed.")
    peak, spread, share = _densest(gaps_s, votes), max(width_s / 10, LEAST_SPREAD_S), 0.5
    for _ in range(ROUNDS):
        normal = share * np.exp(-(((gaps_s - peak) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))
        weights = votes * normal / (normal + (1 - share) / width_s)
        total = max(float(weights.sum()), 1e-9)
        peak = float((weights * gaps_s).sum() / total)
        spread = max(float(np.sqrt((weights * (gaps_s - peak) ** 2).sum() / total)), LEAST_SPREAD_S)
        share = min(total / float(votes.sum()), 0.99)
    return peak, spread, share


def _densest(gaps_s: Double1D, votes: Double1D) -> float:
    """The gap with most votes within `NEAR_S` of it, the least of equals."""
    order = np.argsort(gaps_s, kind="stable")
    gaps, before = gaps_s[order], np.concatenate(([0.0], np.cumsum(votes[order])))
    first, last = np.searchsorted(gaps, gaps - NEAR_S, side="left"), np.searchsorted(gaps, gaps + NEAR_S, side="right")
    return float(gaps[np.argmax(before[last] - before[first])])


def _link(ends: tuple[str, str], gaps_s: Double1D, votes: Double1D, confirmed: Bool1D, width_s: float) -> LearnedLink:
    order: Int1D = np.argsort(gaps_s, kind="stable").astype(np.int32)
    reached = np.cumsum(votes[order]) / votes.sum()
    low = gaps_s[order[np.searchsorted(reached, OUTSIDE)]] - MARGIN_S
    high = gaps_s[order[min(int(np.searchsorted(reached, 1 - OUTSIDE)), len(order) - 1)]] + MARGIN_S
    window = CameraLink(*ends, round(float(low), 1), round(float(high), 1))
    return LearnedLink(window, gaps_s, votes, confirmed, *peak_of(gaps_s, votes, width_s=width_s), width_s)
