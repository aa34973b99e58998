"""The caller's order in and out."""

from collections.abc import Sequence

import numpy as np

from ml.matching import SyncedPairs, SyncResult
from ml.matching.graph import NO_PAIRS, IndexPairs
from ml.matching.results import in_key_order
from ml.types import CameraTracklet, Float1D, Int1D
from tests.unit.ml.matching.scene import tracklet


def test_a_sync_sees_tracklets_by_key_and_its_caller_the_own_order() -> None:
    """Keys 9, 4, 7: by key they are rows 1, 2, 0. 4 and 9, there the first and the last, are found to be one."""
    seen: list[list[int]] = []
    first, last = (np.array([place], np.int32) for place in (0, 2))
    forth, back = (np.array([distance], np.float32) for distance in (0.25, 0.5))

    def sync(ordered: Sequence[CameraTracklet], must: IndexPairs, cannot: IndexPairs) -> SyncResult:
        seen.extend(([one.key for one in ordered], must.ravel().tolist(), cannot.ravel().tolist()))
        return SyncResult(np.array([0, 1, 0], np.int32), pair(first, last, forth, back), np.zeros(1, np.bool_))

    scene = [tracklet(key, "a", 0, 1) for key in (9, 4, 7)]
    result = in_key_order(sync, scene, np.array([[0, 1]]), NO_PAIRS)

    assert seen == [[4, 7, 9], [2, 0], []]
    assert result.labels.tolist() == [0, 0, 1]
    assert (result.pairs.left.tolist(), result.pairs.right.tolist()) == ([0], [1])
    assert (result.pairs.distance_ab.tolist(), result.pairs.distance_ba.tolist()) == ([0.5], [0.25])


def pair(left: Int1D, right: Int1D, forth: Float1D, back: Float1D) -> SyncedPairs:
    joined = np.ones(1, np.bool_)
    return SyncedPairs(left, right, forth, back, joined, joined)
