import numpy as np
import pytest

from ml.matching.reranking.ensembles import averaged_views, combined_distances, concatenated
from ml.matching.reranking.measures import euclidean
from ml.types import Float2D


def rows(*values: tuple[float, ...]) -> Float2D:
    return np.array(values, np.float32)


def test_views_count_alike_however_long_their_features_are() -> None:
    """(0, 5) and (1, 0) are (0, 1) and (1, 0): their mean points at 45 degrees."""
    assert averaged_views([rows((0, 5)), rows((1, 0))]) == pytest.approx(rows((0.5**0.5, 0.5**0.5)))


def test_models_lie_side_by_side_each_normalised_and_weighted() -> None:
    found = concatenated([rows((3, 4)), rows((2,))], weights=[1, 0.5])

    assert found == pytest.approx(rows((0.6, 0.8, 0.5)))


def test_squared_distance_of_a_concatenation_is_the_weighted_sum_of_the_models_own() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(6, 4)).astype(np.float32), rng.normal(size=(6, 3)).astype(np.float32)

    both = concatenated([first, second], weights=[1, 2])

    parts = [concatenated([model]) for model in (first, second)]
    expected = euclidean(parts[0], parts[0]) ** 2 + 4 * euclidean(parts[1], parts[1]) ** 2
    assert euclidean(both, both) ** 2 == pytest.approx(expected, abs=1e-4)


def test_distances_are_averaged_by_weight() -> None:
    assert combined_distances([rows((1, 4)), rows((3, 8))], weights=[3, 1]).tolist() == [[1.5, 5]]
    assert combined_distances([rows((1, 4)), rows((3, 8))]).tolist() == [[2, 6]]
