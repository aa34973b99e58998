"""What a sync gives, whatever its strategy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ml.matching.graph import IndexPairs
from ml.matching.graph.grouping import numbered_by_first_member
from ml.types import Bool1D, CameraTracklet, Float1D, Int1D


@dataclass(frozen=True, slots=True)
class SyncedPairs:
    """The candidate pairs and what became of them, [m] each, in the order in which the sync compared them.

    left, right   int32 indices of the tracklets, left < right
    distance_ab   float32 d(q_left, T_right)      distance_ba   float32 d(q_right, T_left); the constrained strategy
                  has the distance between mean looks in both
    eligible      bool, true where they would be joined if no constraint forbade it
    joined        bool, true where both ended in one identity
    probability   float32, calibrated probability that both are one vehicle; None where the strategy has none
    terms         name -> float32 share of the probability's log-odds: every probability can be explained
    """

    left: Int1D
    right: Int1D
    distance_ab: Float1D
    distance_ba: Float1D
    eligible: Bool1D
    joined: Bool1D
    probability: Float1D | None = None
    terms: Mapping[str, Float1D] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """labels              [n] int32, 0-based group of each tracklet, singletons too

    refused_must_links   [k] bool, must-links that contradict a cannot-link or two tracklets seen at one time
    """

    labels: Int1D
    pairs: SyncedPairs
    refused_must_links: Bool1D


SyncInOrder = Callable[[Sequence[CameraTracklet], IndexPairs, IndexPairs], SyncResult]


def in_key_order(
    sync: SyncInOrder, tracklets: Sequence[CameraTracklet], must_links: IndexPairs, cannot_links: IndexPairs
) -> SyncResult:
    """What `sync` gives for the tracklets sorted by key, in the caller's order: the order changes nothing."""
    keys = np.array([tracklet.key for tracklet in tracklets], np.int64)
    if (keys[1:] > keys[:-1]).all():
        return sync(tracklets, must_links, cannot_links)
    order = np.argsort(keys, kind="stable").astype(np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    result = sync([tracklets[index] for index in order], place[must_links], place[cannot_links])
    return replace(result, labels=numbered_by_first_member(result.labels[place]), pairs=_renamed(result.pairs, order))


def _renamed(pairs: SyncedPairs, order: npt.NDArray[np.int64]) -> SyncedPairs:
    """Pairs over sorted tracklets -> the same pairs over the caller's, left < right again."""
    one, other = order[pairs.left].astype(np.int32), order[pairs.right].astype(np.int32)
    swapped = one > other
    return replace(
        pairs,
        left=np.minimum(one, other),
        right=np.maximum(one, other),
        distance_ab=np.where(swapped, pairs.distance_ba, pairs.distance_ab),
        distance_ba=np.where(swapped, pairs.distance_ab, pairs.distance_ba),
    )
