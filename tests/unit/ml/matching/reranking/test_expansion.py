import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from ml.matching.reranking.clusters import clustered, dbscan
from ml.matching.reranking.expansion import expanded_by_clusters, expanded_by_neighbours
from ml.types import Float2D


def line(*places: float) -> Float2D:
    return np.array(places, np.float32)[:, None]


def directions(*degrees: float) -> Float2D:
    angles = np.radians(degrees)
    return np.column_stack((np.cos(angles), np.sin(angles))).astype(np.float32)


@pytest.mark.parametrize(
    ("places", "least", "expected"),
    [
        ((0, 1, 2, 9), 2, [0, 0, 0, -1]),  # a chain; one alone
        ((0, 1, 2, 9), 1, [0, 0, 0, 1]),  # alone is a cluster where one is enough
        ((0, 1, 2, 3), 3, [0, 0, 0, 0]),  # 1 and 2 are cores, 0 and 3 within their reach
        ((9, 0, 8.5, 1), 2, [0, 1, 0, 1]),  # numbered by their first rows
        ((0, 1, 2, 3, 4), 4, [-1, -1, -1, -1, -1]),  # nobody has three others within reach
    ],
)
def test_dbscan_by_hand(places: tuple[float, ...], least: int, expected: list[int]) -> None:
    assert dbscan(line(*places), eps=1.0, least=least).tolist() == expected


def test_clusters_of_known_neighbours_by_hand() -> None:
    """0 and 2 reach 1 alone, and it both: a core of three, with two at its border; nobody reaches 3."""
    reach = sparse.csr_array(np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]))

    assert clustered(reach, least=4).tolist() == [-1, -1, -1, -1]
    assert clustered(reach, least=3).tolist() == [0, 0, 0, -1]
    assert clustered(reach, least=1).tolist() == [0, 0, 0, 1]


def test_a_row_between_two_clusters_is_of_that_whose_core_comes_first() -> None:
    """2 lies within reach of a core of either group, and has too few neighbours to be one and to join them."""
    left, middle, right = (0, 0.2, 0.5, 1), (2,), (3, 3.5, 3.8, 4)

    assert dbscan(line(*left, *middle, *right), eps=1.0, least=4).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=25), st.integers(0, 5), st.integers(1, 4))
def test_clusters_are_the_joined_cores_and_what_they_reach(places: list[int], eps: int, least: int) -> None:
    labels = dbscan(line(*places), eps=eps, least=least)
    near = np.abs(np.subtract.outer(places, places)) <= eps
    core = near.sum(axis=1) >= least

    assert ((labels >= 0) == (near & core).any(axis=1)).all()
    together = near & core & core[:, None]
    assert (labels[:, None] == labels)[together].all()
    gaps = np.flatnonzero(
        np.diff(sorted({place for place, is_core in zip(places, core, strict=True) if is_core})) > eps
    )
    assert len(set(labels[core].tolist())) == (len(gaps) + 1 if core.any() else 0)


def test_queries_of_a_cluster_become_its_mean() -> None:
    """0 and 20 degrees are within 0.4 of each other and look alike after; 90 is alone and stays."""
    found = expanded_by_clusters(directions(0, 90, 20), eps=0.4)

    assert found == pytest.approx(directions(10, 90, 10), abs=1e-6)


def test_mean_of_the_others_leaves_the_query_itself_out() -> None:
    found = expanded_by_clusters(directions(0, 20, 90), eps=0.4, with_self=False)

    assert found == pytest.approx(directions(20, 0, 90), abs=1e-6)


def test_a_cluster_of_one_stays_where_its_others_are_nobody() -> None:
    assert expanded_by_clusters(directions(30), eps=0.1, least=1, with_self=False) == pytest.approx(directions(30))


def test_neighbours_pull_a_query_towards_them() -> None:
    """The two nearest of 0 degrees are 30 and -30 degrees (their sum points at 0), then 90."""
    assert expanded_by_neighbours(directions(0), directions(90, 30, -30), k=2) == pytest.approx(directions(0), abs=1e-6)
    assert expanded_by_neighbours(directions(0), directions(90, 40), k=1) == pytest.approx(directions(20), abs=1e-6)


def test_alpha_weighs_neighbours_by_their_likeness() -> None:
    """q + cos(60)^2 g = (1, 0) + 0.25 (0.5, 0.866)."""
    expected = np.array([[1.125, 0.25 * np.sin(np.radians(60))]])

    found = expanded_by_neighbours(directions(0), directions(60), k=5, alpha=2)

    assert found == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
