"""track1.txt: read, written, enlarged."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ml.datasets.submission import SubmissionRows, read_submission, scaled_boxes, write_submission
from ml.types import UserError

number = st.integers(0, 2**31 - 2)


@st.composite
def submissions(draw: st.DrawFn) -> SubmissionRows:
    count = draw(st.integers(0, 12))
    cameras, ids, frames = (draw(hnp.arrays(np.int32, count, elements=number)) for _ in range(3))
    left_top = draw(hnp.arrays(np.float32, (count, 2), elements=st.floats(-99, 4000, width=32)))
    size = draw(hnp.arrays(np.float32, (count, 2), elements=st.floats(0.5, 999, width=32)))
    world = draw(hnp.arrays(np.float64, (count, 2), elements=st.floats(-1e6, 1e6)))
    boxes = np.concatenate([left_top, left_top + size], axis=1).astype(np.float32)
    return SubmissionRows(cameras, ids, frames, boxes, world)


@given(rows=submissions())
def test_submissions_survive_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, rows: SubmissionRows
) -> None:
    path = tmp_path_factory.mktemp("submission") / "track1.txt"
    write_submission(path, rows)
    again = read_submission(path)
    for name in ("cameras", "ids", "frames", "boxes", "world"):
        np.testing.assert_array_equal(getattr(again, name), getattr(rows, name))


def test_a_row_reads_as_the_challenge_defines_it(tmp_path: Path) -> None:
    path = tmp_path / "track1.txt"
    path.write_text("41 7 3 10 20 30 40 -1 -1\n41 7 3 10 20 30 40 -1 -1\n")
    rows = read_submission(path)
    assert rows.cameras.tolist() == [41, 41]
    assert (int(rows.ids[0]), int(rows.frames[0])) == (7, 2)
    assert rows.boxes[0].tolist() == [10, 20, 40, 60]


def test_world_columns_may_be_absent(tmp_path: Path) -> None:
    path = tmp_path / "track1.txt"
    path.write_text("1 7 3 10 20 30 40\n")
    assert read_submission(path).world.tolist() == [[-1, -1]]


def test_a_text_in_a_row_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "track1.txt"
    path.write_text("1 7 3 10 20 30 40 -1 -1\nc002 7 3 10 20 30 40 -1 -1\n")
    with pytest.raises(UserError, match=r"line 2: camera_id is 'c002'"):
        read_submission(path)


def test_boxes_grow_about_their_centres(tmp_path: Path) -> None:
    boxes = np.array([[10, 20, 50, 40]], np.float32)
    assert scaled_boxes(boxes, 1.25).tolist() == [[5, 17.5, 55, 42.5]]
    one = np.ones(1, np.int32)
    path = tmp_path / "track1.txt"
    write_submission(path, SubmissionRows.without_world(one, one, one, boxes), box_scale=1.25)
    assert path.read_text() == "1 1 2 5 17.5 50 25 -1 -1\n"


def test_sorting_orders_by_camera_frame_and_identity() -> None:
    rows = SubmissionRows.without_world(
        np.array([2, 1, 1], np.int32),
        np.array([1, 9, 4], np.int32),
        np.array([0, 5, 5], np.int32),
        np.arange(12, dtype=np.float32).reshape(3, 4),
    ).sorted()
    assert rows.ids.tolist() == [4, 9, 1]
    assert rows.boxes[0].tolist() == [8, 9, 10, 11]
