"""A simulated analyst who answers pairs in some order, and what the identities are after each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ml.matching import MatcherConfig, SyncResult
from ml.matching.graph import (
    Regrouping,
    conflicting_pairs,
    meetings,
    regroup,
    review_order,
    settled_pairs,
)
from ml.matching.graph.decided import decided_groups
from ml.matching.graph.grouping import numbered_by_first_member
from ml.matching.graph.growth import Graph, grown
from ml.matching.graph.regroup import contradictions
from ml.pipeline.match import identities_of
from ml.types import Bool1D, CameraTracklet, Double1D, Int1D
from tests.benchmarks.cross_camera.city_tracklets import SceneTracklets

Rows = npt.NDArray[np.int64]
LEAST_CHANCE = 0.01
Order = Callable[["Review", Bool1D], int]  # the open pairs -> which of them is asked about next


@dataclass
class Review:
    """A matched scene under an analyst's answers; a pair's later answer replaces its earlier one.

    found  its tracklets, as far as the analyst has not cut them
    """

    found: SceneTracklets
    sync: SyncResult
    config: MatcherConfig
    answers: dict[tuple[int, int], bool] = field(default_factory=dict)
    asked: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pairs = self.sync.pairs
        assert pairs.probability is not None
        self.pairs = np.column_stack((pairs.left, pairs.right)).astype(np.int64)
        self.chances, self.distances = pairs.probability.astype(np.float64), pairs.distance_ab
        self._group()

    @staticmethod
    def of(found: SceneTracklets, config: MatcherConfig) -> Review:
        """Matched on the scene's own links, or the default ones."""
        return Review(found, identities_of(found.matchable, found.cameras, found.scene.links, config)[1], config)

    @property
    def labels(self) -> Int1D:
        return self.grouping.labels

    def said(self, same: bool) -> Rows:
        """[k, 2] the pairs of which this was said, in the order of answers."""
        return np.array([pair for pair, answer in self.answers.items() if answer == same], np.int64).reshape(-1, 2)

    def answer(self, pair: tuple[int, int], same: bool) -> None:
        self.answers[pair] = same
        self.asked[pair] = self.asked.get(pair, 0) + 1
        self.grouping = self._grouping()

    def cut_handovers(self, pair: tuple[int, int]) -> None:
        """What the page offers before a "same": a tracklet of the one vehicle ends where one of the other takes over.

        The analyst does so where both are one vehicle in truth.
        """
        rows = np.flatnonzero(np.isin(self.labels, self.labels[list(pair)]))
        met = meetings(*_spans([self.found.matchable[row] for row in rows.tolist()]), self.labels[rows])
        for first, second in rows[met.pairs[met.handovers]].tolist():
            if truly_one(self.found, first, second):
                self.found = self.found.cut(first, self.found.tracklets[second].first_frame)
                self._group()

    def contradictory(self) -> tuple[int, int] | None:
        """The pair of a contradiction that was asked about least; none of those that were asked about three times."""
        chains = [_pairs_of(chain.chain, chain.cannot_link is not None) for chain in self.grouping.contradictions]
        pairs = [pair for chain in chains for pair in chain if self.asked.get(pair, 0) < 3]
        return min(pairs, key=lambda pair: (self.asked.get(pair, 0), pair)) if pairs else None

    def open_pairs(self) -> Bool1D:
        """[m] pairs that an answer can still change; those that are hardly a match (`LEAST_CHANCE`) nobody is asked."""
        likely = np.flatnonzero(self.chances >= LEAST_CHANCE)
        found = np.zeros(len(self.pairs), np.bool_)
        found[likely] = ~settled_pairs(self.pairs[likely], self.labels, self.said(True), self.said(False))
        return found

    def regrouped(self) -> Int1D:
        """[n] the groups that the web's own function makes of the answers: what `labels` are to be."""
        pairs = self.sync.pairs
        return regroup(
            len(self.found.matchable),
            self.pairs,
            distances=pairs.distance_ab,
            eligible=pairs.eligible,
            probabilities=pairs.probability,
            strategy=self.config.strategy,
            join_probability=self.config.join_probability,
            must_links=self.said(True),
            cannot_links=self.said(False),
            conflicts=self.conflicts,
        ).labels

    def _group(self) -> None:
        """From the tracklets as they are now."""
        chances, count = self.sync.pairs.probability, len(self.found.matchable)
        assert chances is not None
        self.conflicts = conflicting_pairs(*_spans(self.found.matchable), [])
        self.graph = Graph.of(count, self.pairs, chances, self.conflicts, self.config.join_probability)
        self.machine = grown(self.graph)
        self.grouping = self._grouping()

    def _grouping(self) -> Regrouping:
        """As `regroup` does it, without growing again what the machine made of the pairs."""
        same, different = self.said(True), self.said(False)
        groups, refused = decided_groups(self.machine, self.graph, same, different)
        found = contradictions(same, refused, different, self.conflicts)
        return Regrouping(numbered_by_first_member(groups), found)


def reviewed(review: Review, order: Order, *, right: float, rng: np.random.Generator) -> Iterator[Int1D]:
    """Groups before the first answer, then after each, until nothing is left to ask about.

    right  probability of an answer to be right; contradictions are always asked about first
    """
    yield review.labels
    while True:
        pair = review.contradictory()
        if pair is None:
            left = review.open_pairs()
            if not left.any():
                return
            one, other = sorted(review.pairs[order(review, left)].tolist())
            pair = one, other
        same = truly_one(review.found, *pair) == (rng.random() < right)
        if same:
            review.cut_handovers(pair)
        review.answer(pair, same)
        yield review.labels


def our_order(review: Review, open_pairs: Bool1D) -> int:
    """The queue's."""
    return int(review_order(review.pairs, review.chances, review.labels, open_pairs)[0])


def distance_order(review: Review, open_pairs: Bool1D) -> int:
    """The nearest looks first."""
    rows = np.flatnonzero(open_pairs)
    return int(rows[np.argmin(review.distances[rows])])


def random_order(rng: np.random.Generator) -> Order:
    """Any open pair."""
    return lambda review, open_pairs: int(rng.choice(np.flatnonzero(open_pairs)))


def truly_one(found: SceneTracklets, one: int, other: int) -> bool:
    """Tracklets of no vehicle are like nothing."""
    return bool(found.identities[one] > 0 and found.identities[one] == found.identities[other])


def _spans(tracklets: Sequence[CameraTracklet]) -> tuple[list[str], Double1D, Double1D]:
    """Camera, start and end of each."""
    starts, ends = (np.array([getattr(each, name) for each in tracklets], np.float64) for name in ("start_s", "end_s"))
    return [each.camera for each in tracklets], starts, ends


def _pairs_of(chain: list[int], closes: bool) -> list[tuple[int, int]]:
    steps = [*pairwise(chain), *([(chain[0], chain[-1])] if closes else [])]
    return [(min(step), max(step)) for step in steps]
