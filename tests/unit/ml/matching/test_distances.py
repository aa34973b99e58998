from dataclasses import replace

import numpy as np
import pytest

from ml.matching import distances as module
from ml.matching.distances import query_distances, query_gallery
from ml.types import CameraTracklet, Float1D, Int1D, UserError
from tests.unit.ml.matching.scene import chord, tracklet


def rows(*values: int) -> Int1D:
    return np.array(values, np.int32)


def between(scene: list[CameraTracklet], one: int, other: int) -> float:
    return float(query_distances(query_gallery(scene), rows(one), rows(other))[0])


def test_query_is_the_view_nearest_the_mean_and_the_rest_is_the_gallery() -> None:
    split = query_gallery([tracklet(1, "a", 0, 1, 0, 20, 70), tracklet(2, "b", 0, 1, 45)])

    np.testing.assert_allclose(split.queries[0], [np.cos(np.radians(20)), np.sin(np.radians(20))], atol=1e-6)
    assert split.starts.tolist() == [0, 2, 3]
    np.testing.assert_allclose(split.queries[1], split.gallery[2])


def test_distance_is_to_the_nearest_gallery_view() -> None:
    """q_0 looks at 20 degrees; the gallery of 1 at 50 and 90 (its query at 60 is not in it), and so on."""
    scene = [tracklet(1, "a", 0, 1, 0, 20, 41), tracklet(2, "b", 0, 1, 50, 60, 90)]

    assert between(scene, 0, 1) == pytest.approx(chord(30), abs=1e-5)
    assert between(scene, 1, 0) == pytest.approx(chord(19), abs=1e-5)


def test_pairs_in_chunks_are_the_same_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    scene = [tracklet(key, "a", 0, 1, *rng.uniform(0, 360, 1 + key % 4)) for key in range(12)]
    split = query_gallery(scene)
    one, other = (part.ravel().astype(np.int32) for part in np.indices((12, 12)))

    whole: Float1D = query_distances(split, one, other)
    monkeypatch.setattr(module, "CHUNK_ROWS", 3)

    np.testing.assert_allclose(query_distances(split, one, other), whole)
    expected = [
        min(np.linalg.norm(split.queries[i] - view) for view in split.gallery[split.starts[j] : split.starts[j + 1]])
        for i, j in zip(one, other, strict=True)
    ]
    np.testing.assert_allclose(whole, expected, atol=1e-3)


def test_camera_mean_is_subtracted_and_the_rest_normalised() -> None:
    """Views (1, 0) and (0, 1): mean (1/2, 1/2), share of two (2 - 1) / 2, so (1, 0) becomes (3/4, -1/4), normalised."""
    scene = [tracklet(1, "a", 0, 1, 0), tracklet(2, "a", 0, 1, 90), tracklet(3, "b", 0, 1, 90)]

    queries = query_gallery(scene, camera_bias=1.0).queries

    np.testing.assert_allclose(queries[0], np.array([3, -1]) / np.sqrt(10), atol=1e-6)
    np.testing.assert_allclose(queries[1], np.array([-1, 3]) / np.sqrt(10), atol=1e-6)


def test_a_lone_tracklet_of_its_camera_keeps_its_look() -> None:
    scene = [tracklet(1, "a", 0, 1, 10, 20), tracklet(2, "b", 0, 1, 40)]

    np.testing.assert_allclose(query_gallery(scene, camera_bias=1.0).queries, query_gallery(scene).queries, atol=1e-6)


def test_tracklets_without_views_or_of_two_models_are_refused() -> None:
    bare = CameraTracklet(7, "a", 0, 1, np.ones(2, np.float32), np.zeros((0, 2), np.float32))
    with pytest.raises(UserError, match="tracklet 7"):
        query_gallery([tracklet(1, "a", 0, 1), bare])

    wide = CameraTracklet(8, "a", 0, 1, np.ones(3, np.float32), np.ones((1, 3), np.float32))
    with pytest.raises(UserError) as refusal:
        query_gallery([tracklet(1, "a", 0, 1), wide])
    assert refusal.value.code == "mixed-embeddings"


def test_a_view_that_is_no_number_is_refused() -> None:
    """It would spoil the mean look of its whole camera."""
    broken = replace(tracklet(7, "a", 0, 1), views=np.array([[np.nan, 1]], np.float32))

    with pytest.raises(UserError, match="tracklet 7") as refusal:
        query_gallery([tracklet(1, "a", 0, 1), broken], camera_bias=0.25)
    assert refusal.value.code == "broken-embedding"
