"""Tracklets as edits change them: worked examples on a tracklet of five boxes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.config.problems import BadInput
from backend.review.pieces import Part, Piece, cut, drawn, interpolated, swapped, trimmed, with_boxes


def piece(frames: list[int], *, tracklet: int = 1, number: int = 7) -> Piece:
    """Boxes of 10 x 10 at x = frame."""
    x = np.array(frames, np.float32)
    boxes = np.stack([x, np.zeros_like(x), x + 10, np.full_like(x, 10)], axis=1)
    scores = np.full(len(frames), 0.5, np.float32)
    return Piece(tracklet, 1, 1, number, 3, np.array(frames, np.int32), boxes, scores, tracklet, (Part(tracklet),))


def test_a_cut_keeps_the_number_on_the_longer_part() -> None:
    before, after = cut(piece([1, 2, 3, 5, 9]), 5)
    assert (before.frames.tolist(), before.number) == ([1, 2, 3], 7)
    assert (after.frames.tolist(), after.number) == ([5, 9], 0)
    assert (before.origin, after.origin) == ((Part(1, 0, 4),), (Part(1, 5),))


@pytest.mark.parametrize("frame", [0, 1, 10])
def test_a_cut_that_leaves_a_part_empty_is_refused(frame: int) -> None:
    with pytest.raises(BadInput, match="between 2 and 9"):
        cut(piece([1, 2, 3, 5, 9]), frame)


def test_a_swap_exchanges_what_comes_from_the_frame_on() -> None:
    one, other = swapped(piece([1, 2, 3]), piece([2, 3, 4], tracklet=2, number=8), 3)
    assert (one.frames.tolist(), one.number, one.origin) == ([1, 2, 3, 4], 7, (Part(1, 0, 2), Part(2, 3)))
    assert (other.frames.tolist(), other.number, other.origin) == ([2, 3], 8, (Part(2, 0, 2), Part(1, 3)))


def test_a_swap_that_changes_nothing_or_leaves_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="nothing to swap"):
        swapped(piece([1, 2]), piece([1, 2], tracklet=2), 5)
    with pytest.raises(BadInput, match="Nothing would be left"):
        swapped(piece([1, 2]), piece([5, 6], tracklet=2), 3)


def test_a_line_is_drawn_between_two_boxes() -> None:
    keys = [(10, (0.0, 0.0, 10.0, 10.0)), (14, (8.0, 4.0, 18.0, 14.0))]
    made = drawn(video=1, camera=1, category=3, keys=keys)
    assert made.frames.tolist() == [10, 11, 12, 13, 14]
    assert made.boxes[1].tolist() == [2, 1, 12, 11]
    assert made.made


def test_keys_out_of_order_are_refused() -> None:
    with pytest.raises(BadInput):
        drawn(video=1, camera=1, category=3, keys=[(5, (0.0, 0.0, 1.0, 1.0)), (5, (0.0, 0.0, 1.0, 1.0))])


def test_boxes_are_changed_added_and_taken_away() -> None:
    made = with_boxes(piece([1, 2, 3]), {2: (50.0, 0.0, 60.0, 10.0), 3: None, 9: (90.0, 0.0, 99.0, 9.0)})
    assert made.frames.tolist() == [1, 2, 9]
    assert made.boxes[:, 0].tolist() == [1, 50, 90]
    assert made.scores.tolist() == [0.5, 1, 1]
    with pytest.raises(BadInput, match="hide"):
        with_boxes(piece([1]), {1: None})


def test_a_gap_is_filled_with_a_line_and_its_ends_stay() -> None:
    made = interpolated(piece([1, 5]), 1, 5)
    assert made.frames.tolist() == [1, 2, 3, 4, 5]
    assert made.boxes[:, 0].tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(BadInput, match="both"):
        interpolated(piece([1, 5]), 1, 4)


def test_trimming_to_nothing_is_refused() -> None:
    assert trimmed(piece([1, 2, 3]), 2, 9).frames.tolist() == [2, 3]
    with pytest.raises(BadInput, match="hide"):
        trimmed(piece([1, 2, 3]), 4, 9)


frames_lists = st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True).map(sorted)


@given(frames_lists, frames_lists, st.integers(0, 31))
def test_no_box_is_lost_or_doubled_by_a_swap_or_a_cut(one: list[int], other: list[int], frame: int) -> None:
    pieces = [piece(one), replace(piece(other, tracklet=2), boxes=piece(other).boxes + 100)]
    outcomes = []
    for edit in (lambda: swapped(pieces[0], pieces[1], frame), lambda: (*cut(pieces[0], frame), pieces[1])):
        try:
            outcomes.append(edit())
        except BadInput:
            continue
    for made in outcomes:
        assert rows_of(made) == rows_of(pieces)


def rows_of(pieces: tuple[Piece, ...] | list[Piece]) -> list[tuple[float, ...]]:
    return sorted((*box, float(frame)) for each in pieces for frame, box in zip(each.frames, each.boxes, strict=True))
