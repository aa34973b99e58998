from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching.search import Wanted, nearest, nearest_tracklets
from ml.types import CameraTracklet, Float2D, UserError


def looks(*degrees: float) -> Float2D:
    angles = np.radians(degrees)
    return np.column_stack((np.cos(angles), np.sin(angles))).astype(np.float32)


def tracklet(key: int, camera: str, start_s: float, degrees: float) -> CameraTracklet:
    look = looks(degrees)
    return CameraTracklet(key, camera, start_s, start_s + 5, look[0], look)


SCENE = [
    tracklet(1, "a", 0, 0),
    tracklet(2, "a", 10, 40),
    tracklet(3, "b", 20, 10),
    tracklet(4, "b", 30, 80),
]


def test_the_most_similar_rows_come_first_and_equal_ones_by_row() -> None:
    found = nearest(looks(0, 90), looks(30, 60, 30, 80), top=3)
    assert found.rows.tolist() == [[0, 2, 1], [3, 1, 0]]
    np.testing.assert_allclose(found.similarities[0], np.cos(np.radians([30, 30, 60])), atol=1e-6)


def test_a_small_gallery_gives_all_it_has() -> None:
    assert nearest(looks(0), looks(5, 3), top=9).rows.tolist() == [[1, 0]]
    assert nearest(looks(0), looks(), top=9).rows.shape == (1, 0)


@given(st.lists(st.integers(0, 359), min_size=1, max_size=40), st.integers(1, 12), st.integers(1, 12))
def test_block_by_block_finds_what_sorting_everything_finds(degrees: list[int], top: int, block: int) -> None:
    gallery, query = looks(*degrees), looks(17)
    found = nearest(query, gallery, top=top, block=block)
    cosines = (query @ gallery.T)[0]
    np.testing.assert_allclose(found.similarities[0], np.sort(cosines)[::-1][:top], atol=1e-6)
    np.testing.assert_allclose(cosines[found.rows[0]], found.similarities[0], atol=1e-6)


def test_tracklets_come_with_the_cosines_of_their_looks() -> None:
    """They look at 0, 10 and 40 degrees from the one that is asked for."""
    found = nearest_tracklets(looks(0)[0], SCENE, top=3)

    assert [index for index, _ in found] == [0, 2, 1]
    assert [cosine for _, cosine in found] == pytest.approx([1, 0.9848, 0.7660], abs=1e-4)


def test_tracklets_are_found_within_cameras_and_times() -> None:
    def keys(wanted: Wanted) -> list[int]:
        return [SCENE[index].key for index, _ in nearest_tracklets(looks(0)[0], SCENE, top=9, wanted=wanted)]

    assert keys(Wanted()) == [1, 3, 2, 4]
    assert keys(Wanted(cameras=frozenset({"b"}))) == [3, 4]
    assert keys(Wanted(from_s=14, to_s=20)) == [3, 2]
    assert keys(Wanted(from_s=16, to_s=19)) == []


@pytest.mark.parametrize(
    ("query", "gallery", "top", "code"),
    [
        (looks(0), looks(1), 0, "no-results-wanted"),
        (np.ones((1, 3), np.float32), looks(1), 1, "mixed-embeddings"),
        (looks(0) * np.nan, looks(1), 1, "broken-embedding"),
        (looks(0), looks(1) * np.inf, 1, "broken-embedding"),
    ],
)
def test_a_search_that_cannot_be_done_is_refused(query: Float2D, gallery: Float2D, top: int, code: str) -> None:
    with pytest.raises(UserError) as refused:
        nearest(query, gallery, top=top)
    assert refused.value.code == code


def test_a_camera_without_tracklets_is_named() -> None:
    with pytest.raises(UserError, match="there is no tracklet of camera z; there are a, b") as refused:
        nearest_tracklets(looks(0)[0], SCENE, top=1, wanted=Wanted(cameras=frozenset({"z", "a"})))
    assert refused.value.code == "unknown-camera"
