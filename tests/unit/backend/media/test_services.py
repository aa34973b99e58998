from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from backend.media.models import Video, VideoState
from backend.media.selectors import frame_times, ground_truth
from backend.media.services import (
    ground_truth_replace,
    video_mark_failed,
    video_mark_ready,
    video_register,
)
from backend.media.storage import file_size, local_path, read_range
from backend.scenes.models import Camera
from backend.scenes.services import camera_create, scene_create
from backend.tracking.arrays import unpack_boxes, unpack_frames
from tests.world import video_info


@pytest.fixture
def camera(db: None) -> Camera:
    return camera_create(scene=scene_create(actor=None, name="Road"), name="c001")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vdo.avi"
    path.write_bytes(bytes(range(200)))
    return path


def test_the_same_file_is_taken_in_once_for_a_camera(camera: Camera, file: Path, tmp_path: Path) -> None:
    video, is_new = video_register(camera=camera, path=file, start_s=1.5)
    copy = tmp_path / "copy.avi"
    copy.write_bytes(file.read_bytes())
    again, is_new_again = video_register(camera=camera, path=copy)
    assert (is_new, is_new_again) == (True, False)
    assert again == video
    assert (video.size, video.start_s, video.state) == (200, 1.5, VideoState.PENDING)
    other = camera_create(scene=camera.scene, name="c002")
    assert video_register(camera=other, path=file)[1] is True


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.MP4", ".mp4"), ("b.exe", ".bin"), ("c", ".bin"), ("../../d.mkv", ".mkv"), ("e.mp4/x", ".bin")],
)
def test_a_stored_name_keeps_only_a_known_suffix(camera: Camera, tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes(name.encode())
    video, _ = video_register(camera=camera, path=path, original_name=name)
    folder, stem = video.file.rsplit("/", 1)
    assert folder == f"scenes/{camera.scene_id}/videos"
    assert stem.endswith(suffix)
    assert len(stem) == 32 + len(suffix)
    assert "/" not in video.original_name


def test_a_stored_file_has_a_path_and_ranges(camera: Camera, file: Path) -> None:
    video, _ = video_register(camera=camera, path=file)
    with local_path(video.file) as path:
        assert path.read_bytes() == bytes(range(200))
    assert file_size(video.file) == 200
    assert read_range(video.file, 190, 50) == bytes(range(190, 200))


def test_a_missing_file_is_named(db: None) -> None:
    with pytest.raises(FileNotFoundError, match="scenes/none"), local_path("scenes/none.mp4"):
        pass


def test_ingest_makes_a_video_ready_and_a_failure_says_why(camera: Camera, file: Path) -> None:
    video, _ = video_register(camera=camera, path=file)
    video_mark_failed(video=video, problem="No video stream.")
    assert (video.state, video.problem) == (VideoState.FAILED, "No video stream.")
    times = np.array([0.0, 0.1, 0.25])
    video_mark_ready(video=video, info=video_info(), frame_times=times, proxy=file, poster=file)
    video.refresh_from_db()
    assert (video.state, video.problem, video.frame_count) == (VideoState.READY, "", 3)
    np.testing.assert_array_equal(frame_times(video=video), times)
    assert video.proxy.endswith("-proxy.mp4")


def test_truth_is_replaced_not_added_to(camera: Camera, file: Path) -> None:
    video, _ = video_register(camera=camera, path=file)

    def truth(identity: int) -> SimpleNamespace:
        return SimpleNamespace(
            identity=identity, frames=np.array([3, 4], np.int32), boxes=np.array([[1, 2, 3, 4]] * 2, np.float32)
        )

    assert ground_truth_replace(video=video, rows=[truth(1), truth(2)]) == 2
    assert ground_truth_replace(video=video, rows=[truth(9)]) == 1
    (row,) = ground_truth(scene=camera.scene)
    assert row.identity == 9
    assert unpack_frames(row.frames).tolist() == [3, 4]
    assert unpack_boxes(row.boxes).tolist() == [[1, 2, 3, 4]] * 2


def test_a_start_that_was_set_while_ingest_read_the_video_stays(camera: Camera, file: Path) -> None:
    """The clock of the scene, or of the camera, is moved while a job still has the row as it was."""
    video, _ = video_register(camera=camera, path=file, start_s=5.0)
    Video.objects.update(start_s=65.0)
    info, times = video_info(), np.arange(2) / 10
    video_mark_ready(video=video, info=info, frame_times=times, proxy=file, poster=file)
    after = Video.objects.get()
    assert (after.start_s, after.state, after.width, after.frame_count) == (65.0, VideoState.READY, 960, 2)
    assert frame_times(video=after).tolist() == [0.0, 0.1]
    assert after.proxy
    assert after.poster
