"""Evidence two cameras at a time: what is kept of an earlier match gives what comparing everything gives."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.matching import MatcherConfig, SyncResult, constrained_sync, roomy_links
from ml.matching.blocks import (
    ComparedPairs,
    block_of,
    block_pairs,
    blocks,
    compared_pairs,
    digest_of,
    links_between,
    ordered_pairs,
)
from ml.matching.columns import Columns
from ml.matching.graph import IndexPairs
from ml.matching.graph.growth import KnownParts
from ml.types import CameraLink, CameraTracklet
from tests.unit.ml.matching.road import road
from tests.unit.ml.matching.scene import lone_pair, lone_pair_terms, tracklet

OURS = MatcherConfig(join_probability=0.01)
CAMERAS = "abcd"
Decisions = list[tuple[int, int]]


class Shelf:
    """A store in memory that counts what was made."""

    def __init__(self) -> None:
        self.kept: dict[str, ComparedPairs] = {}
        self.parts: KnownParts = {}
        self.made = 0

    def __call__(self, key: str, make: Callable[[], ComparedPairs]) -> ComparedPairs:
        if key not in self.kept:
            self.made += 1
            self.kept[key] = make()
        return self.kept[key]

    def known_parts(self) -> KnownParts:
        return self.parts

    def keep_parts(self, parts: KnownParts) -> None:
        self.parts = parts


def synced(scene: list[CameraTracklet], *, config: MatcherConfig = OURS, **given_: Any) -> SyncResult:
    return constrained_sync(scene, roomy_links(CAMERAS), config=config, **given_)


def same(one: SyncResult, other: SyncResult) -> bool:
    """To the last bit."""
    assert one.pairs.probability is not None
    assert other.pairs.probability is not None
    return (
        one.labels.tobytes() == other.labels.tobytes()
        and one.pairs.left.tobytes() == other.pairs.left.tobytes()
        and one.pairs.probability.tobytes() == other.pairs.probability.tobytes()
    )


def test_a_match_again_compares_nothing() -> None:
    """Four cameras, and all but the first and the last are near each other: 4 + 5 blocks."""
    scene, shelf = road(6, CAMERAS), Shelf()

    first = synced(scene, store=shelf)
    assert shelf.made == 9
    again = synced(scene, store=shelf)

    assert shelf.made == 9
    assert same(first, again)
    assert same(first, synced(scene))


def test_a_new_video_of_one_camera_leaves_the_blocks_of_the_others() -> None:
    """Camera d is compared with itself, b and c."""
    scene, shelf = road(6, CAMERAS), Shelf()
    synced([one for one in scene if one.camera != "d" or one.key % 2], store=shelf)

    made, whole = shelf.made, synced(scene, store=shelf)

    assert shelf.made - made == 3
    assert same(whole, synced(scene))


def test_a_new_decision_compares_nothing() -> None:
    scene, shelf = road(6, CAMERAS), Shelf()
    made = (synced(scene, store=shelf), shelf.made)[1]

    decided = synced(scene, store=shelf, cannot_links=np.array([[0, 6]]))

    assert shelf.made == made
    assert decided.labels[0] != decided.labels[6]


def test_what_people_confirmed_compares_its_two_cameras_anew() -> None:
    """Vehicle 0 in a and b is confirmed, then the same under another number, then another one too."""
    scene, shelf, made = road(6, CAMERAS), Shelf(), []
    for numbers in ({}, {0: 1, 6: 1}, {0: 9, 6: 9}, {0: 1, 6: 1, 1: 2}, {0: 1, 6: 1, 1: 2, 7: 2}):
        said = [replace(one, confirmed=numbers.get(one.key, 0)) for one in scene]
        before, found = shelf.made, synced(said, store=shelf)
        made.append(shelf.made - before)
        assert same(found, synced(said))

    assert made == [9, 1, 0, 0, 1]


@pytest.mark.parametrize(
    "other",
    [{"fragment_s": 30.0}, {"camera_bias": 0.5}],
)
def test_another_configuration_compares_anew(other: dict[str, Any]) -> None:
    scene, shelf = road(6, CAMERAS), Shelf()
    made = (synced(scene, store=shelf), shelf.made)[1]

    synced(scene, store=shelf, config=replace(OURS, **other))
    assert shelf.made == 2 * made


def test_another_window_compares_the_two_cameras_anew() -> None:
    scene, shelf = road(6, "ab"), Shelf()
    for link in (CameraLink("a", "b", 0, 20), CameraLink("b", "a", 0, 20), CameraLink("a", "b", 0, 30)):
        constrained_sync(scene, [link], config=OURS, store=shelf)

    assert shelf.made == 2 + 3


spans = st.tuples(st.sampled_from(CAMERAS), st.integers(0, 40), st.integers(0, 9), st.integers(0, 90))
decisions = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=2)


@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.tuples(st.lists(spans, max_size=7), decisions, decisions), min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
def test_whatever_comes_and_goes_the_result_is_that_of_a_match_of_everything(
    steps: list[tuple[list[tuple[str, int, int, int]], Decisions, Decisions]], random: Random
) -> None:
    shelf, scene = Shelf(), list[CameraTracklet]()
    for video, same_, different in steps:
        new = enumerate(video, start=100 * len(scene))
        scene = [one for one in scene if random.random() < 0.9]
        scene += [tracklet(key, camera, start, start + length, angle) for key, (camera, start, length, angle) in new]
        must, cannot = within(scene, same_), within(scene, different)

        found = synced(scene, store=shelf, must_links=must, cannot_links=cannot)

        assert same(found, synced(scene, must_links=must, cannot_links=cannot))


def within(scene: list[CameraTracklet], decisions_: Decisions) -> IndexPairs:
    """Those of the decisions that are about two tracklets that there are."""
    kept = [pair for pair in decisions_ if max(pair) < len(scene) and pair[0] != pair[1]]
    return np.array(kept, np.int64).reshape(-1, 2)


def test_pairs_of_two_cameras_are_those_of_their_links() -> None:
    columns = Columns.of([tracklet(1, "a", 0, 5), tracklet(2, "b", 8, 9), tracklet(3, "b", 30, 31)])

    left, right = block_pairs(columns, [CameraLink("a", "b", 0, 10), CameraLink("b", "a", 0, 10)], OURS)

    assert (left.tolist(), right.tolist()) == ([0], [1])


THREE = [tracklet(1, "a", 0, 5), tracklet(2, "b", 10, 12), tracklet(3, "a", 20, 22)]  # gaps of 5, 8 and 15 s
BOTH_WAYS = [CameraLink("a", "b", 0, 60), CameraLink("b", "a", 0, 60)]


def test_blocks_of_a_worked_example() -> None:
    """The block of a has its two pieces, that of both cameras a's rows before b's, that of b nothing."""
    found = [
        (rows.tolist(), block.left.tolist(), block.right.tolist())
        for rows, block in blocks(Columns.of(THREE), BOTH_WAYS, OURS)
    ]

    assert found == [([0, 2], [0], [1]), ([0, 2, 1], [0, 1], [2, 2]), ([1], [], [])]


def test_compared_pairs_count_among_all_tracklets() -> None:
    found = compared_pairs(Columns.of(THREE), BOTH_WAYS, OURS)

    assert (found.left.tolist(), found.right.tolist()) == ([0, 0, 1], [2, 1, 2])
    assert found.distances.tolist() == [0, 0, 0]  # all look alike


def test_a_block_has_the_evidence_of_its_pairs() -> None:
    """Of two cameras with one tracklet each."""
    block, expected = block_of(Columns.of(lone_pair()), [CameraLink("a", "b", 0, 60)], OURS), lone_pair_terms()

    assert (block.left.tolist(), block.right.tolist()) == ([0], [1])
    assert {name: float(block.terms[name][0]) for name in expected} == pytest.approx(expected, abs=1e-5)
    assert block.distances == pytest.approx([1])


def test_the_earlier_one_of_a_pair_is_seen_first_and_of_equal_starts_ends_first() -> None:
    columns = Columns.of([tracklet(1, "a", 20, 25), tracklet(2, "b", 10, 12), tracklet(3, "b", 20, 22)])

    found = ordered_pairs(columns, np.array([0, 0, 1]), np.array([1, 2, 2]))

    assert (found.earlier.tolist(), found.later.tolist()) == ([1, 2, 1], [0, 0, 2])
    assert found.gaps_s.tolist() == [8, -2, 8]


def test_links_are_sorted_to_their_two_cameras() -> None:
    back, forth = CameraLink("b", "a", 0, 9), CameraLink("a", "b", 0, 5)
    links = [back, forth, CameraLink("a", "z", 0, 5), CameraLink("a", "a", 0, 5)]

    assert links_between(["a", "b"], links) == {("a",): [], ("b",): [], ("a", "b"): [forth, back]}


def test_the_digest_is_of_all_that_a_match_knows() -> None:
    scene = road(2)
    columns = Columns.of(scene)
    assert digest_of(columns, np.arange(2)) == digest_of(Columns.of(scene[:2]), np.arange(2))
    for changed in (
        replace(scene[0], start_s=-1.0),
        replace(scene[0], end_s=99.0),
        replace(scene[0], mean=-scene[0].mean),
        replace(scene[0], entry=None),
        replace(scene[0], exit=None),
    ):
        assert digest_of(Columns.of([changed, *scene[1:]]), np.arange(2)) != digest_of(columns, np.arange(2))


def test_a_scene_without_tracklets_has_no_pairs() -> None:
    found = compared_pairs(Columns.of([]), roomy_links(CAMERAS), OURS)

    assert len(found.left) == len(found.probabilities) == 0
    assert set(found.terms) == {"prior", "appearance", "motion", "transit", "rivals"}
