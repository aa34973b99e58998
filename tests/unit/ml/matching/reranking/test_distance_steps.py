"""Attributes, groups and time windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.reranking.attributes import attribute_constrained
from ml.matching.reranking.groups import grouped_queries, whole_tracklets
from ml.matching.reranking.windows import within_window
from ml.types import Float2D

INF = float("inf")


def rows(*values: tuple[float, ...]) -> Float2D:
    return np.array(values, np.float32)


@pytest.mark.parametrize(
    ("gallery", "expected"),
    [((4, 7), 1.0), ((5, 7), 1.25), ((4, 8), 1.5), ((5, 8), 1.75), ((-1, 8), 1.5), ((5, -1), 1.25), ((-1, -1), 1.0)],
)
def test_attributes_that_differ_push_apart(gallery: tuple[int, int], expected: float) -> None:
    """The query is of type 4 and colour 7; types cost 0.25, colours 0.5, both both, the unknown nothing."""
    query, other = (np.array([4]), np.array([7])), (np.array([gallery[0]]), np.array([gallery[1]]))

    found = attribute_constrained(rows((1,)), query, other, type_penalty=0.25, colour_penalty=0.5)

    assert found.tolist() == [[expected]]


def test_a_query_of_unknown_attributes_differs_from_nobody() -> None:
    unknown, known = (np.array([-1]), np.array([-1])), (np.array([1, 2]), np.array([3, 4]))

    found = attribute_constrained(rows((1, 2)), unknown, known, type_penalty=1, colour_penalty=1)

    assert found.tolist() == [[1, 2]]


def test_near_queries_share_their_mean() -> None:
    """0 and 1 are near, 1 and 2 too: one group; 9 is alone."""
    found = grouped_queries(rows((0,), (9,), (1,), (2,)), theta=1)

    assert found.tolist() == [[1], [9], [1], [1]]


def test_a_whole_tracklet_follows_its_first_hit() -> None:
    """Distances 1 to 5 of tracklets a b a b c, theta 1.5: the picture at 1 brings the one at 3; then 2, 4, 5."""
    found = whole_tracklets(rows((1, 2, 3, 4, 5)), np.array([7, 8, 7, 8, 9]), theta=1.5)

    assert found.tolist() == [[0, 2, 1, 3, 4]]


def test_later_hits_bring_their_tracklets_after_the_earlier_ones() -> None:
    """theta 2.5: 1 brings 3, then 2 brings 4."""
    assert whole_tracklets(rows((1, 2, 3, 4)), np.array([0, 1, 0, 1]), theta=2.5).tolist() == [[0, 2, 1, 3]]


def test_equally_near_tracklets_stay_whole_and_in_the_gallery_s_order() -> None:
    assert whole_tracklets(rows((1, 1, 2, 2)), np.array([0, 1, 1, 0]), theta=1.5).tolist() == [[0, 2, 3, 1]]


def test_what_was_taken_out_is_not_brought_back() -> None:
    assert whole_tracklets(rows((1, 2, INF)), np.array([0, 1, 0]), theta=1.5).tolist() == [[0, 1, INF]]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-1, 4)), min_size=1, max_size=20), st.integers(0, 10))
def test_whole_tracklets_is_a_walk_down_the_ranking(pictures: list[tuple[int, int]], theta: int) -> None:
    distances, tracklets = (np.array(column) for column in zip(*pictures, strict=True))

    places = whole_tracklets(distances[None].astype(np.float32), tracklets, theta=theta)[0]

    expected: list[int] = []
    for picture in np.argsort(distances, kind="stable").tolist():
        if picture in expected:
            continue
        expected.append(picture)
        if distances[picture] < theta and tracklets[picture] >= 0:
            rest = np.flatnonzero(tracklets == tracklets[picture])
            expected += [one for one in rest[np.argsort(distances[rest], kind="stable")].tolist() if one != picture]
    assert np.argsort(places).tolist() == expected


def test_pictures_outside_of_the_window_are_taken_out() -> None:
    found = within_window(rows((1, 2, 3, 4)), np.array([100.0]), np.array([89.9, 90.0, 110.0, 110.1]), tau_s=10)

    assert found.tolist() == [[INF, 2, 3, INF]]
