import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.matching import candidate_pairs, links_from_cameras, roomy_links
from ml.matching.candidates import Pairs, fragment_link, link_pairs
from ml.types import CameraLink, CameraTracklet
from tests.unit.ml.matching.scene import tracklet


def listed(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@pytest.mark.parametrize(
    ("start_s", "linked"), [(14.9, False), (15.0, True), (30.0, True), (30.1, False), (2.0, False)]
)
def test_transit_runs_from_the_end_of_one_to_the_start_of_the_other(start_s: float, linked: bool) -> None:
    scene = [tracklet(1, "a", 0, 10), tracklet(2, "b", start_s, start_s + 5)]

    pairs = candidate_pairs(scene, [CameraLink("a", "b", 5, 20)])

    assert listed(pairs) == ([(0, 1)] if linked else [])


def test_overlapping_views_have_negative_transit() -> None:
    scene = [tracklet(1, "a", 0, 10), tracklet(2, "b", 7, 15)]

    assert listed(candidate_pairs(scene, [CameraLink("a", "b", -5, 0)])) == [(0, 1)]


def test_links_have_a_direction() -> None:
    scene = [tracklet(1, "b", 0, 10), tracklet(2, "a", 15, 20)]

    assert listed(candidate_pairs(scene, [CameraLink("a", "b", 0, 20)])) == []
    assert listed(candidate_pairs(scene, [CameraLink("b", "a", 0, 20)])) == [(0, 1)]


def test_pair_allowed_by_two_links_is_listed_once() -> None:
    scene = [tracklet(1, "a", 0, 10), tracklet(2, "b", 5, 20)]

    assert listed(candidate_pairs(scene, links_from_cameras(["a", "b"], window_s=60))) == [(0, 1)]


def test_no_tracklets_or_no_such_camera_give_no_pairs() -> None:
    assert len(candidate_pairs([], [CameraLink("a", "b", 0, 9)])) == 0
    assert len(candidate_pairs([tracklet(1, "a", 0, 1)], [CameraLink("a", "b", 0, 9)])) == 0


def test_default_links_join_neighbours_both_ways() -> None:
    links = links_from_cameras(["a", "b", "c"], window_s=30)

    assert [(link.source, link.target) for link in links] == [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")]
    assert {(link.min_s, link.max_s) for link in links} == {(-30, 30)}


def test_roomy_links_reach_the_next_two_cameras_both_ways() -> None:
    """From 3 s before the end of a tracklet to 90 s after it; d lies three places after a."""
    links = roomy_links("abcd")

    ends = [(link.source, link.target) for link in links]
    assert ends == [tuple(pair) for pair in ("ab", "ba", "ac", "ca", "bc", "cb", "bd", "db", "cd", "dc")]
    assert {(link.min_s, link.max_s) for link in links} == {(-3, 90)}


def test_pieces_of_a_track_are_linked_from_a_camera_to_itself() -> None:
    assert fragment_link("a", 60) == CameraLink("a", "a", 0, 60)


spans = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.integers(0, 10)), max_size=15)


def scene_of(listed_spans: list[tuple[str, int, int]]) -> list[CameraTracklet]:
    return [tracklet(key, camera, start, start + length) for key, (camera, start, length) in enumerate(listed_spans)]


@given(spans, st.integers(-10, 10), st.integers(0, 20))
def test_sorted_search_finds_what_comparing_all_finds(
    listed_spans: list[tuple[str, int, int]], low: int, width: int
) -> None:
    scene = scene_of(listed_spans)
    links = [CameraLink("a", "b", low, low + width), CameraLink("b", "c", low, low + width)]

    expected = {
        (min(i, j), max(i, j))
        for i, one in enumerate(scene)
        for j, other in enumerate(scene)
        for link in links
        if (one.camera, other.camera) == (link.source, link.target)
        and link.min_s <= other.start_s - one.end_s <= link.max_s
    }

    assert listed(candidate_pairs(scene, links)) == sorted(expected)


def test_many_tracklets_are_paired_without_comparing_all() -> None:
    """20,000 tracklets: all pairs would be 200 million."""
    scene = [tracklet(key, "ab"[key % 2], key, key + 2.0) for key in range(20_000)]

    pairs = candidate_pairs(scene, [CameraLink("a", "b", 0, 5)])

    transit = np.array([t.start_s for t in scene])[pairs.right] - np.array([t.end_s for t in scene])[pairs.left]
    assert len(pairs) == pytest.approx(3 * 10_000, abs=10)
    assert ((transit >= 0) & (transit <= 5)).all()


def test_a_tracklet_of_one_frame_is_not_paired_with_itself() -> None:
    """It begins when it ends, as a piece of the same track may."""
    rows = {"a": np.array([0, 1])}
    one, other = link_pairs(fragment_link("a", 60), rows, np.array([5.0, 5.0]), np.array([5.0, 5.0]))

    assert sorted(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (1, 0)]
