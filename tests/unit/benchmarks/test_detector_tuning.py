from pathlib import Path

import numpy as np
import pytest

from ml.detection.tuning.views import LabelledView
from ml.video import FrameIndex
from tests.benchmarks.detector_tuning import Unit, compared, learned_view


def unit(scores: list[float], right: list[bool], found: list[bool]) -> Unit:
    hits = np.array(right, np.bool_)
    return Unit(np.array(scores, np.float32), hits, ~hits, np.array(found, np.bool_))


def test_figures_before_and_after_and_their_difference() -> None:
    """Of four vehicles two are found at first (51 of 101 levels at precision 1), later all; wrong boxes come last."""
    half = unit([0.9, 0.3], [True, False], [True, False])
    whole = unit([0.9, 0.8, 0.3], [True, True, False], [True, True])

    found = compared({(0, 1): (half, half), (1, 1): (half, half)}, {(0, 1): (whole, whole), (1, 1): (whole, whole)})

    assert found["AP50"]["before"] == pytest.approx(51 / 101)
    assert found["AP50"]["after"] == pytest.approx(1.0)
    assert found["recall"]["difference"] == pytest.approx([0.5, 0.5, 0.5])
    assert found["precision"]["difference"] == pytest.approx([2 / 3 - 1 / 2] * 3)


def test_every_other_vehicle_is_learned_and_the_rest_is_ignored() -> None:
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)
    numbers = np.array([4, 5, 6], np.int32)
    index, classes = FrameIndex(np.arange(9) / 10), np.full(3, 3, np.int32)
    film = LabelledView("c1", Path("v.mp4"), index, numbers, boxes, classes, numbers, np.zeros(3, np.bool_))

    learned = learned_view(film)

    assert learned.vehicles.tolist() == learned.frames.tolist() == [4, 6]
    assert learned.boxes.tolist() == boxes[[0, 2]].tolist()
    assert learned.ignored_frames.tolist() == [5]
    assert learned.ignored.tolist() == boxes[[1]].tolist()
