"""Identity numbers and submissions."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.pipeline.match import numbered_by_appearance


def test_identities_are_numbered_by_their_first_appearance() -> None:
    labels = np.array([5, 2, 5, 9], np.int32)
    starts = np.array([3.0, 1.0, 0.5, 2.0])
    assert numbered_by_appearance(labels, starts).tolist() == [1, 2, 1, 3]


def test_no_tracklets_have_no_identities() -> None:
    assert numbered_by_appearance(np.zeros(0, np.int32), np.zeros(0)).tolist() == []


@given(entries=st.lists(st.tuples(st.integers(0, 5), st.floats(0, 100)), min_size=1, max_size=20))
def test_numbers_keep_the_groups_and_have_no_gaps(entries: list[tuple[int, float]]) -> None:
    labels = np.array([label for label, _ in entries], np.int32)
    starts = np.array([start for _, start in entries])
    numbers = numbered_by_appearance(labels, starts)
    assert ((labels[:, None] == labels) == (numbers[:, None] == numbers)).all()
    assert sorted(set(numbers.tolist())) == list(range(1, len(set(labels.tolist())) + 1))
    firsts = [starts[numbers == number].min() for number in sorted(set(numbers.tolist()))]
    assert firsts == sorted(firsts)
