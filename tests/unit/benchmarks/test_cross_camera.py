"""What the page of matching measures with: an analyst, the papers' steps on tracklets, true boxes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.scene import CameraFolder, SceneFolder
from ml.matching import MatcherConfig
from ml.matching.distances import query_gallery
from ml.types import CameraLink, Tracklet
from tests.benchmarks.cross_camera.analyst import Review, our_order, reviewed
from tests.benchmarks.cross_camera.city_tracklets import SceneTracklets
from tests.benchmarks.cross_camera.identity_score import SharedBoxes
from tests.benchmarks.cross_camera.post_steps import LEFT_OUT, best_joins, step_rows, tracklet_distances
from tests.benchmarks.cross_camera.true_tracklets import LEAST_BOXES, good_boxes
from tests.unit.ml.matching.scene import tracklet

BOX = np.array([[10, 10, 50, 40]], np.float32)


def test_steps_are_those_of_the_papers_that_tracklets_can_take() -> None:
    rows = [(table.split(":")[0], name, steps) for table, name, steps in step_rows()]

    counts = {table: sum(table == each for each, _, _ in rows) for table, _, _ in rows}
    assert counts == {"M-1": 4, "D-4": 4, "D-5": 2, "V-VI": 3}
    names = {step if isinstance(step, str) else next(iter(step)) for _, _, steps in rows for step in steps}
    assert names == {"k_reciprocal", "inter_camera_fusion", "query_clusters"}
    assert names.isdisjoint(LEFT_OUT)


@pytest.fixture
def town(tmp_path: Path) -> SceneTracklets:
    """Two vehicles drive from c001 to c002, the first in the tune half, the second in the test half; 1 frame/s.

    They look at 0 and 10 degrees, and at 90 and 120; in c002 the first one's views are 10 and 30 degrees.
    """
    seen = [
        tracklet(1, "c001", 0, 4, 0),
        tracklet(2, "c002", 10, 14, 10, 30),
        tracklet(3, "c001", 60, 64, 90),
        tracklet(4, "c002", 70, 74, 120),
    ]
    tracks = [boxes(row + 1, int(one.start_s)) for row, one in enumerate(seen)]
    for camera in ("c001", "c002"):
        own = [(row // 2 + 1, track) for row, track in enumerate(tracks) if seen[row].camera == camera]
        write_tracks(tmp_path / camera / "gt.txt", rows_of(own))
    folders = tuple(CameraFolder(name, None, ground_truth_path=tmp_path / name / "gt.txt") for name in ("c001", "c002"))
    scene = SceneFolder("town", tmp_path, folders, (CameraLink("c001", "c002", 0, 20),))
    return SceneTracklets(scene, seen, tracks, np.array([1, 1, 2, 2]))


def test_an_oracle_ends_with_the_vehicles_and_as_the_sync_groups_them(town: SceneTracklets) -> None:
    review = Review.of(town, MatcherConfig(join_probability=0.01))

    rounds = list(reviewed(review, our_order, right=1.0, rng=np.random.default_rng(0)))

    assert len(rounds) == len(review.answers) + 1 > 1
    assert rounds[-1].tolist() == review.regrouped().tolist() == [0, 0, 1, 1]


def test_an_analyst_who_is_always_wrong_joins_none(town: SceneTracklets) -> None:
    review = Review.of(town, MatcherConfig(join_probability=0.01))

    rounds = list(reviewed(review, our_order, right=0.0, rng=np.random.default_rng(0)))

    assert not review.answers[0, 1]
    assert not review.answers[2, 3]
    assert rounds[-1].tolist() == review.regrouped().tolist() == [0, 1, 2, 3]


@pytest.fixture
def followed_twice(town: SceneTracklets) -> SceneTracklets:
    """c001 has the first vehicle twice in frames 3 and 4; the second time it looks otherwise."""
    matchable = [town.matchable[0], tracklet(5, "c001", 3, 7, 60), town.matchable[1]]
    tracklets = [town.tracklets[0], boxes(5, 3), town.tracklets[1]]
    return replace(town, matchable=matchable, tracklets=tracklets, identities=np.array([1, 1, 1]))


def test_an_analyst_ends_a_tracklet_where_another_one_takes_its_vehicle_over(followed_twice: SceneTracklets) -> None:
    config = MatcherConfig(join_probability=0.01)
    review, alone = Review.of(followed_twice, config), Review.of(followed_twice, config)
    assert review.labels.tolist() == [0, 1, 0]

    review.cut_handovers((1, 2))
    for each in (review, alone):
        each.answer((1, 2), True)

    assert review.labels.tolist() == review.regrouped().tolist() == [0, 0, 0]
    assert alone.labels.tolist() == [0, 1, 1]
    assert review.found.tracklets[0].frames.tolist() == [0, 1, 2]
    assert review.found.matchable[0].end_s == 2
    others = Review.of(replace(followed_twice, identities=np.array([1, 2, 1])), config)
    others.cut_handovers((1, 2))
    assert others.found.tracklets[0].last_frame == 4


def test_what_a_cut_tracklet_shares_is_as_counted_anew(followed_twice: SceneTracklets) -> None:
    cut = followed_twice.cut(0, 3)

    anew, renewed = SharedBoxes.of(cut), SharedBoxes.of(followed_twice).with_tracklet(0, cut.take(np.array([0])))

    assert renewed.sizes.tolist() == anew.sizes.tolist() == [3, 5, 5]
    for groups in ([0, 0, 0], [0, 1, 0], [0, 1, 1]):
        figures = [each.idf1(np.array(groups), np.arange(3), {1, 2}) for each in (anew, renewed)]
        assert figures[0] == figures[1] > 0


def boxes(number: int, first: int) -> Tracklet:
    frames = np.arange(first, first + 5, dtype=np.int32)
    return Tracklet(number, frames, np.repeat(BOX, 5, axis=0), np.ones(5, np.float32))


def rows_of(tracks: list[tuple[int, Tracklet]]) -> TrackRows:
    ids = np.concatenate([np.full(len(track), vehicle, np.int32) for vehicle, track in tracks])
    frames, xyxy, scores = (
        np.concatenate([getattr(track, name) for _, track in tracks]) for name in ("frames", "boxes", "scores")
    )
    return TrackRows(frames, ids, xyxy, scores)


def degrees(*rows: tuple[float, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Cosine distances at these angles."""
    return np.asarray(1 - np.cos(np.radians(rows)))


def test_distances_without_steps_are_to_the_nearest_look(town: SceneTracklets) -> None:
    """Of the two views of tracklet 1 the first, at 10 degrees, asks; the other one, at 30, answers."""
    found = tracklet_distances(town, query_gallery(town.matchable), [])

    expected = degrees((0, 30, 90, 120), (10, 20, 80, 110), (90, 60, 0, 30), (120, 90, 30, 0))
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_step_is_applied_to_looks_with_their_tracklets(town: SceneTracklets) -> None:
    """Views of 30 and 50 degrees answer for tracklet 1 as their mean, at 40."""
    wider = replace(town, matchable=[town.matchable[0], tracklet(2, "c002", 10, 14, 30, 40, 50), *town.matchable[2:]])

    found = tracklet_distances(wider, query_gallery(wider.matchable), [{"distance": {"tracklets": "average"}}])

    np.testing.assert_allclose(found[:, 1], degrees((40, 0, 50, 80))[0], atol=1e-6)


def test_the_threshold_is_chosen_on_the_tune_half(town: SceneTracklets) -> None:
    """Only pairs of one vehicle are candidates by their times. Of the shares all are of the nearer pair."""
    distances = np.full((4, 4), 2.0, np.float32)
    distances[[0, 1], [1, 0]] = 0.25
    distances[[2, 3], [3, 2]] = 0.75

    threshold, scores = best_joins(town, distances)

    assert 0.25 < threshold < 0.5
    assert (scores["tune"]["idf1"], scores["test"]["idf1"]) == (1, 0)
    assert scores[None]["idp"] == 1
    assert scores[None]["idr"] == 0.5


def test_true_tracklets_are_of_vehicles_with_enough_good_boxes(tmp_path: Path) -> None:
    """Vehicle 1 has five boxes, four of them good; vehicle 2 five good ones of six."""
    ids = [1] * LEAST_BOXES + [2] * (LEAST_BOXES + 1)
    frames = [*range(1, LEAST_BOXES + 1), *range(1, LEAST_BOXES + 2)]
    good = [1] * (LEAST_BOXES - 1) + [0] + [1] * LEAST_BOXES + [0]
    places = list(zip(frames, ids, strict=True))
    (tmp_path / "gt_all.txt").write_text("".join(f"{frame},{one},10,20,30,40,1\n" for frame, one in places))
    amodal = [f"{frame},{one},0,0,0,0,0,0,{is_good}\n" for (frame, one), is_good in zip(places, good, strict=True)]
    (tmp_path / "gt_amodal.txt").write_text("".join(amodal))
    camera = CameraFolder("c001", None, ground_truth_path=tmp_path / "gt.txt")

    found = good_boxes(camera)

    assert set(found.ids.tolist()) == {2}
    assert found.frames.tolist() == list(range(LEAST_BOXES))
    assert found.boxes[0].tolist() == [10, 20, 40, 60]

    (tmp_path / "gt_amodal.txt").write_text("".join(reversed(amodal)))
    with pytest.raises(ValueError, match=r"gt_all.txt and gt_amodal.txt of c001 list other boxes"):
        good_boxes(camera)
