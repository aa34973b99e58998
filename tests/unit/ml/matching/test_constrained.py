from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching import MatcherConfig, SyncResult, constrained_sync, roomy_links, synchronise
from ml.matching.blocks import block_pairs
from ml.matching.columns import Columns
from ml.matching.strategies import default_links
from ml.types import CameraLink, CameraTracklet, UserError
from tests.unit.ml.matching.road import road
from tests.unit.ml.matching.scene import LONE_PAIR, chord, lone_pair, lone_pair_terms, tracklet

OURS = MatcherConfig(strategy="constrained", join_probability=0.5)


def synced(scene: list[CameraTracklet], config: MatcherConfig = OURS, **decisions: Any) -> SyncResult:
    cameras = sorted({one.camera for one in scene})
    return constrained_sync(scene, roomy_links(cameras), config=config, **decisions)


def test_vehicles_are_followed_through_the_cameras() -> None:
    result = synced(road(vehicles=8, cameras="abc"))

    assert result.labels.tolist() == [*range(8)] * 3
    own = result.labels[result.pairs.left] == result.labels[result.pairs.right]
    assert (result.pairs.joined == own).all()
    assert result.pairs.probability is not None
    assert (result.pairs.eligible == (result.pairs.probability >= 0.5)).all()


def test_a_pair_alone_by_hand() -> None:
    """It is joined where its probability reaches that of joining, and not where that lies a little above."""
    odds = np.exp(sum(lone_pair_terms().values()))
    chance = odds / (1 + odds)

    joined, apart = (synced(lone_pair(), replace(OURS, join_probability=chance * share)) for share in (0.99, 1.01))

    assert joined.pairs.probability == pytest.approx([chance], rel=1e-5)
    assert (joined.labels.tolist(), apart.labels.tolist()) == ([0, 0], [0, 1])
    assert (joined.pairs.eligible.tolist(), apart.pairs.eligible.tolist()) == ([True], [False])


def test_either_strategy_by_hand() -> None:
    """Looks 60 degrees apart have a distance of 1, and are hardly one vehicle's: more than one in 100, not one in 2."""
    assert chord(LONE_PAIR) == pytest.approx(1)

    def labels(**setting: Any) -> list[int]:
        config = MatcherConfig(**{"max_thresh": 2.0, **setting})
        return [int(one) for one in synchronise(lone_pair(), roomy_links("ab"), config=config).labels]

    assert labels(strategy="electricity", sync_thresh=1.01) == [0, 0]
    assert labels(strategy="electricity", sync_thresh=0.99) == [0, 1]
    assert labels(strategy="constrained", join_probability=0.01) == [0, 0]
    assert labels(strategy="constrained", join_probability=0.5) == [0, 1]


def test_scenes_without_links_have_those_of_their_strategy() -> None:
    """60 s either way for the paper's; from 3 s before to 90 s after an end for ours."""
    paper, ours = (default_links(MatcherConfig(strategy=name), "ab") for name in ("electricity", "constrained"))

    assert paper == [CameraLink("a", "b", -60, 60), CameraLink("b", "a", -60, 60)]
    assert ours == [CameraLink("a", "b", -3, 90), CameraLink("b", "a", -3, 90)]


def test_pieces_of_one_vehicle_in_one_camera_come_together() -> None:
    """The third vehicle's tracklet in camera a is cut in the middle."""
    scene = road(vehicles=8)
    whole = scene[2]
    middle = np.array([25.0, 0, 10, 0])
    first = replace(whole, end_s=whole.start_s + 2, exit=middle)
    second = replace(whole, key=99, start_s=whole.start_s + 3, entry=np.array([35.0, 0, 10, 0]))

    labels = synced([*scene[:2], first, *scene[3:], second]).labels

    assert labels[-1] == labels[2] == labels[10]


def test_two_seen_at_one_time_in_one_camera_stay_two_however_alike() -> None:
    scene = road(vehicles=8)
    twin = replace(scene[3], key=99)

    labels = synced([*scene, twin]).labels

    assert labels[-1] != labels[3]


def test_people_decide_before_the_machine() -> None:
    scene = road(vehicles=8)

    assert synced(scene, cannot_links=np.array([[8, 0]])).labels[8] != 0
    together = synced(scene, must_links=np.array([[0, 15]])).labels
    assert together[15] == together[0]
    refused = synced(scene, must_links=np.array([[0, 8], [8, 2]]), cannot_links=np.array([[0, 2]]))
    assert refused.refused_must_links.tolist() == [False, True]


def test_looks_alone_match_where_nothing_is_known_of_the_ground() -> None:
    scene = [replace(one, entry=None, exit=None) for one in road(vehicles=8)]

    assert synced(scene, replace(OURS, join_probability=0.02)).labels.tolist() == [*range(8)] * 2


def test_empty_and_single_scenes_have_no_pairs() -> None:
    assert len(synced([]).labels) == 0
    assert synced(road(vehicles=1, cameras="a")).labels.tolist() == [0]


def test_the_configuration_names_the_strategy() -> None:
    """Both are far from everything: ELECTRICITY with a small threshold leaves all alone."""
    scene, links = road(vehicles=4), [CameraLink("a", "b", 0, 30)]
    strict = MatcherConfig(strategy="electricity", max_thresh=0, sync_thresh=0)

    assert len(set(synchronise(scene, links, config=strict).labels.tolist())) == 8
    assert len(set(synchronise(scene, links, config=OURS).labels.tolist())) == 4
    with pytest.raises(UserError, match="electricity, constrained"):
        MatcherConfig(strategy="nearest")


@pytest.mark.parametrize("setting", [{"join_probability": 0.0}, {"join_probability": 1.0}, {"fragment_s": -1.0}])
def test_bad_settings_are_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=next(iter(setting))):
        MatcherConfig(**setting)


def test_fragments_are_near_in_time_and_in_one_camera() -> None:
    scene = [tracklet(1, "a", 0, 5), tracklet(2, "a", 6, 9), tracklet(3, "a", 30, 31)]

    left, right = block_pairs(Columns.of(scene), [], replace(OURS, fragment_s=10))

    assert (left.tolist(), right.tolist()) == ([0], [1])


def test_cameras_two_apart_are_linked_both_ways() -> None:
    links = {(link.source, link.target) for link in roomy_links(["a", "b", "c", "d"])}

    assert {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "d")} <= links
    assert ("a", "d") not in links


spans = st.tuples(
    st.sampled_from("abc"), st.integers(0, 60), st.integers(0, 9), st.integers(0, 90), st.booleans(), st.integers(0, 9)
)
decisions = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=4)


@settings(deadline=None, max_examples=40)
@given(st.lists(spans, min_size=12, max_size=12), decisions, decisions, st.randoms(use_true_random=False))
def test_constraints_hold_and_order_does_not_matter(
    listed: list[tuple[str, int, int, int, bool, int]],
    must: list[tuple[int, int]],
    cannot: list[tuple[int, int]],
    random: Random,
) -> None:
    scene = [
        replace(
            tracklet(key, camera, start, start + length, angle),
            entry=np.array([x, 0.0, 3, 0]) if placed else None,
            exit=np.array([x + 5.0, 0, 3, 0]) if placed else None,
        )
        for key, (camera, start, length, angle, placed, x) in enumerate(listed)
    ]
    must, cannot = [[(i, j) for i, j in each if i != j] for each in (must, cannot)]
    shuffled = scene.copy()
    random.shuffle(shuffled)
    place = {one.key: row for row, one in enumerate(shuffled)}

    def moved(pairs: list[tuple[int, int]]) -> np.ndarray:
        return np.array([(place[i], place[j]) for i, j in pairs], np.int64).reshape(-1, 2)

    def given_pairs(pairs: list[tuple[int, int]]) -> np.ndarray:
        return np.array(pairs, np.int64).reshape(-1, 2)

    likely = replace(OURS, join_probability=0.001)
    result = synced(scene, likely, must_links=given_pairs(must), cannot_links=given_pairs(cannot))
    other = synced(shuffled, likely, must_links=moved(must), cannot_links=moved(cannot))

    labels = result.labels
    np.testing.assert_array_equal(
        labels[:, None] == labels, (again := other.labels[[place[one.key] for one in scene]])[:, None] == again
    )
    assert all(labels[i] != labels[j] for i, j in cannot)
    refused = result.refused_must_links.tolist()
    assert all((labels[i] == labels[j]) != no for (i, j), no in zip(must, refused, strict=True))
    for i, one in enumerate(scene):
        for j, two in enumerate(scene[:i]):
            if one.camera == two.camera and one.start_s <= two.end_s and two.start_s <= one.end_s:
                assert labels[i] != labels[j]
