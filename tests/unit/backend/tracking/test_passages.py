"""A tracklet's frames as stretches without gaps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.tracking.passages import spans_of


@pytest.mark.parametrize(
    ("frames", "spans"),
    [
        ([], []),
        ([7], [[7, 7]]),
        ([3, 4, 5], [[3, 5]]),
        ([3, 4, 6, 9, 10], [[3, 4], [6, 6], [9, 10]]),
    ],
)
def test_a_gap_ends_one_stretch_and_begins_another(frames: list[int], spans: list[list[int]]) -> None:
    assert spans_of(np.array(frames, np.int32)) == spans


@given(st.sets(st.integers(0, 60), max_size=40))
def test_stretches_hold_the_frames_and_nothing_else(frames: set[int]) -> None:
    spans = spans_of(np.array(sorted(frames), np.int32))
    assert {frame for first, last in spans for frame in range(first, last + 1)} == frames
    assert all(after[0] > before[1] + 1 for before, after in pairwise(spans))
