import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.reid import choose_views
from ml.reid.views import fully_visible
from ml.types import Tracklet

SIZE = (200, 100)  # width, height


def tracklet_of(boxes: list[tuple[float, float, float, float]], first: int = 0) -> Tracklet:
    frames = np.arange(first, first + len(boxes), dtype=np.int32)
    return Tracklet(1, frames, np.array(boxes, np.float32), np.ones(len(boxes), np.float32))


def squares(*sides: float) -> Tracklet:
    return tracklet_of([(10, 10, 10 + side, 10 + side) for side in sides], first=5)


def test_each_part_of_the_tracklet_gives_its_largest_box() -> None:
    tracklet = squares(10, 20, 15, 30, 40, 5)

    assert choose_views(tracklet, count=3, frame_size=SIZE).tolist() == [6, 8, 9]
    assert choose_views(tracklet, count=1, frame_size=SIZE).tolist() == [9]


def test_the_first_of_equal_boxes_is_taken() -> None:
    assert choose_views(squares(10, 10, 10, 10), count=2, frame_size=SIZE).tolist() == [5, 7]


def test_a_cut_vehicle_is_not_shown_where_a_whole_one_can_be() -> None:
    tracklet = tracklet_of([(0, 10, 90, 90), (10, 10, 30, 30), (110, 10, 200, 90)])

    assert choose_views(tracklet, count=2, frame_size=SIZE).tolist() == [1]


def test_cut_vehicles_are_shown_where_there_are_no_others() -> None:
    tracklet = tracklet_of([(0, 10, 30, 90), (0, 10, 90, 90)])

    assert choose_views(tracklet, count=1, frame_size=SIZE).tolist() == [1]


def test_a_filled_box_is_no_picture_of_the_vehicle() -> None:
    tracklet = squares(10, 40, 20)
    tracklet.scores[1] = 0

    assert choose_views(tracklet, count=1, frame_size=SIZE).tolist() == [7]
    tracklet.scores[:] = 0
    assert choose_views(tracklet, count=1, frame_size=SIZE).tolist() == [6]


@pytest.mark.parametrize(
    ("box", "whole"),
    [
        ((2, 2, 198, 98), True),
        ((1, 2, 50, 50), False),
        ((2, 1, 50, 50), False),
        ((50, 50, 199, 90), False),
        ((50, 50, 90, 99), False),
    ],
)
def test_border_of_the_frame_cuts(box: tuple[float, float, float, float], whole: bool) -> None:
    assert fully_visible(np.array([box], np.float32), SIZE).tolist() == [whole]


def test_bottom_centre_outside_the_roi_is_not_whole() -> None:
    roi = np.zeros((100, 200), np.bool_)
    roi[50:] = True
    boxes = np.array([[10, 10, 30, 40], [10, 10, 30, 60]], np.float32)

    assert fully_visible(boxes, SIZE, roi).tolist() == [False, True]


@given(st.lists(st.integers(1, 80), min_size=1, max_size=30), st.integers(1, 8))
def test_views_are_frames_of_the_tracklet_and_rise(sides: list[int], count: int) -> None:
    tracklet = squares(*sides)

    views = choose_views(tracklet, count=count, frame_size=SIZE)

    assert 1 <= len(views) <= count
    assert len(views) == min(count, len(sides))
    assert set(views.tolist()) <= set(tracklet.frames.tolist())
    assert (np.diff(views) > 0).all()
    largest = tracklet.frames[np.argmax(np.array(sides))]
    assert largest in views
