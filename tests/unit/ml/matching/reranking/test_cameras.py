import numpy as np
import pytest

from ml.matching.reranking.cameras import (
    camera_and_orientation_bias,
    camera_bias_removed,
    camera_clusters,
    camera_verified,
    cluster_verified,
    inter_camera_fused,
)
from ml.types import Float2D, Int1D

INF = float("inf")


def cameras(*numbers: int) -> Int1D:
    return np.array(numbers, np.int32)


def rows(*values: tuple[float, ...]) -> Float2D:
    return np.array(values, np.float32)


def test_pictures_of_the_query_s_camera_are_taken_out() -> None:
    found = camera_verified(rows((1, 2, 3), (4, 5, 6)), cameras(0, 1), cameras(1, 0, 2))

    assert found.tolist() == [[1, INF, 3], [INF, 5, 6]]


def test_clusters_stand_for_cameras_and_noise_for_none() -> None:
    """Two looks of cameras, 0 and 90 degrees; the picture at 45 belongs to neither."""
    query, gallery = rows((2, 0), (1, 1)), rows((1, 0.1), (0, 1), (0.1, 1), (1, -0.1))

    labels = camera_clusters(query, gallery, eps=0.3, least=2)
    found = cluster_verified(np.ones((2, 4), np.float32), *labels)

    assert [side.tolist() for side in labels] == [[0, -1], [0, 1, 1, 0]]
    assert found.tolist() == [[INF, 1, 1, INF], [1, 1, 1, 1]]


def test_mean_of_the_gallery_s_camera_is_subtracted() -> None:
    """Camera 1 has mean (2, 1), camera 0 has (10, 0); half of it is taken off."""
    moved = camera_bias_removed(rows((5, 5)), rows((1, 0), (10, 0), (3, 2)), cameras(1), cameras(1, 0, 1), weight=0.5)

    assert moved[0].tolist() == [[4, 4.5]]
    assert moved[1].tolist() == [[0, -0.5], [5, 0], [2, 1.5]]


def test_inter_camera_fusion_by_hand() -> None:
    """X'X = diag(10, 0), n weight = 2 x 0.5, mean (2, 0): (4, 2) becomes (2/11, 2/1), normalised."""
    fused = inter_camera_fused(rows((4, 2)), rows((1, 0), (3, 0)), cameras(0), cameras(0, 0), weight=0.5)

    expected = np.array([2 / 11, 2])
    assert fused[0] == pytest.approx((expected / np.linalg.norm(expected))[None], abs=1e-6)
    assert fused[1] == pytest.approx(rows((-1, 0), (1, 0)), abs=1e-6)


def test_each_camera_has_a_look_of_its_own() -> None:
    rng = np.random.default_rng(0)
    query, gallery = rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(12, 3)).astype(np.float32)
    asking, there = cameras(0, 1, 0, 1), cameras(*[0, 1] * 6)

    both = inter_camera_fused(query, gallery, asking, there)
    alone = inter_camera_fused(query[::2], gallery[::2], asking[::2], there[::2])

    assert both[0][::2] == pytest.approx(alone[0], abs=1e-6)
    assert both[1][::2] == pytest.approx(alone[1], abs=1e-6)


def test_unlike_cameras_and_views_move_nearer() -> None:
    found = camera_and_orientation_bias(rows((1, 2)), camera=rows((0.5, 1)), orientation=rows((2, 0)))

    assert found == pytest.approx(rows((1 - 0.05 - 0.1, 2 - 0.1)))
    assert camera_and_orientation_bias(rows((1, 2))).tolist() == [[1, 2]]
