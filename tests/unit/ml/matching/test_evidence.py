from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from ml.matching.appearance import Usual
from ml.matching.columns import Columns
from ml.matching.evidence import (
    Calibration,
    Evidence,
    Observed,
    OrderedPairs,
    Weights,
    confirmed_pairs,
    evidence,
    observe,
    rival_scores,
    shipped_calibration,
    sigmoid,
    sum_of,
    weigh,
    weights_of,
)
from ml.matching.motion import HEADING_EDGES, SPEED_EDGES, Motion
from ml.types import CameraTracklet
from tests.unit.ml.matching.road import road
from tests.unit.ml.matching.scene import lone_pair, lone_pair_terms, tracklet


def pairs_of(scene: list[CameraTracklet], *listed: tuple[int, int]) -> OrderedPairs:
    earlier, later = np.array(listed, np.int32).reshape(-1, 2).T
    gaps = [scene[j].start_s - scene[i].end_s for i, j in listed]
    return OrderedPairs(earlier, later, np.array(gaps, np.float64))


def weighed(scene: list[CameraTracklet], *listed: tuple[int, int]) -> Evidence:
    return evidence(Columns.of(scene), pairs_of(scene, *listed), camera_bias=0.25)


def test_terms_add_up_to_the_log_odds() -> None:
    found = weighed(road(vehicles=6), (0, 6), (0, 7), (1, 7), (2, 8))

    assert set(found.terms) == {"prior", "appearance", "motion", "transit", "rivals"}
    np.testing.assert_allclose(np.sum(list(found.terms.values()), axis=0), found.log_odds, rtol=1e-5)
    np.testing.assert_allclose(found.probabilities(), 1 / (1 + np.exp(-found.log_odds)), rtol=1e-5)


def test_the_same_vehicle_is_more_probable_than_another() -> None:
    scene = road(vehicles=6)

    found = weighed(scene, (0, 6), (0, 9), (3, 6))

    assert found.probabilities()[0] > 10 * found.probabilities()[1:].max()


def test_driving_backwards_speaks_against() -> None:
    """The pair the other way round in space: where the one goes is away from where the other comes."""
    scene = road(vehicles=2)
    turned = replace(scene[2], entry=np.array([-150.0, 0, -10, 0]))

    ahead, behind = weighed(scene, (0, 2)), weighed([*scene[:2], turned, scene[3]], (0, 2))

    assert behind.terms["motion"][0] < ahead.terms["motion"][0] - 2


def test_without_places_the_ground_says_nothing() -> None:
    scene = [
        CameraTracklet(one.key, one.camera, one.start_s, one.end_s, one.mean, one.views) for one in road(vehicles=3)
    ]

    found, plain = weighed(scene, (0, 3)), shipped_calibration().plain

    assert found.terms["motion"][0] == 0
    assert found.terms["prior"][0] == pytest.approx(plain.constant)


def test_rivals_are_the_other_candidates_of_either_tracklet() -> None:
    """0 may be 2 (odds 1) or 3 (odds 3), both of one camera; 1 only 3 (odds 1)."""
    scores = rival_scores(np.log([1.0, 3.0, 1.0]), (np.array([0, 0, 1]), np.array([0, 1, 1])))

    np.testing.assert_allclose(scores, [np.log(4), np.log(2) + np.log(2), np.log(4)])


def test_transit_time_counts_once_it_is_learned() -> None:
    """Twelve vehicles take ten seconds each; a pair that would take forty is less probable by its time alone."""
    scene = road(vehicles=12)
    listed = [(i, i + 12) for i in range(12)] + [(0, 15)]

    found = weighed(scene, *listed)

    assert found.terms["transit"][0] > 0 > found.terms["transit"][-1]


def test_transit_times_are_learned_from_what_people_confirmed() -> None:
    """Twelve vehicles that look alike: four are confirmed, with ten seconds, and the others' ten are likelier too."""
    look = np.ones(32, np.float32) / np.sqrt(np.float32(32))
    alike = [replace(one, mean=look, views=look[None], entry=None, exit=None) for one in road(vehicles=12)]
    said = [replace(one, confirmed=one.key % 12 + 1 if one.key % 12 < 4 else 0) for one in alike]
    listed = [(i, j) for i in range(12) for j in range(i + 12, 24)]

    before, after = (weighed(scene, *listed).terms["transit"] for scene in (alike, said))

    ten = [row for row, (one, other) in enumerate(listed) if other - one == 12 and one >= 4]
    assert (after[ten] > before[ten]).all()


def test_a_number_says_something_only_of_tracklets_that_share_it() -> None:
    scene = [replace(one, confirmed=number) for one, number in zip(road(vehicles=2), (7, 0, 7, 0), strict=True)]

    found = confirmed_pairs(Columns.of(scene), pairs_of(scene, (0, 2), (0, 3), (1, 3)))

    assert found.tolist() == [True, False, False]


def test_no_pairs_have_no_evidence() -> None:
    assert len(weighed(road(vehicles=2)).log_odds) == 0


def test_shipped_weights_fit_the_classes() -> None:
    shipped = shipped_calibration()
    assert 0 < shipped.usual.spread < 1
    assert abs(shipped.usual.mean) < shipped.usual.spread
    for weights in (shipped.ground, shipped.plain):
        assert len(weights.heading) == len(HEADING_EDGES) + 1
        assert len(weights.speed) == len(SPEED_EDGES) + 1
        assert weights.appearance > 0
        assert weights.rivals < 0 < weights.transit


def test_weights_come_from_plain_data() -> None:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(FLAT).items()}

    assert weights_of(plain) == FLAT


FLAT = Weights(
    constant=-2.0,
    same_camera=0.5,
    appearance=1.0,
    heading=(0.0,) * (len(HEADING_EDGES) + 1),
    speed=(0.0,) * (len(SPEED_EDGES) + 1),
    transit=0.0,
    rivals=0.0,
    first_constant=0.0,
    first_gap=0.0,
    first_gap_same=0.0,
)


UNTELLING = len(HEADING_EDGES) + 1
ANY = Usual(mean=0.1, spread=0.2, comparisons=5)


def test_log_odds_of_a_worked_example() -> None:
    """With these weights they are the appearance score minus 2, and half more within one camera."""
    scene = road(vehicles=3)
    seen = observe(Columns.of(scene), pairs_of(scene, (0, 3), (0, 2)), camera_bias=0.0, usual=ANY)

    found = weigh(seen, Calibration(FLAT, FLAT, ANY), np.zeros(2, np.bool_))

    np.testing.assert_allclose(found.log_odds, seen.appearance - [2.0, 1.5])


def test_evidence_of_a_pair_alone_by_hand() -> None:
    found = weighed(lone_pair(), (0, 1))

    expected = {**lone_pair_terms(), "motion": 0.0, "rivals": 0.0}
    assert {name: float(term[0]) for name, term in found.terms.items()} == pytest.approx(expected, abs=1e-5)
    assert found.log_odds == pytest.approx([sum(expected.values())], abs=1e-5)
    assert found.distances == pytest.approx([1])  # the chord of 60 degrees


def test_what_is_seen_of_a_worked_example() -> None:
    """Looks at 0 and 90 degrees in a, at 60 in b: chords of 60, 30 and 90 degrees."""
    scene = [tracklet(1, "a", 0, 5, 0), tracklet(2, "a", 6, 9, 90), tracklet(3, "b", 12, 15, 60)]

    seen = observe(Columns.of(scene), pairs_of(scene, (0, 2), (1, 2), (0, 1)), camera_bias=0.0, usual=ANY)

    np.testing.assert_allclose(seen.distances, [1, 0.517638, 1.414214], atol=1e-5)
    assert seen.gaps_s.tolist() == [7, 3, 1]
    assert seen.same.tolist() == [False, False, True]
    assert seen.motion.known.tolist() == [False, False, False]
    assert seen.links.tolist() == [1, 1, 0]  # from a to b, and within a
    assert [side.tolist() for side in seen.sides] == [[1, 2, 0], [1, 1, 0]]


def two_pairs(**changed: Any) -> Observed:
    """Tracklet 0 may be 1 or 2, both 11 s later in one other camera; with `FLAT` both are as probable as not."""
    nothing = np.full(2, UNTELLING, np.int8)
    still = Motion(nothing, nothing, np.zeros(2, np.int8), np.zeros(2, np.bool_))
    number, gaps = np.zeros(2, np.int32), np.full(2, 11.0)
    alike, apart = np.full(2, 2.0), np.zeros(2, np.float32)
    seen = Observed(alike, apart, still, np.zeros(2, np.bool_), gaps, number, (number, np.array([0, 1], np.int32)))
    return replace(seen, **changed)


def test_rivals_by_hand() -> None:
    """Either has the other one, of odds 1, as its rival: minus log(1 + 1), odds of a half."""
    found = weigh(two_pairs(), Calibration(FLAT, replace(FLAT, rivals=-1.0), ANY), np.zeros(2, np.bool_))

    np.testing.assert_allclose(found.log_odds, -np.log([2, 2]))
    np.testing.assert_allclose(found.probabilities(), [1 / 3, 1 / 3], rtol=1e-6)


def test_learned_transit_by_hand() -> None:
    """Two sure matches in one bin leave half of themselves there, 1 of 2, and there are no others.

    The background is 1/2 of 47/2 = 1/47, and 5 matches are spread like it: (1 + 5/47) / (2 + 5) x 47 = 52/7.
    """
    found = weigh(two_pairs(), Calibration(FLAT, replace(FLAT, transit=1.0), ANY), np.ones(2, np.bool_))

    np.testing.assert_allclose(found.log_odds, np.log([52 / 7, 52 / 7]))


def test_motion_by_hand() -> None:
    """Straight on at the first end, against the way at the other, and its speed: 1.5 - 4 + 0.25.

    Of the second pair the other end says nothing: 1.5 + 0.25.
    """
    heading, speed = (-4.0, 0.0, 0.0, 0.0, 0.0, 1.5), (0.0, 0.0, 0.0, 0.25, *FLAT.speed[4:])
    ends = np.full(2, 5, np.int8), np.array([0, UNTELLING], np.int8)
    driven = Motion(*ends, np.full(2, 3, np.int8), np.ones(2, np.bool_))

    ground = replace(FLAT, heading=heading, speed=speed)
    found = weigh(two_pairs(motion=driven), Calibration(ground, FLAT, ANY), np.zeros(2, np.bool_))

    np.testing.assert_allclose(found.terms["motion"], [-2.25, 1.75])


def test_log_odds_become_probabilities() -> None:
    np.testing.assert_allclose(sigmoid(np.log([1 / 4, 1, 3])), [0.2, 0.5, 0.75])
    assert sum_of({"one": np.array([1.0, 2.0]), "other": np.array([-0.5, 4.0])}).tolist() == [0.5, 6.0]
