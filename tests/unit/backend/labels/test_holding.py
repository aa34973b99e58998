"""Which identities are kept back, and that they stay so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.labels.content import LabelContent, LabelledTracklet, LabelledVideo
from backend.labels.holding import held_identities, identities_in_training

VIDEOS = tuple(LabelledVideo(video, f"c{video}", "0" * 64, 960, 540, 10.0, 100, 0.0) for video in (11, 12))


def tracklet(identity: int, video: int, *, x: float | None = None, held: bool = False) -> LabelledTracklet:
    frames = np.arange(10, dtype=np.int32)
    left = 100.0 * identity if x is None else x
    boxes = np.tile(np.array([left, 50, left + 40, 70], np.float32), (10, 1))
    return LabelledTracklet(video, identity, 1, 3, "", True, held, frames, boxes, np.ones(10, np.float32))


def content(tracklets: list[LabelledTracklet]) -> LabelContent:
    return LabelContent(VIDEOS, tuple(tracklets))


@settings(max_examples=20)
@given(st.sets(st.integers(1, 200), max_size=30), st.sets(st.integers(201, 400), max_size=30), st.integers(0, 9))
def test_a_share_is_held_of_identities_of_several_cameras_and_of_the_others(
    shared: set[int], single: set[int], seed: int
) -> None:
    rows = [tracklet(number, video) for number in shared for video in (0, 1)] + [tracklet(n, 0) for n in single]
    held = held_identities(VIDEOS, rows, earlier=[], share=0.5, seed=seed)
    assert (len(held & shared), len(held & single)) == (round(len(shared) / 2), round(len(single) / 2))


def test_the_identities_with_the_lowest_hashes_are_held() -> None:
    rows = [tracklet(number, 0) for number in (1, 2, 3, 4)]
    # sha256 of "0:1" begins with ef13, of "0:2" with 9328, of "0:3" with 76d3, of "0:4" with 48f0.
    held = held_identities(VIDEOS, rows, earlier=[], share=0.5, seed=0)
    assert held == {3, 4}


@settings(max_examples=20)
@given(st.integers(1, 12), st.integers(0, 12), st.floats(0, 0.9))
def test_a_vehicle_stays_where_it_was_whatever_it_is_called_later(before: int, more: int, share: float) -> None:
    rows = [tracklet(number, 0) for number in range(1, before + 1)]
    held = held_identities(VIDEOS, rows, earlier=[], share=0.5, seed=1)
    previous = content([replace(row, held=row.identity in held) for row in rows])
    renamed = [replace(row, identity=row.identity + 1000) for row in rows]
    new = [tracklet(number, 0) for number in range(500, 500 + more)]
    later = held_identities(VIDEOS, renamed + new, earlier=[previous], share=share, seed=7)
    assert {number - 1000 for number in later if number > 1000} == held


def test_an_identity_joined_from_a_held_and_a_trained_one_is_held() -> None:
    previous = content([tracklet(1, 0, held=True), tracklet(2, 1)])
    joined = [tracklet(2, 0, x=100.0), tracklet(2, 1)]
    assert held_identities(VIDEOS, joined, earlier=[previous], share=0.0, seed=0) == {2}


def test_an_identity_joined_from_a_held_and_a_trained_one_was_in_training_all_the_same() -> None:
    trained_on = content([tracklet(1, 0, held=True), tracklet(2, 1), tracklet(3, 0, held=True)])
    joined = content([tracklet(2, 0, x=100.0, held=True), tracklet(2, 1, held=True), tracklet(3, 0, held=True)])
    assert identities_in_training(joined, trained_on=[trained_on]) == {2}
    assert identities_in_training(trained_on, trained_on=[trained_on]) == {2}
    assert identities_in_training(joined, trained_on=[]) == set()


def test_a_vehicle_that_the_last_set_lacks_stays_where_an_older_one_had_it() -> None:
    oldest = content([tracklet(1, 0, held=True), tracklet(2, 0)])
    last = content([tracklet(3, 0)])
    back = [tracklet(1, 0), tracklet(2, 0), tracklet(3, 0)]
    assert held_identities(VIDEOS, back, earlier=[last, oldest], share=0.0, seed=0) == {1}
    assert held_identities(VIDEOS, back, earlier=[last, oldest], share=0.9, seed=0) == {1}


def test_two_videos_of_one_camera_are_not_several_cameras() -> None:
    """One vehicle of each kind, of which half is round(0.5) = 0; as one kind of two vehicles it would be one."""
    videos = (*VIDEOS, replace(VIDEOS[0], video=13))
    rows = [tracklet(1, 0), tracklet(1, 1), tracklet(2, 0), tracklet(2, 2)]
    assert held_identities(videos, rows, earlier=[], share=0.5, seed=0) == set()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), min_size=1, max_size=12), st.integers(0, 60))
def test_a_held_vehicle_is_known_again_whatever_else_is_in_its_video(
    others: list[tuple[int, int]], begins: int
) -> None:
    """Others come and go at any time, elsewhere in the picture; the held one drives alone on the left."""

    def spanning(row: LabelledTracklet, first: int, length: int) -> LabelledTracklet:
        frames = np.arange(first, first + length, dtype=np.int32)
        return replace(row, frames=frames, boxes=np.repeat(row.boxes[:1], length, axis=0), scores=np.ones(length))

    held = spanning(tracklet(1, 0, x=0.0, held=True), begins, 20)
    before = [spanning(tracklet(2 + place, 0), *span) for place, span in enumerate(others)]
    now = spanning(tracklet(900, 0, x=0.0), begins + 5, 20)
    assert held_identities(VIDEOS, [now], earlier=[content([*before, held])], share=0.0, seed=0) == {900}
    alone = held_identities(VIDEOS, [now], earlier=[content(before)], share=0.0, seed=0)
    assert alone == set()
