from dataclasses import replace

import numpy as np
import pytest

from ml.matching import MatcherConfig, roomy_links
from ml.matching.links import learned_links, peak_of
from ml.types import CameraLink
from tests.unit.ml.matching.road import ROAD_M, SPEED, road
from tests.unit.ml.matching.scene import tracklet


def test_links_that_vehicles_use_are_found_with_their_transit_time() -> None:
    """Eastbound only: ten seconds from camera to camera, and 25 to the next but one."""
    found = {
        (each.link.source, each.link.target): each
        for each in learned_links(road(vehicles=12, cameras="abc"), roomy_links("abc"), MatcherConfig())
    }

    assert set(found) == {("a", "b"), ("b", "c"), ("a", "c")}
    for ends, seconds in ((("a", "b"), ROAD_M / SPEED), (("a", "c"), 25.0)):
        each = found[ends]
        assert each.link.min_s <= seconds <= each.link.max_s
        assert each.peak_s == pytest.approx(seconds, abs=0.1)
        assert each.votes.sum() == pytest.approx(12, abs=2)
        assert not each.confirmed.any()
        assert each.share > 0.9


def test_no_tracklets_have_no_links() -> None:
    assert learned_links([], roomy_links("ab"), MatcherConfig()) == []


def test_a_peak_is_told_from_the_background() -> None:
    """Half of the votes at 20 +- 2 s, the others anywhere in a minute."""
    rng = np.random.default_rng(5)
    gaps = np.concatenate((rng.normal(20, 2, 400), rng.uniform(0, 60, 400)))

    found = peak_of(gaps, np.ones(800), width_s=60)

    np.testing.assert_allclose(found, (20, 2, 0.5), atol=0.4)
    assert found[2] == pytest.approx(0.5, abs=0.08)


def test_peak_by_hand() -> None:
    """Three votes at 10 s and one at 40 s of a minute: the spread is the least one, 0.5 s, 60 of which 40 s is away.

    The density of the peak at its middle is n = 1 / (0.5 sqrt(2 pi)) = 0.7979, so that the share s no longer changes
    where s = 3/4 s n / (s n + (1 - s) / 60): s = (0.75 x 0.7979 - 1/60) / (0.7979 - 1/60) = 0.5817 / 0.7812 = 0.7447.
    """
    found = peak_of(np.array([10.0, 40.0, 10.0, 10.0]), np.ones(4), width_s=60)

    assert found == pytest.approx((10, 0.5, 0.7447), abs=1e-4)


def test_a_link_by_hand() -> None:
    """Four vehicles a quarter of an hour apart, all confirmed, take 9, 10, 10 and 11 s: 2 s of margin at either end."""
    scene = [tracklet(2 * at, "a", 900 * at, 900 * at + 5) for at in range(4)]
    scene += [tracklet(2 * at + 1, "b", 900 * at + 5 + gap, 900 * at + 30) for at, gap in enumerate((9, 10, 10, 11))]
    said = [replace(one, confirmed=one.key // 2 + 1) for one in scene]

    (found,) = learned_links(said, [CameraLink("a", "b", 0, 60)], MatcherConfig())

    assert found.link == CameraLink("a", "b", 7, 13)
    assert (found.gaps_s.tolist(), found.votes.tolist()) == ([9, 10, 10, 11], [1, 1, 1, 1])
    assert found.confirmed.all()
    assert [found.peak_s, found.width_s] == pytest.approx([10, 60])


def test_improbable_pairs_hardly_move_the_peak() -> None:
    gaps = np.array([10.0, 10.5, 11.0, 40.0, 41.0])

    peak, _, _ = peak_of(gaps, np.array([1, 1, 1, 0.1, 0.1]), width_s=60)

    assert peak == pytest.approx(10.5, abs=0.2)


def test_only_links_that_were_searched_are_learned() -> None:
    """Eastbound traffic in views that overlap, searched westbound alone."""
    searched = [CameraLink("b", "a", -60.0, 60.0)]

    assert learned_links(road(vehicles=12, cameras="ab"), searched, MatcherConfig()) == []


def test_no_link_leads_from_a_camera_to_itself() -> None:
    """Pieces of one vehicle in one camera are compared, and confirmed here, but nobody is on the way between them."""
    pieces = [replace(one, confirmed=1) for one in road(vehicles=12, cameras="a")]

    assert learned_links(pieces, [CameraLink("a", "a", 0.0, 60.0)], MatcherConfig()) == []


def test_a_window_without_end_is_as_wide_as_what_was_seen() -> None:
    (found,) = learned_links(road(vehicles=12, cameras="ab"), [CameraLink("a", "b", -np.inf, np.inf)], MatcherConfig())

    assert found.peak_s == pytest.approx(ROAD_M / SPEED, abs=0.1)
    assert found.share > 0.9


def test_a_peak_among_many_votes_needs_no_square_of_them() -> None:
    """Compared with each other, 200,000 votes would be 320 GB."""
    rng = np.random.default_rng(5)

    peak, _, share = peak_of(rng.normal(20, 2, 200_000), np.ones(200_000), width_s=60)

    assert peak == pytest.approx(20, abs=0.1)
    assert share > 0.95


def test_what_people_confirmed_has_a_whole_vote() -> None:
    """Twelve vehicles that look different in each camera: the machine doubts, until four of them are confirmed."""
    doubtful = [replace(one, entry=None, exit=None) for one in road(vehicles=12, noise=1.5)]
    said = [replace(one, confirmed=one.key % 12 + 1 if one.key % 12 < 4 else 0) for one in doubtful]
    searched = [CameraLink("a", "b", 0, 90)]

    (before,), (after,) = (learned_links(scene, searched, MatcherConfig()) for scene in (doubtful, said))

    np.testing.assert_allclose(after.gaps_s[after.confirmed], [ROAD_M / SPEED] * 4)
    assert set(after.votes[after.confirmed]) == {1.0}
    assert after.votes[~after.confirmed].sum() > before.votes[4:].sum()  # ten seconds are likelier for the others too


def test_few_wrong_ones_among_those_confirmed_hardly_move_the_window() -> None:
    """Of twelve vehicles that are told well one is said to be the one after it, which takes 20 s."""
    scene = road(vehicles=12)
    said = [replace(one, confirmed=1) if one.key in (0, 13) else one for one in scene]

    (before,), (after,) = (learned_links(each, roomy_links("ab"), MatcherConfig()) for each in (scene, said))

    assert after.confirmed.sum() == 1
    assert after.peak_s == pytest.approx(before.peak_s, abs=0.1)
