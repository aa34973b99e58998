import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.matching.reranking import neighbours
from ml.matching.reranking.k_reciprocal import add_jaccard, encoded, k_reciprocal
from ml.matching.reranking.neighbours import nearest, within
from ml.types import Float2D, UserError
from tests.published_reranking import published_k_reciprocal


def line(*places: float) -> Float2D:
    """One picture at each place of a line."""
    return np.array(places, np.float32)[:, None]


def whole(count: int, size: int, *, seed: int = 0, largest: int = 60) -> Float2D:
    """Features of whole numbers, whose distances are exact in float32 however they are summed."""
    return np.random.default_rng(seed).integers(-largest, largest, (count, size)).astype(np.float32)


def test_worked_example() -> None:
    """Query at 0, gallery at 1, 3 and 10; one neighbour each: only 0 and 1 are neighbours of each other."""
    a, b = np.exp(-1 / 100), np.exp(-1 / 81)  # squared distances over the largest of 0, and of 1
    shared = a / (1 + a) + b / (1 + b)

    found = k_reciprocal(line(0), line(1, 3, 10), k1=1, k2=1, lambda_=0.3)

    jaccard = 1 - shared / (2 - shared)
    assert found == pytest.approx(np.array([[0.7 * jaccard + 0.3 / 100, 0.7 + 0.3 * 9 / 100, 1]]), abs=1e-6)


def test_encoding_is_the_mean_of_the_nearest_encodings() -> None:
    """Of 0, 1 and 10, with k1 = k2 = 2: everybody is everybody's neighbour, and each mean is over two."""
    rows = [[1, np.exp(-0.01), np.exp(-1)], [np.exp(-1 / 81), 1, np.exp(-1)], [np.exp(-1), np.exp(-0.81), 1]]
    single = np.array(rows) / np.sum(rows, axis=1, keepdims=True)

    found = encoded(line(0, 1, 10), k1=2, k2=2).toarray()

    pairs = [(0, 1), (1, 0), (2, 1)]
    assert found == pytest.approx(np.array([(single[i] + single[j]) / 2 for i, j in pairs]), abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(3), abs=1e-6)


def test_jaccard_distance_by_hand() -> None:
    """Smaller values 0.25 and 0.5, larger ones 0.5 and 0.75: 1 - 0.75 / 1.25; nothing in common is 1."""
    from scipy import sparse

    left = sparse.csr_array(np.array([[0.25, 0.75, 0]], np.float32))
    right = sparse.csr_array(np.array([[0.5, 0.5, 0], [0, 0, 1]], np.float32))
    found = np.array([[1, 1]], np.float32)

    add_jaccard(found, left, right, weight=0.5)

    assert found == pytest.approx(np.array([[1.2, 1.5]]), abs=1e-6)


numbers = st.integers(-8, 8).map(np.float32)


@given(
    st.integers(1, 3).flatmap(
        lambda size: st.tuples(
            arrays(np.float32, st.tuples(st.integers(1, 6), st.just(size)), elements=numbers),
            arrays(np.float32, st.tuples(st.integers(1, 25), st.just(size)), elements=numbers),
        )
    ),
    st.integers(1, 12),
    st.integers(1, 8),
    st.sampled_from([0.0, 0.3, 0.6, 1.0]),
)
@settings(max_examples=60, deadline=None)
def test_equals_the_published_algorithm(pair: tuple[Float2D, Float2D], k1: int, k2: int, lambda_: float) -> None:
    query, gallery = pair
    assume(len(np.unique(np.concatenate(pair), axis=0)) > 1)

    expected = published_k_reciprocal(query, gallery, k1=k1, k2=k2, lambda_=lambda_)

    assert k_reciprocal(query, gallery, k1=k1, k2=k2, lambda_=lambda_) == pytest.approx(expected, abs=1e-5)


@pytest.fixture
def tile(monkeypatch: pytest.MonkeyPatch) -> int:
    """A tile so small that a few hundred pictures lie in several."""
    monkeypatch.setattr(neighbours, "TILE", 64)
    return 64


def test_equals_the_published_algorithm_over_several_tiles(tile: int) -> None:
    query, gallery = whole(tile + 6, 6), whole(4 * tile, 6, seed=1)

    expected = published_k_reciprocal(query, gallery, k1=20, k2=6, lambda_=0.3)
    found = k_reciprocal(query, gallery)

    assert found == pytest.approx(expected, abs=1e-5)
    assert found.dtype == np.float32


def test_order_of_the_gallery_does_not_matter() -> None:
    query, gallery = whole(5, 8), whole(60, 8, seed=1)
    order = np.random.default_rng(2).permutation(60)

    found = k_reciprocal(query, gallery[order], k1=6, k2=3)

    assert found == pytest.approx(k_reciprocal(query, gallery, k1=6, k2=3)[:, order], abs=1e-6)


def test_pictures_that_are_all_alike_are_all_at_nothing() -> None:
    assert k_reciprocal(line(1, 1), line(1, 1, 1), k1=5, k2=1).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_nearest_by_hand() -> None:
    """Squared distances of 0, 1, 3 and 10: 1, 9, 100 from the first; 1, 4, 81; 9, 4, 49; 100, 81, 49."""
    found = nearest(line(0, 1, 3, 10), 2)

    assert found.rows.tolist() == [[0, 1], [1, 0], [2, 1], [3, 2]]
    assert found.distances.tolist() == [[0, 1], [0, 1], [0, 4], [0, 49]]
    assert found.farthest.tolist() == [100, 81, 49, 100]


def test_within_by_hand() -> None:
    """0 and 1, 1 and 3 are at most 2 apart; 0 and 3 are not."""
    assert within(line(0, 1, 3), 2.0).toarray().tolist() == [[1, 1, 0], [1, 1, 1], [0, 1, 1]]


def test_nearest_are_those_of_whole_sorted_rows(tile: int) -> None:
    """More rows than a tile, many equally far: equals come in the order of their rows."""
    features, kept = whole(6 * tile, 2, largest=20), np.empty((tile + 9, 5 * tile - 9), np.float32)
    squared = ((features[:, None] - features) ** 2).sum(axis=2)
    np.fill_diagonal(squared, 0)

    found = nearest(features, 9, queries=kept)

    assert (found.rows == np.argsort(squared, axis=1, kind="stable")[:, :9]).all()
    assert (found.distances == np.sort(squared, axis=1)[:, :9]).all()
    assert (found.farthest == squared.max(axis=1)).all()
    assert (kept == squared[: tile + 9, tile + 9 :]).all()


def test_order_of_nearly_equal_neighbours_is_that_of_double_precision(tile: int) -> None:
    """Far from 0, where sums of float32 have lost what tells distances apart."""
    features = (whole(5 * tile, 40, largest=8) / 7 + 20).astype(np.float32)
    exact = ((features.astype(np.float64)[:, None] - features) ** 2).sum(axis=2)

    found = nearest(features, 12)

    assert (found.rows == np.argsort(exact, axis=1, kind="stable")[:, :12]).all()


def test_more_near_pairs_than_memory_holds_are_refused(tile: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "MOST_PAIRS", 10_000)
    monkeypatch.setattr(neighbours, "MOST_EACH", 50)

    assert within(whole(150, 2), 1.0).sum() >= 150
    with pytest.raises(UserError, match="of 150 pictures more than 10000 pairs are near each other; choose a smaller"):
        within(whole(150, 2), 1000.0)


def test_within_finds_every_pair_at_the_distance(tile: int) -> None:
    features = whole(3 * tile + 5, 2, largest=30)

    found = within(features, 5.0).toarray()

    assert ((found > 0) == (((features[:, None] - features) ** 2).sum(axis=2) <= 25)).all()
