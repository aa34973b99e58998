import numpy as np
import pytest

from ml.matching.reranking.measures import cosine, euclidean, measured
from ml.types import Float2D, UserError

QUERY: Float2D = np.array([[3, 4], [0, 2]], np.float32)
GALLERY: Float2D = np.array([[0, 0], [3, 0], [6, 8]], np.float32)


def test_euclidean_by_hand() -> None:
    assert euclidean(QUERY, GALLERY) == pytest.approx(np.array([[5, 4, 5], [2, 13**0.5, 72**0.5]]), abs=1e-6)


def test_cosine_by_hand() -> None:
    """A picture of zeros looks nowhere: it is at right angles to all."""
    assert cosine(QUERY, GALLERY) == pytest.approx(np.array([[1, 1 - 0.6, 0], [1, 1, 1 - 0.8]]), abs=1e-6)


def test_equal_pictures_are_at_nothing_or_nearly() -> None:
    features = np.random.default_rng(0).normal(size=(20, 64)).astype(np.float32)

    assert np.diag(euclidean(features, features)) == pytest.approx(np.zeros(20), abs=1e-2)
    assert np.diag(cosine(features, features)) == pytest.approx(np.zeros(20), abs=1e-6)


def test_a_measure_is_taken_by_its_name() -> None:
    """(3, 4) and (6, 8): 5 apart, and on one line."""
    assert measured(QUERY[:1], GALLERY[2:], "euclidean") == pytest.approx(np.array([[5]]))
    assert measured(QUERY[:1], GALLERY[2:], "cosine") == pytest.approx(np.array([[0]]), abs=1e-6)


def test_unknown_measure_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match="the distance is 'manhattan'; choose from euclidean, cosine"):
        measured(QUERY, GALLERY, "manhattan")
