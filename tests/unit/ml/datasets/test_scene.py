"""Scene folders: found at three depths, written and read back, refused with a reason."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.datasets.calibration import Calibration
from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.mot import TrackRows, read_tracks
from ml.datasets.roi import read_roi, write_roi
from ml.datasets.scene import camera_numbers, find_scenes, read_camera_values, read_scene
from ml.types import CameraLink, UserError


def rows() -> TrackRows:
    return TrackRows(
        np.array([0, 4], np.int32),
        np.array([7, 7], np.int32),
        np.array([[1, 2, 3, 4.5], [2, 2, 4, 5]], np.float32),
        np.ones(2, np.float32),
    )


def content(video: Path) -> list[CameraContent]:
    video.write_bytes(b"not looked into")
    roi = np.zeros((20, 30), np.bool_)
    roi[7:, 3:] = True
    calibration = Calibration(np.diag([2.0, 3.0, 1.0]), "image-to-ground", "metres")
    return [
        CameraContent("c001", video, roi, calibration, rows(), rows(), start_s=1.2, frame_count=300),
        CameraContent("c002", video, start_s=0.0),
    ]


def test_a_written_scene_reads_back_the_same(tmp_path: Path) -> None:
    cameras = content(tmp_path / "in.mp4")
    links = [CameraLink("c001", "c002", -1.5, 20.0)]
    write_scene(tmp_path / "out", "S01", cameras, links)
    scene = read_scene(tmp_path / "out")
    assert (scene.name, scene.links) == ("S01", tuple(links))
    assert [(c.name, c.start_s, c.frame_count) for c in scene.cameras] == [("c001", 1.2, 300), ("c002", 0.0, None)]
    first, second = scene.cameras
    np.testing.assert_array_equal(first.roi(), cameras[0].roi)
    truth, calibration = first.ground_truth(), first.calibration()
    assert truth is not None
    np.testing.assert_array_equal(truth.boxes, rows().boxes)
    assert calibration is not None
    assert (calibration.direction, calibration.unit) == ("image-to-ground", "metres")
    assert (second.roi(), second.ground_truth(), second.calibration()) == (None, None, None)
    assert read_tracks(scene.path / "c001/mtsc/mtsc_crosstrack.txt").ids.tolist() == [7, 7]
    assert scene.has_ground_truth()


@pytest.mark.parametrize("depth", ["S01", "train/S01"])
def test_a_scene_is_found_below_its_root_and_split(tmp_path: Path, depth: str) -> None:
    root = tmp_path / "set"
    write_scene((root / depth).parent, "S01", content(tmp_path / "in.avi"))
    for start in (root, root / depth):
        scene = read_scene(start)
        assert scene.name == "S01"
        assert scene.cameras[0].start_s == 1.2
        assert scene.cameras[0].require_video().name == "vdo.avi"


def test_side_files_above_the_split_count_too(tmp_path: Path) -> None:
    write_scene(tmp_path / "set/train", "S01", content(tmp_path / "in.mp4"))
    (tmp_path / "set/train/cam_timestamp").rename(tmp_path / "set/cam_timestamp")
    assert read_scene(tmp_path / "set").cameras[0].start_s == 1.2


def test_several_scenes_are_named(tmp_path: Path) -> None:
    for name in ("S01", "S02"):
        write_scene(tmp_path / "set", name, content(tmp_path / "in.mp4"))
    assert [path.name for path in find_scenes(tmp_path / "set")] == ["S01", "S02"]
    with pytest.raises(UserError, match=r"several scenes \(S01, S02\)"):
        read_scene(tmp_path / "set")


def test_a_video_file_is_a_scene_of_one_camera(tmp_path: Path) -> None:
    video = tmp_path / "crossing.mp4"
    video.write_bytes(b"")
    scene = read_scene(video)
    assert (scene.name, [camera.name for camera in scene.cameras]) == ("crossing", ["crossing"])
    assert scene.cameras[0].require_video() == video


@pytest.mark.parametrize(
    ("path", "code"), [("nowhere", "scene-missing"), ("empty", "scene-empty"), ("notes.txt", "scene-missing")]
)
def test_what_is_no_scene_is_refused(tmp_path: Path, path: str, code: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UserError) as caught:
        read_scene(tmp_path / path)
    assert caught.value.code == code


def test_a_camera_without_a_video_says_what_to_do(tmp_path: Path) -> None:
    write_scene(tmp_path, "S01", [CameraContent("c001", ground_truth=rows())])
    with pytest.raises(UserError, match=r"Camera c001 has no video: put a vdo\.mp4"):
        read_scene(tmp_path).cameras[0].require_video()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("c001\n", "line 1: expected a camera"),
        ("c001 0\nc001 1\n", "line 2: expected a camera, once each"),
        ("c001 soon\n", "line 1: 'soon' is not a number"),
        ("c001 nan\n", "line 1: 'nan' is not finite"),
        ("c001 1e300\n", "line 1: '1e300' is not finite, or too large"),
    ],
)
def test_a_malformed_timestamp_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "S01.txt"
    path.write_text(text)
    with pytest.raises(UserError, match=reason):
        read_camera_values(path, float)


def test_camera_numbers_are_those_of_their_names_where_all_have_one() -> None:
    assert camera_numbers(["c041", "c042"]) == {"c041": 41, "c042": 42}
    assert camera_numbers(["north", "c042"]) == {"north": 1, "c042": 2}
    assert camera_numbers(["a1", "b1"]) == {"a1": 1, "b1": 2}


def test_a_colour_jpeg_roi_reads_as_one_channel(tmp_path: Path) -> None:
    picture = np.zeros((32, 32, 3), np.uint8)
    picture[16:] = 255
    cv2.imwrite(str(tmp_path / "roi.jpg"), picture)
    roi = read_roi(tmp_path / "roi.jpg")
    assert roi.shape == (32, 32)
    assert (roi == (picture[..., 0] > 0)).all()


def test_an_roi_is_written_exactly(tmp_path: Path) -> None:
    roi = np.random.default_rng(3).random((33, 47)) > 0.5
    write_roi(tmp_path / "c001", roi)
    np.testing.assert_array_equal(read_roi(tmp_path / "c001/roi.png"), roi)


def test_a_broken_roi_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roi.png").write_bytes(b"no picture")
    with pytest.raises(UserError, match=r"roi\.png is not a picture"):
        read_roi(tmp_path / "roi.png")
