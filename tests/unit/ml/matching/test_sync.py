from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching import MatcherConfig, Pairs, SyncResult, electricity_sync, links_from_cameras
from ml.matching.sync import joinable
from ml.types import CameraLink, CameraTracklet, UserError
from tests.unit.ml.matching.scene import chord, tracklet

PLAIN = MatcherConfig(max_thresh=chord(40), sync_thresh=chord(20), mutual=False, camera_bias=0)


def synced(scene: list[CameraTracklet], config: MatcherConfig = PLAIN, **links: Any) -> SyncResult:
    cameras = sorted({one.camera for one in scene})
    return electricity_sync(scene, links_from_cameras(cameras, window_s=1000), config=config, **links)


def test_alike_tracklets_of_linked_cameras_are_one_identity() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 10), tracklet(3, "b", 20, 29, 90)]

    result = synced(scene)

    assert result.labels.tolist() == [0, 0, 1]
    assert (result.pairs.left.tolist(), result.pairs.right.tolist()) == ([0, 0], [1, 2])
    assert result.pairs.joined.tolist() == [True, False]
    np.testing.assert_allclose(result.pairs.distance_ab, [chord(10), chord(90)], atol=1e-5)


def test_both_distances_must_be_small() -> None:
    """d(q_a, T_b) is 5 degrees but d(q_b, T_a) 26."""
    scene = [tracklet(1, "a", 0, 9, 0, 2, 4), tracklet(2, "b", 20, 29, 7, 30, 53)]

    result = synced(scene)

    assert result.pairs.distance_ab[0] == pytest.approx(chord(5), abs=1e-4)
    assert result.pairs.distance_ba[0] == pytest.approx(chord(26), abs=1e-4)
    assert result.labels.tolist() == [0, 1]


def test_cameras_without_a_link_are_not_compared() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 90), tracklet(3, "c", 40, 49, 0)]

    assert synced(scene).labels.tolist() == [0, 1, 2]


def test_identity_goes_on_through_the_cameras() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 8), tracklet(3, "c", 40, 49, 16)]

    assert synced(scene).labels.tolist() == [0, 0, 0]


def test_tracklets_far_from_everything_take_no_part() -> None:
    """With max_thresh below sync_thresh the pair at 10 degrees is left alone, the one at 3 is joined."""
    scene = [
        tracklet(1, "a", 0, 9, 0),
        tracklet(2, "b", 20, 29, 10),
        tracklet(3, "a", 0, 9, 180),
        tracklet(4, "b", 20, 29, 183),
    ]

    result = synced(scene, MatcherConfig(max_thresh=chord(5), sync_thresh=chord(20), mutual=False, camera_bias=0))

    assert result.labels.tolist() == [0, 1, 2, 2]


def test_two_vehicles_seen_at_one_time_in_one_camera_stay_two() -> None:
    """Both of camera b are near the one of a: the nearer gets it."""
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 10), tracklet(3, "b", 25, 33, 6)]

    result = synced(scene)

    assert result.labels.tolist() == [0, 1, 0]
    assert result.pairs.eligible.tolist() == [True, True]
    assert result.pairs.joined.tolist() == [False, True]


def test_one_after_the_other_in_one_camera_may_be_one_vehicle() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 24, 10), tracklet(3, "b", 25, 33, 6)]

    assert synced(scene).labels.tolist() == [0, 0, 0]


def test_mutual_joins_only_the_nearest_of_each_other() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 24, 10), tracklet(3, "b", 25, 33, 6)]

    mutual = MatcherConfig(max_thresh=2, sync_thresh=chord(20), mutual=True, camera_bias=0)

    assert synced(scene, mutual).labels.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("max_thresh", "sync_thresh", "mutual", "expected"),
    [
        (1.0, 0.8, False, [True, True]),  # the larger distances of the pairs are 0.7 and 0.6
        (1.0, 0.65, False, [False, True]),
        (0.65, 0.8, False, [False, True]),  # the first pair's second is 0.7 from its nearest
        (0.45, 0.8, False, [False, False]),  # and 0.5 is the nearest of the tracklet that both pairs share
        (1.0, 0.8, True, [False, True]),  # which has one nearest in that camera
    ],
)
def test_pairs_that_may_be_joined_by_hand(
    max_thresh: float, sync_thresh: float, mutual: bool, expected: list[bool]
) -> None:
    scene = [tracklet(1, "a", 0, 9), tracklet(2, "b", 20, 24), tracklet(3, "b", 25, 33)]
    pairs = Pairs(np.array([0, 0], np.int32), np.array([1, 2], np.int32))
    forth, back = np.array([0.5, 0.6], np.float32), np.array([0.7, 0.4], np.float32)
    config = MatcherConfig(max_thresh=max_thresh, sync_thresh=sync_thresh, mutual=mutual)

    assert joinable(scene, pairs, forth, back, config).tolist() == expected


def test_people_decide_before_the_machine() -> None:
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 1), tracklet(3, "b", 20, 29, 90)]

    result = synced(scene, must_links=np.array([[0, 2]]))
    assert result.labels.tolist() == [0, 1, 0]

    result = synced(scene, cannot_links=np.array([[1, 0]]))
    assert result.labels.tolist() == [0, 1, 2]

    result = synced(scene, must_links=np.array([[1, 2]]))
    assert result.refused_must_links.tolist() == [True]


def test_empty_scene_has_no_identities() -> None:
    result = electricity_sync([], [], config=PLAIN)

    assert len(result.labels) == len(result.pairs.left) == 0


@pytest.mark.parametrize("setting", [{"max_thresh": -1}, {"sync_thresh": 3}, {"camera_bias": 2}])
def test_bad_settings_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=next(iter(setting))):
        MatcherConfig(**setting)


spans = st.tuples(
    st.sampled_from("abc"), st.integers(0, 60), st.integers(0, 9), st.lists(st.integers(0, 90), min_size=1, max_size=3)
)


@settings(deadline=None)
@given(st.lists(spans, max_size=12), st.booleans(), st.randoms(use_true_random=False))
def test_no_overlap_in_any_identity_and_order_does_not_matter(
    listed: list[tuple[str, int, int, list[int]]], mutual: bool, random: Random
) -> None:
    scene = [tracklet(key, camera, start, start + n, *angles) for key, (camera, start, n, angles) in enumerate(listed)]
    config = MatcherConfig(max_thresh=1.5, sync_thresh=0.8, mutual=mutual, camera_bias=0.5)
    shuffled = scene.copy()
    random.shuffle(shuffled)
    result, other = synced(scene, config), synced(shuffled, config)

    def identities(labels: np.ndarray, of: list[CameraTracklet]) -> set[frozenset[int]]:
        return {frozenset(of[row].key for row in np.flatnonzero(labels == label)) for label in set(labels.tolist())}

    assert identities(result.labels, scene) == identities(other.labels, shuffled)
    for i, one in enumerate(scene):
        for j, two in enumerate(scene[:i]):
            if one.camera == two.camera and one.start_s <= two.end_s and two.start_s <= one.end_s:
                assert result.labels[i] != result.labels[j]


def test_a_chain_does_not_put_a_vehicle_into_two_separate_views_at_one_time() -> None:
    """Both a's and c's vehicle look like b's, but a and c are seen at one time: the nearer one gets b."""
    scene = [tracklet(1, "a", 0, 9, 0), tracklet(2, "b", 20, 29, 2), tracklet(3, "c", 0, 9, 5)]
    links = [CameraLink("a", "b", 0, 60), CameraLink("c", "b", 0, 60)]

    assert electricity_sync(scene, links, config=PLAIN).labels.tolist() == [0, 0, 1]
