"""What a detector found, missed and took for a vehicle in a frame, and the picture of that."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image as Pictures

from ml.detection.training.truth import FrameTruth
from ml.detection.tuning.scoring import FoundFrame
from ml.types import Detections, Float2D
from workers.found_pictures import FOUND, MISSED, WRONG, Judged, Moment, drawn, judged, worth_showing

NONE = np.zeros((0, 4), np.float32)


def boxes(*places: tuple[float, float]) -> Float2D:
    """100 x 100 pixels each, from their left upper corners."""
    return np.array([[x, y, x + 100, y + 100] for x, y in places], np.float32).reshape(-1, 4)


def frame(truth: Float2D, ignored: Float2D, found: Float2D, scores: list[float]) -> FoundFrame:
    classes = np.full(len(truth), 3, np.int32)
    about = FrameTruth(truth, classes, ignored=ignored, vehicles=np.arange(len(truth), dtype=np.int32))
    rows = np.zeros(len(found), np.int32)
    return FoundFrame(0, 7, about, Detections(rows, found, np.array(scores, np.float32), rows + 3))


def test_each_vehicle_is_found_once_and_what_lies_on_an_ignored_one_is_not_wrong() -> None:
    """The second of two boxes on one vehicle is wrong, the box on what nobody vouches for is not, and one that is not
    sure enough counts neither way."""
    truth, ignored = boxes((0, 0), (300, 0)), boxes((600, 0))
    found = boxes((10, 0), (0, 5), (610, 0), (300, 300), (300, 0))
    seen = judged(frame(truth, ignored, found, [0.9, 0.8, 0.7, 0.6, 0.2]), 0.3)
    assert seen.found.tolist() == boxes((0, 0)).tolist()
    assert seen.missed.tolist() == boxes((300, 0)).tolist()
    assert seen.wrong.tolist() == boxes((0, 5), (300, 300)).tolist()


def test_a_frame_without_any_box_is_judged_too() -> None:
    seen = judged(frame(NONE, NONE, NONE, []), 0.3)
    assert [len(part) for part in (seen.found, seen.missed, seen.wrong)] == [0, 0, 0]
    alone = judged(frame(NONE, NONE, boxes((0, 0)), [0.9]), 0.3)
    assert len(alone.wrong) == 1


def test_frames_that_differ_most_are_shown_each_moment_once() -> None:
    """The second and third lie within two seconds of the first; the last one shows nothing new."""
    moments = [(0, 5.0, 3), (0, 6.9, 2), (0, 4.0, 1), (0, 7.0, 1), (1, 5.0, 1), (1, 9.0, 0)]
    assert worth_showing([Moment(*each) for each in moments]) == [0, 3, 4]


def test_views_take_turns_where_nothing_differs() -> None:
    one = [Moment(0, 2.0 * step, 0) for step in range(9)]
    assert worth_showing([*one, Moment(1, 0.0, 0), Moment(1, 5.0, 0)]) == [0, 1, 2, 3, 9, 10]
    assert worth_showing([]) == []


def test_boxes_are_drawn_whole_dashed_and_crossed_out_in_a_smaller_picture() -> None:
    """Of a picture twice as wide as is shown."""
    shown = drawn(np.zeros((600, 1920, 3), np.uint8), Judged(boxes((200, 200)), boxes((600, 200)), boxes((1000, 200))))
    picture = np.asarray(Pictures.open(BytesIO(shown))).astype(int)
    assert picture.shape == (300, 960, 3)

    def drawn_at(x: int, y: int, colour: tuple[int, int, int]) -> bool:
        return bool(np.abs(picture[y, x] - np.array(colour)).max() < 60)

    assert all(drawn_at(x, 101, FOUND) for x in range(102, 148))
    dashes = [drawn_at(x, 101, MISSED) for x in range(302, 348)]
    assert any(dashes)
    assert not all(dashes)
    assert drawn_at(525, 125, WRONG)
