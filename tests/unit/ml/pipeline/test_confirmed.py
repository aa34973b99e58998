"""Which tracklet is which identity of a file that people confirmed."""

from __future__ import annotations

import numpy as np

from ml.datasets.submission import SubmissionRows
from ml.pipeline.confirmed import with_confirmed
from ml.types import Float2D, Tracklet
from tests.unit.ml.matching import scene

BOX, ELSEWHERE = [0.0, 0, 10, 10], [50.0, 50, 60, 60]


def seen(frames: list[int], box: list[float] = BOX) -> Tracklet:
    return Tracklet(1, np.array(frames, np.int32), boxes(len(frames), box), np.ones(len(frames), np.float32))


def boxes(count: int, box: list[float]) -> Float2D:
    return np.tile(np.array([box], np.float32), (count, 1))


def confirmed(tracklets: list[tuple[str, Tracklet]], listed: list[tuple[int, int, int, list[float]]]) -> list[int]:
    """listed: (camera, identity, frame, box) of each row of the file; cameras a and b are 1 and 2."""
    cameras, ids, frames = (np.array([row[place] for row in listed], np.int32) for place in range(3))
    there = np.array([row[3] for row in listed], np.float32).reshape(-1, 4)
    rows = SubmissionRows.without_world(cameras, ids, frames, there)
    ours = [scene.tracklet(key, camera, 0, 1) for key, (camera, _) in enumerate(tracklets)]
    found = with_confirmed(ours, [tracklet for _, tracklet in tracklets], {"a": 1, "b": 2}, rows)
    return [one.confirmed for one in found]


def test_a_tracklet_is_the_identity_on_which_most_of_its_boxes_lie() -> None:
    """Frames 0 to 2 of three lie on identity 0, which counts from 1 here; in camera b nobody confirmed anything."""
    rows = [(1, 0, 0, BOX), (1, 0, 1, BOX), (1, 4, 2, BOX), (1, 4, 3, ELSEWHERE)]

    assert confirmed([("a", seen([0, 1, 2])), ("b", seen([0, 1, 2]))], rows) == [1, 0]


def test_half_of_the_boxes_are_not_enough() -> None:
    rows = [(1, 4, 0, BOX), (1, 4, 1, ELSEWHERE)]

    assert confirmed([("a", seen([0, 1])), ("a", seen([0]))], rows) == [0, 5]


def test_identities_may_have_any_number() -> None:
    """A table with a row for each number up to it would be 16 GB."""
    largest = np.iinfo(np.int32).max

    assert confirmed([("a", seen([0]))], [(1, largest, 0, BOX)]) == [largest + 1]


def test_an_empty_file_confirms_nothing() -> None:
    assert confirmed([("a", seen([0]))], []) == [0]
