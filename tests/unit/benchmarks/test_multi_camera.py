"""The parts of the multi-camera table that decide what its figures mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.scene import CameraFolder
from ml.pipeline.video import IndexedVideo, VideoFile
from ml.types import Detections
from ml.video import FrameIndex
from tests.benchmarks.comparison.multi import View, seen_twice, truth_of
from tests.benchmarks.comparison.multi_page import gaps
from tests.benchmarks.comparison.ordering import Ordering, verdict
from tests.benchmarks.comparison.scenes import Footage
from tests.benchmarks.comparison.sequences import Sequence, Truth
from tests.unit.benchmarks.test_comparison import rows


def test_a_vehicle_counts_that_two_cameras_see_in_five_boxes_each() -> None:
    left = np.array([1] * 5 + [2] * 5 + [3] * 4, np.int32)
    right = np.array([1] * 5 + [3] * 9, np.int32)
    assert seen_twice([left, right]).tolist() == [1]
    assert seen_twice([left]).tolist() == []


def view(truth: Path, name: str, first: int, stop: int) -> View:
    """Frames first .. stop - 1 of a camera; vehicle 1 is there in its frames 0..9."""
    truth.write_text("".join(f"{frame},1,0,0,9,9,1,-1,-1,-1\n" for frame in range(1, 11)))
    camera = CameraFolder(name, None, ground_truth_path=truth)
    video = IndexedVideo(VideoFile.at(truth), FrameIndex(np.arange(10) / 10), 64, 48)
    sequence = Sequence(name, first, stop - first, Detections.empty(), Truth(rows(), rows()))
    return View(Footage(camera, video, Detections.empty()), sequence)


def test_the_truth_of_a_half_is_what_its_own_frames_show(tmp_path: Path) -> None:
    truth = tmp_path / "gt.txt"
    whole = truth_of([view(truth, "c001", 2, 8), view(truth, "c002", 0, 5)])
    assert {name: part.frames.tolist() for name, part in whole.items()} == {
        "c001": [2, 3, 4, 5, 6, 7],
        "c002": [0, 1, 2, 3, 4],
    }
    short = truth_of([view(truth, "c001", 2, 8), view(truth, "c002", 0, 4)])  # the second sees it in four frames
    assert [len(part) for part in short.values()] == [0, 0]


@pytest.mark.parametrize(
    ("measured", "said"),
    [([0.1, 0.02], "confirmed"), ([-0.1, -0.02], "refuted"), ([0.1, -0.02], "undecided"), ([0.1, 0.0], "undecided")],
)
def test_an_ordering_is_decided_only_where_every_scene_agrees(measured: list[float], said: str) -> None:
    assert verdict(measured) == said


def test_the_gaps_are_over_all_cameras_and_without_each() -> None:
    def entry(whole: float, without: float) -> dict[str, object]:
        return {"all": {"idf1": whole}, "without": {"c001": {"idf1": without}}}

    table = {"halves": {"test": {"nanodet": {"a": entry(0.5, 0.25), "b": entry(0.25, 0.5)}}}}
    assert gaps(table, "test", Ordering("idf1", "a", "b", "")) == [0.25, -0.25]
