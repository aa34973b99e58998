"""What the steps make of features before they work on them."""

import numpy as np
import pytest

from ml.matching.reranking.checks import features_of, normalised, pair_of


def test_rows_are_divided_by_their_lengths_and_zeros_stay() -> None:
    """(3, 4) is 5 long."""
    found = normalised(np.array([[3, 4], [0, 0], [0, -2]], np.float32))

    assert found == pytest.approx(np.array([[0.6, 0.8], [0, 0], [0, -1]]))


def test_features_become_float32() -> None:
    wide = np.array([[1.5, 2.0]])

    found = features_of(wide, "picture")

    assert found.tolist() == [[1.5, 2]]
    assert found.dtype == np.float32
    assert [part.dtype for part in pair_of(wide, wide)] == [np.float32, np.float32]
