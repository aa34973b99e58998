"""det.txt, gt.txt and mtsc.txt: what is written is read back, what is malformed is refused by line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ml.datasets.mot import TrackRows, read_detections, read_tracks, read_truth, write_detections, write_tracks
from ml.types import Detections, Tracklet, UserError

corner = st.floats(-500, 4000, width=32)
extent = st.floats(0.125, 2000, width=32)


@st.composite
def boxes(draw: st.DrawFn, count: int) -> np.ndarray:
    left_top = draw(hnp.arrays(np.float32, (count, 2), elements=corner))
    size = draw(hnp.arrays(np.float32, (count, 2), elements=extent))
    return np.concatenate([left_top, left_top + size], axis=1).astype(np.float32)


@st.composite
def track_rows(draw: st.DrawFn) -> TrackRows:
    keys = draw(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), unique=True, max_size=20))
    scores = draw(hnp.arrays(np.float32, len(keys), elements=st.floats(0, 1, width=32)))
    frames, ids = np.array(keys, np.int32).reshape(-1, 2).T
    return TrackRows(frames, ids, draw(boxes(len(keys))), scores)


@given(rows=track_rows(), first_frame=st.sampled_from([0, 1]))
def test_tracks_survive_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, rows: TrackRows, first_frame: int
) -> None:
    path = tmp_path_factory.mktemp("tracks") / "gt.txt"
    write_tracks(path, rows, first_frame=first_frame)
    again = read_tracks(path, first_frame=first_frame)
    for name in ("frames", "ids", "boxes", "scores"):
        np.testing.assert_array_equal(getattr(again, name), getattr(rows, name))


@given(rows=track_rows())
def test_detections_survive_writing_and_reading(tmp_path_factory: pytest.TempPathFactory, rows: TrackRows) -> None:
    order = np.argsort(rows.frames, kind="stable")
    cars = np.full(len(rows), 3, np.int32)
    detections = Detections(rows.frames[order], rows.boxes[order], rows.scores[order], cars)
    path = tmp_path_factory.mktemp("detections") / "det.txt"
    write_detections(path, detections)
    again = read_detections(path)
    for name in ("frames", "boxes", "scores", "classes"):
        np.testing.assert_array_equal(getattr(again, name), getattr(detections, name))


def test_frames_become_zero_based_and_boxes_corners(tmp_path: Path) -> None:
    path = tmp_path / "gt.txt"
    path.write_text("7,96,289,175,29,34,1,-1,-1,-1\n")
    rows = read_tracks(path)
    assert (rows.frames[0], rows.ids[0]) == (6, 96)
    assert rows.boxes[0].tolist() == [289, 175, 318, 209]


def test_whole_numbers_are_written_without_a_point(tmp_path: Path) -> None:
    rows = TrackRows(
        np.array([6], np.int32),
        np.array([96], np.int32),
        np.array([[289, 175, 318.5, 209]], np.float32),
        np.ones(1, np.float32),
    )
    write_tracks(tmp_path / "gt.txt", rows)
    assert (tmp_path / "gt.txt").read_text() == "7,96,289,175,29.5,34,1,-1,-1,-1\n"


@pytest.mark.parametrize(
    "text",
    [
        "1 5 10 20 30 40 1\n",
        "1,5,10,20,30,40,1,-1,-1\n",
        "\ufeff1,5,10,20,30,40,1,-1,-1,-1\r\n\r\n",
        "1.0, 5, 10, 20, 30, 40, 1, -1, -1, -1, -1, extra\n",
    ],
)
def test_forms_in_circulation_are_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mtsc.txt"
    path.write_text(text, encoding="utf-8")
    rows = read_tracks(path)
    assert (rows.frames.tolist(), rows.ids.tolist()) == ([0], [5])
    assert rows.boxes.tolist() == [[10, 20, 40, 60]]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2,5,10,20,30", "5 columns where"),
        ("2,five,10,20,30,40,1", "id is 'five', not a number"),
        ("2,5,nan,20,30,40,1", "left is not finite"),
        ("0,5,10,20,30,40,1", "frame must be 1 or more"),
        ("2.5,5,10,20,30,40,1", "frame is not a whole number"),
        ("2,-1,10,20,30,40,1", "id must be 0 or more"),
        ("2,5,10,20,0,40,1", "width and height must be positive"),
        ("2,5,1e39,20,30,40,1", "lies more than 10,000,000 pixels away"),
        ("1,5,10,20,30,40,1", r"id 5 is in frame 1 twice \(first on line 1\)"),
        ("99999999999,5,10,20,30,40,1", "frame must be"),
    ],
)
def test_a_malformed_row_is_refused_with_file_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "gt.txt"
    path.write_text(f"1,5,10,20,30,40,1\n\n{row}\n")
    with pytest.raises(UserError, match=rf"gt\.txt, line 3: .*{reason}"):
        read_tracks(path)


def test_detection_scores_outside_zero_to_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "det.txt"
    path.write_text("1,-1,10,20,30,40,1.5\n")
    with pytest.raises(UserError, match="line 1: conf"):
        read_detections(path)


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0", b"1,2\x003"])
def test_a_binary_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gt.txt").write_bytes(content)
    with pytest.raises(UserError, match="not a text file"):
        read_tracks(tmp_path / "gt.txt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.txt does not exist"):
        read_tracks(tmp_path / "nowhere.txt")


def test_tracklets_and_rows_are_the_same_content() -> None:
    ones = np.ones(2, np.float32)
    first = Tracklet(1, np.array([0, 2], np.int32), np.array([[0, 0, 4, 4], [2, 0, 6, 4]], np.float32), ones)
    second = Tracklet(4, np.array([0, 1], np.int32), np.array([[9, 9, 12, 12], [9, 9, 13, 13]], np.float32), ones)
    rows = TrackRows.of([second, first])
    assert rows.frames.tolist() == [0, 0, 1, 2]
    assert rows.ids.tolist() == [1, 4, 4, 1]
    again = rows.tracklets()
    assert [tracklet.number for tracklet in again] == [1, 4]
    assert again[0].frames.tolist() == [0, 2]
    np.testing.assert_array_equal(again[1].boxes, second.boxes)


def test_no_tracklets_make_an_empty_file_that_reads_as_empty(tmp_path: Path) -> None:
    write_tracks(tmp_path / "mtsc.txt", TrackRows.of([]))
    assert (tmp_path / "mtsc.txt").read_text() == ""
    assert read_tracks(tmp_path / "mtsc.txt").tracklets() == []


def test_ground_truth_has_flags_and_classes_where_its_file_has_them(tmp_path: Path) -> None:
    (tmp_path / "gt.txt").write_text("1,1,0,0,9,9,1,3,1.0\n1,2,20,0,9,9,0,12,0.5\n")
    truth = read_truth(tmp_path / "gt.txt")
    assert truth.active.tolist() == [True, False]
    assert truth.classes is not None
    assert truth.classes.tolist() == [3, 12]


@pytest.mark.parametrize("tail", ["", ",-1,-1,-1", ",12.5,3,1", ",3,-1,-1\n2,1,0,0,9,9,1,-1,-1,-1"])
def test_files_without_classes_say_so(tmp_path: Path, tail: str) -> None:
    (tmp_path / "gt.txt").write_text(f"1,1,0,0,9,9,1{tail}\n")
    assert read_truth(tmp_path / "gt.txt").classes is None
