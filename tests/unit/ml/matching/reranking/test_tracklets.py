import numpy as np
import pytest

from ml.matching.reranking.k_reciprocal import k_reciprocal
from ml.matching.reranking.tracklets import (
    average_features,
    dense_tracklets,
    mixed_with_tracklet,
    nearest_frame,
    tracklet_distances,
    tracklet_k_reciprocal,
    weighted_features,
)
from ml.types import Float2D


def rows(*values: tuple[float, ...]) -> Float2D:
    return np.array(values, np.float32)


QUERY = rows((0,), (5,))
GALLERY = rows((0.1,), (9,), (0.3,), (12,))
TRACKLETS = np.array([0, 1, 0, 1])


def test_tracklets_are_numbered_anew_and_the_unknown_are_alone() -> None:
    assert dense_tracklets(np.array([70, -1, 7, 70, -1])).tolist() == [3, 1, 2, 3, 0]


def test_average_features_by_hand() -> None:
    assert average_features(QUERY, GALLERY, TRACKLETS) == pytest.approx(rows((0.2,), (10.5,)))


def test_weighted_features_by_hand() -> None:
    """Tracklet 0: only the query at 0 is near, A = 0.1, 0.3. Tracklet 1: none is, 5 is nearest of all: A = 4, 7."""
    near, far = np.array([1 / 0.11, 1 / 0.31]), np.array([1 / 4.01, 1 / 7.01])
    expected = [[(0.1 * near[0] + 0.3 * near[1]) / near.sum()], [(9 * far[0] + 12 * far[1]) / far.sum()]]

    assert weighted_features(QUERY, GALLERY, TRACKLETS, measure="euclidean") == pytest.approx(np.array(expected))


def test_mean_of_all_queries_that_are_near_makes_the_weights() -> None:
    """Both queries are within 10: A of tracklet 0 is the mean of 0.1 and 4.9, and of 0.3 and 4.7: 2.5 for either."""
    found = weighted_features(QUERY, GALLERY, TRACKLETS, threshold=10, measure="euclidean")

    assert found[0] == pytest.approx([0.2])


def test_tracklet_re_ranking_is_that_of_its_features_for_each_of_its_pictures() -> None:
    found = tracklet_k_reciprocal(QUERY, GALLERY, np.array([7, 3, 7, 3]), pooling=average_features, k1=1, k2=1)

    assert found == pytest.approx(k_reciprocal(QUERY, rows((0.2,), (10.5,)), k1=1, k2=1)[:, TRACKLETS])


def test_tracklet_re_ranking_by_hand() -> None:
    """Query at 0, tracklets at 1 (0.5 and 1.5), 3 and 10; one neighbour each: only 0 and 1 are each other's.

    V_0 = (1, a) / (1 + a), a = exp(-1/100); V_1 = (b, 1) / (1 + b), b = exp(-1/81). The smaller values are
    b / (1 + b) = 0.496914 and a / (1 + a) = 0.497500, 0.994414 in all: d_J = 1 - 0.994414 / 1.005586 = 0.011110.
    """
    gallery, tracklets = rows((0.5,), (3,), (1.5,), (10,)), np.array([7, 3, 7, -1])

    found = tracklet_k_reciprocal(rows((0,)), gallery, tracklets, pooling=average_features, k1=1, k2=1, lambda_=0.3)

    first = 0.7 * 0.011110 + 0.3 * 1 / 100
    assert found == pytest.approx(rows((first, 0.7 + 0.3 * 9 / 100, first, 1)), abs=1e-5)


def test_image_to_tracklet_distance_is_that_of_the_feature() -> None:
    found = tracklet_distances(QUERY, GALLERY, TRACKLETS, pooling=average_features, measure="euclidean")

    assert found == pytest.approx(rows((0.2, 10.5, 0.2, 10.5), (4.8, 5.5, 4.8, 5.5)), abs=1e-5)


def test_nearest_frame_speaks_for_its_tracklet() -> None:
    distances = rows((4, 2, 3, 1), (1, 5, 6, 7))

    assert nearest_frame(distances, np.array([0, 9, 0, -1])).tolist() == [[3, 2, 3, 1], [1, 5, 1, 7]]


def test_mixing_keeps_a_share_of_the_picture() -> None:
    """0.3 f + 0.7 t: pictures at 0 and 10 of one tracklet move to 3.5 and 6.5; a picture alone stays."""
    found = mixed_with_tracklet(rows((0,), (10,), (4,)), np.array([1, 1, -1]), own=0.3)

    assert found == pytest.approx(rows((3.5,), (6.5,), (4,)))
