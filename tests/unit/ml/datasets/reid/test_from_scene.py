"""Vehicles cut out of a labelled scene read back as a set with their identities, cameras and times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.mot import TrackRows
from ml.datasets.reid import read_picture, read_reid
from ml.datasets.reid.from_scene import CutRule, chosen_rows, cut_reid_set
from ml.types import Progress, UserError
from tests.unit.ml.video.clips import number_shown, write_clip


def truth(frames: list[int], ids: list[int], *, sides: float = 40, speed: float = 10) -> TrackRows:
    """Square boxes that move to the right by `speed` pixels a frame."""
    boxes = np.array([[10 + speed * frame, 20, 10 + speed * frame + sides, 20 + sides] for frame in frames], np.float32)
    return TrackRows(np.array(frames, np.int32), np.array(ids, np.int32), boxes, np.ones(len(frames), np.float32))


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """Two cameras of 8 frames, 10 a second; c002 starts 2 s later and has vehicle 7 alone."""
    video = write_clip(tmp_path / "clip.mp4", times_ms=range(0, 800, 100), options={"qp": "0"})
    write_scene(
        tmp_path / "given",
        "S01",
        [
            CameraContent("c001", video, ground_truth=truth([0, 1, 2, 3, 4, 2, 3], [7] * 5 + [9] * 2)),
            CameraContent("c002", video, ground_truth=truth([5], [7]), start_s=2.0),
        ],
    )
    return tmp_path / "given"


def test_pictures_are_spaced_for_each_vehicle() -> None:
    rows = chosen_rows(truth([0, 1, 2, 3, 4, 2, 3], [7] * 5 + [9] * 2), np.arange(8) / 10, CutRule(spacing_s=0.2))
    assert rows.tolist() == [0, 2, 4, 5]


@pytest.mark.parametrize(("speed", "rows"), [(10, [0, 1, 2, 3, 4]), (0, [0, 3]), (4, [0, 2, 4])])
def test_a_vehicle_that_stands_is_not_cut_out_again_and_again(speed: float, rows: list[int]) -> None:
    """Boxes of 40 pixels that move by 4 overlap by 36/44 = 0.82 after one frame, by 32/48 = 0.67 after two."""
    given = truth([0, 1, 2, 3, 4], [7] * 5, speed=speed)
    assert chosen_rows(given, np.arange(5) / 10, CutRule(spacing_s=0.1, standing_s=0.3)).tolist() == rows


def test_small_boxes_and_frames_behind_the_video_s_end_are_left_out() -> None:
    rule, times = CutRule(spacing_s=0, smallest=40), np.arange(2) / 10
    assert chosen_rows(truth([0, 1, 2], [7, 7, 7]), times, rule).tolist() == [0, 1]
    assert chosen_rows(truth([0, 1, 2], [7, 7, 7], sides=39), times, rule).tolist() == []


def test_a_cut_set_reads_back_with_identity_camera_time_and_tracklet(scene: Path, tmp_path: Path) -> None:
    assert cut_reid_set(scene, tmp_path / "out", CutRule(spacing_s=0.2)) == 5
    table = read_reid(tmp_path / "out").train
    assert [path.name for path in table.paths] == [
        "0007_c001_00000001_0.jpg",
        "0007_c001_00000003_0.jpg",
        "0007_c001_00000005_0.jpg",
        "0007_c002_00000006_0.jpg",
        "0009_c001_00000003_0.jpg",
    ]
    assert table.identity.tolist() == [7, 7, 7, 7, 9]
    assert table.camera_names().tolist() == ["c001", "c001", "c001", "c002", "c001"]
    assert table.tracklet.tolist() == [0, 0, 0, 1, 2]
    np.testing.assert_allclose(table.time_s, [0, 0.2, 0.4, 2.5, 0.2])


def test_each_picture_shows_its_frame_and_the_margin(scene: Path, tmp_path: Path) -> None:
    cut_reid_set(scene, tmp_path / "out", CutRule(spacing_s=0.2, margin=0.1))
    table = read_reid(tmp_path / "out").train
    pictures = [read_picture(table, row) for row in range(len(table))]
    assert [number_shown(picture) for picture in pictures] == [0, 2, 4, 5, 2]
    assert {picture.shape for picture in pictures} == {(48, 48, 3)}


def test_pictures_that_are_there_already_are_not_mixed_with_new_ones(scene: Path, tmp_path: Path) -> None:
    cut_reid_set(scene, tmp_path / "out")
    with pytest.raises(UserError, match="has pictures already"):
        cut_reid_set(scene, tmp_path / "out")


def test_a_call_that_is_stopped_leaves_nothing_and_the_same_call_starts_again(scene: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    def stopped_at_second_camera(label: str) -> Progress:
        def stop(done: int, total: int | None, unit: str) -> None:
            seen.append(f"{label} {done}/{total} {unit}")
            if label == "c002: pictures":
                raise KeyboardInterrupt

        return stop

    out, rule = tmp_path / "out", CutRule(spacing_s=0.2)
    with pytest.raises(KeyboardInterrupt):
        cut_reid_set(scene, out, rule, progress=stopped_at_second_camera)
    assert "c001: index 8/8 frames" in seen
    assert "c001: pictures 4/4 pictures" in seen
    assert list(out.iterdir()) == []
    assert cut_reid_set(scene, out, rule) == 5
    assert len(read_reid(out).train) == 5


def test_what_a_killed_call_left_is_not_mixed_in(scene: Path, tmp_path: Path) -> None:
    left = tmp_path / "out" / ".partial" / "image_train" / "0001_c009_00000001_0.jpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert cut_reid_set(scene, tmp_path / "out", CutRule(spacing_s=0.2)) == 5
    assert len(list((tmp_path / "out" / "image_train").iterdir())) == 5
    assert not (tmp_path / "out" / ".partial").exists()


def test_a_scene_with_nothing_to_cut_is_refused(scene: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="shorter side of 60 pixels"):
        cut_reid_set(scene, tmp_path / "out", CutRule(smallest=60))
    for path in scene.glob("S01/*/gt/gt.txt"):
        path.unlink()
    with pytest.raises(UserError, match="no camera has both"):
        cut_reid_set(scene, tmp_path / "out")


def test_a_rule_that_cannot_be_is_refused() -> None:
    with pytest.raises(UserError, match="spacing_s is -1"):
        CutRule(spacing_s=-1)


def test_a_scene_that_was_not_cut_names_the_command(scene: Path) -> None:
    with pytest.raises(UserError, match=r"cut its vehicles out first: python -m ml crops"):
        read_reid(scene)
