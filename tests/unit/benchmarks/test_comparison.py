"""The parts of the detection and tracking table that decide what its figures mean."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ml.datasets.scene import CameraFolder
from ml.evaluation import MtmcRows
from ml.tracking import TrackerConfig
from ml.types import Detections, Tracklet
from tests.benchmarks.comparison.page import verdict
from tests.benchmarks.comparison.peers import clean_up, followed
from tests.benchmarks.comparison.scoring import score_tracks, without_ignored
from tests.benchmarks.comparison.search import Between, drawn
from tests.benchmarks.comparison.sequences import Sequence, Truth, camera_truth, halves, stretch
from tests.benchmarks.comparison.table import leads, smallest_lead


def rows(*listed: tuple[int, int, float, float, float, float]) -> MtmcRows:
    """Rows (frame, id, left, top, width, height) of camera c001."""
    table = np.array(listed, np.float64).reshape(-1, 6)
    names = np.full(len(table), "c001")
    return MtmcRows(names, table[:, 1].astype(np.int32), table[:, 0].astype(np.int32), table[:, 2:])


def tracklet(number: int, frames: list[int], lefts: list[float]) -> Tracklet:
    boxes = np.array([[left, 0, left + 10, 10] for left in lefts], np.float32)
    return Tracklet(number, np.array(frames, np.int32), boxes, np.full(len(frames), 0.5, np.float32))


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        ((0, 7, 0, 0, 10, 10), True),  # the true vehicle itself
        ((0, 7, 100, 0, 10, 10), False),  # the ignored vehicle
        ((0, 7, 105, 0, 10, 10), False),  # half of it on the ignored one
        ((0, 7, 106, 0, 10, 10), True),  # less than half
        ((0, 7, 300, 0, 10, 10), True),  # nobody there: a false box
        ((1, 7, 100, 0, 10, 10), True),  # the ignored one is there in frame 0 only
    ],
)
def test_only_boxes_on_ignored_vehicles_are_taken_out(
    box: tuple[int, int, float, float, float, float], stays: bool
) -> None:
    truth = Truth(rows((0, 1, 0, 0, 10, 10)), rows((0, 2, 100, 0, 10, 10)))
    assert (len(without_ignored(rows(box), truth, 2)) == 1) is stays


def test_a_true_box_on_an_ignored_one_still_counts() -> None:
    truth = Truth(rows((0, 1, 0, 0, 10, 10)), rows((0, 2, 0, 0, 30, 30)))
    assert len(without_ignored(rows((0, 7, 0, 0, 10, 10)), truth, 1)) == 1


def test_following_an_ignored_vehicle_changes_no_score() -> None:
    truth = Truth(rows((0, 1, 0, 0, 10, 10), (1, 1, 2, 0, 10, 10)), rows((0, 2, 100, 0, 10, 10)))
    sequence = Sequence("c001", 0, 2, Detections.empty(), truth)
    right = tracklet(1, [0, 1], [0, 2])
    alone = score_tracks([sequence], {"c001": [right]})
    both = score_tracks([sequence], {"c001": [right, tracklet(2, [0], [100])]})
    assert alone.idf1 == both.idf1 == 1.0
    assert score_tracks([sequence], {"c001": [right, tracklet(2, [0], [200])]}).idf1 == pytest.approx(4 / 5)


def test_good_rows_count_and_the_others_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "gt_all.txt").write_text("1,5,10,20,30,40,1.000,1,1,0.0\n1,6,50,20,8,8,0.100,1,1,0.0\n")
    (tmp_path / "gt_amodal.txt").write_text("1,5,10,20,30,40,1.0,900,1,0,0\n1,6,50,20,9,9,1.0,20,0,0,0\n")
    truth = camera_truth(CameraFolder("c001", None, ground_truth_path=tmp_path / "gt.txt"))
    assert (truth.counted.id.tolist(), truth.counted.frame.tolist()) == ([5], [0])
    assert truth.counted.xywh.tolist() == [[10, 20, 30, 40]]
    assert truth.ignored.id.tolist() == [6]


def test_the_halves_meet_at_fifty_seconds_of_world_time() -> None:
    camera = CameraFolder("c001", None, start_s=1.2)
    assert halves(camera, 10.0, 1000) == ((0, 488), (488, 1000))  # frame 488 is at 1.2 + 48.8 = 50 s
    assert halves(camera, 10.0, 1000, split_s=45.0)[0] == (0, 438)


def test_a_stretch_counts_its_frames_from_nought() -> None:
    found = Detections(
        np.array([0, 3, 5], np.int32),
        np.array([[0, 0, 9, 9]] * 3, np.float32),
        np.ones(3, np.float32),
        np.full(3, 3, np.int32),
    )
    truth = Truth(rows((2, 1, 0, 0, 9, 9), (4, 1, 0, 0, 9, 9)), rows())
    part = stretch(CameraFolder("c001", None), found, truth, first=3, stop=5)
    assert (part.frame_count, part.detections.frames.tolist()) == (2, [0])
    assert part.truth.counted.frame.tolist() == [1]


SPACE = {"whole": Between(1, 3), "share": Between(0.0, 1.0)}


def test_draws_are_of_the_space_and_the_same_for_the_same_seed() -> None:
    tried: list[dict[str, float]] = []

    def value(settings: dict[str, float]) -> float:
        tried.append(settings)
        return settings["share"]

    found = drawn(SPACE, value, trials=30, seed=4)
    assert {settings["whole"] for settings in tried} == {1, 2, 3}
    assert found.value == found.settings["share"] == max(settings["share"] for settings in tried)
    assert drawn(SPACE, value, trials=30, seed=4) == found


class EveryBoxIsOneVehicle:
    """A peer that calls the first box of a frame vehicle 4 and the others nobody."""

    def update(self, given: SimpleNamespace) -> SimpleNamespace:
        numbers = np.where(np.arange(len(given.xyxy)) == 0, 4, -1)
        return SimpleNamespace(tracker_id=numbers, xyxy=given.xyxy, confidence=given.confidence)


def test_what_a_peer_calls_nobody_is_in_no_tracklet() -> None:
    boxes = np.array([[0, 0, 9, 9], [50, 0, 59, 9], [1, 0, 10, 9]], np.float32)
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    found = Detections(np.array([0, 0, 2], np.int32), boxes, scores, np.full(3, 3, np.int32))
    (vehicle,) = followed(EveryBoxIsOneVehicle(), found, 3, SimpleNamespace)
    assert vehicle.frames.tolist() == [0, 2]
    assert vehicle.boxes.tolist() == boxes[[0, 2]].tolist()
    assert vehicle.scores.tolist() == scores[[0, 2]].tolist()


def test_peers_are_cleaned_up_by_their_own_settings_only() -> None:
    chosen = clean_up({"minimum_iou_threshold": 0.3, "min_length": 5, "interpolate_gap": 7, "smoothing": 1.5})
    assert chosen == TrackerConfig(min_length=5, interpolate_gap=7, smoothing=1.5)


def test_a_lead_is_a_lead_over_every_peer() -> None:
    ours = {"all": {"idf1": 0.8, "hota": 0.6}}
    peers = [{"all": {"idf1": 0.7, "hota": 0.5}}, {"all": {"idf1": 0.8, "hota": 0.5}}]
    assert leads(ours, peers) == {"all": {"idf1": False, "hota": True}}
    assert smallest_lead(ours, peers) == (0.0, "all, IDF1")


def entry(peer: bool, tune: float, idf1: float, settings: dict[str, float]) -> dict[str, object]:
    figures = {"idf1": idf1, "hota": idf1 / 2}
    on = {"test": {"all": figures, "c001": figures}}
    return {"peer": peer, "settings": settings, "tune": tune, "on": {"detector": on}}


def test_the_verdict_is_about_the_best_on_the_tune_half_and_not_about_the_preset() -> None:
    table = {
        "trackers": {
            "preset": entry(False, 1.9, 0.9, {}),
            "good": entry(False, 1.5, 0.8, {"a": 1.0}),
            "lucky": entry(False, 1.4, 0.95, {"a": 2.0}),
            "peer": entry(True, 1.6, 0.85, {"b": 1.0}),
        }
    }
    said = verdict(table, "detector")
    assert "**good**" in said
    assert "in 0 of 1 cameras, not over all" in said
    assert "all (IDF1), all (HOTA), c001 (IDF1), c001 (HOTA)" in said
