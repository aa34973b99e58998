"""Cutting a scene keeps frames, times and ids together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ml.cli.main import main
from ml.datasets.cut import cut_scene
from ml.datasets.layout import CameraContent, write_scene
from ml.datasets.links import write_links
from ml.datasets.mot import TrackRows
from ml.datasets.scene import CameraFolder, read_scene
from ml.types import CameraLink, UserError
from ml.video import index_frames, read_frames
from tests.unit.ml.video.clips import number_shown, write_clip


def _truth(spans: dict[int, tuple[int, int]]) -> TrackRows:
    """A box per frame in first..stop-1 of each id; its left edge is the frame it belongs to."""
    frames = np.concatenate([np.arange(*span) for span in spans.values()]).astype(np.int32)
    ids = np.repeat(np.array(list(spans), np.int32), [stop - first for first, stop in spans.values()])
    order = np.argsort(frames, kind="stable")
    boxes = np.stack([frames, frames * 0, frames + 10, frames * 0 + 20], axis=1).astype(np.float32)
    return TrackRows(frames[order], ids[order], boxes[order], np.ones(len(frames), np.float32))


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """c001: 10 frames/s from 1.0 s; c002: 8 frames/s from 0 s; 30 frames each."""
    slow = write_clip(tmp_path / "slow.mp4", times_ms=[125 * k for k in range(30)])
    fast = write_clip(tmp_path / "fast.mp4")
    write_scene(
        tmp_path / "given",
        "S01",
        [
            CameraContent("c001", fast, ground_truth=_truth({7: (0, 30), 8: (0, 30), 9: (0, 30)}), start_s=1.0),
            CameraContent("c002", slow, ground_truth=_truth({7: (0, 30), 8: (0, 20), 9: (18, 30)}), start_s=0.0),
        ],
    )
    return tmp_path / "given"


def _cut(scene: Path, out: Path) -> dict[str, CameraFolder]:
    cut_scene(scene, out, cameras=["c001", "c002"], start_s=2.05, seconds=1.0, quality=10)
    return {camera.name: camera for camera in read_scene(out).cameras}


def test_cameras_keep_the_frames_due_in_that_time(scene: Path, tmp_path: Path) -> None:
    """[2.05, 3.05): c001 has 2.1 .. 3.0 s = frames 11..20, c002 has 2.125 .. 3.0 s = frames 17..24."""
    cut = _cut(scene, tmp_path / "out")
    for name, start_s, numbers in (("c001", 0.05, range(11, 21)), ("c002", 0.075, range(17, 25))):
        video = cut[name].require_video()
        shown = [number_shown(picture) for _, picture in read_frames(video, index=index_frames(video))]
        assert shown == list(numbers)
        assert cut[name].start_s == pytest.approx(start_s)
        assert cut[name].frame_count == len(numbers)


def test_ground_truth_moves_with_the_frames_and_needs_two_cameras(scene: Path, tmp_path: Path) -> None:
    """Vehicle 8 has only frames 17..19 of c002 left, too few to count; 7 and 9 are seen by both."""
    cut = _cut(scene, tmp_path / "out")
    for name, first in (("c001", 11), ("c002", 17)):
        rows = cut[name].ground_truth()
        assert rows is not None
        assert set(rows.ids.tolist()) == {7, 9}
        assert np.array_equal(rows.boxes[:, 0], rows.frames + first)


def test_links_between_cameras_that_are_kept_are_kept(scene: Path, tmp_path: Path) -> None:
    there, back = CameraLink("c001", "c002", 1.0, 9.0), CameraLink("c002", "c001", -2.0, 5.0)
    write_links(scene / "S01" / "links.yaml", [there, back])
    for cameras, links in ((["c001", "c002"], (there, back)), (["c001"], ())):
        out = tmp_path / f"{len(cameras)} cameras"
        cut_scene(scene, out, cameras=cameras, start_s=2.0, seconds=0.5)
        assert read_scene(out).links == links


@pytest.mark.parametrize(
    ("cameras", "start_s", "seconds", "code"),
    [
        (["c001", "c009"], 2.0, 1.0, "camera-missing"),
        (["c001", "c002"], 90.0, 1.0, "nothing-to-cut"),
        (["c001", "c002"], 2.0, -1.0, "nothing-to-cut"),
    ],
)
def test_what_cannot_be_cut_is_refused(
    scene: Path, tmp_path: Path, cameras: list[str], start_s: float, seconds: float, code: str
) -> None:
    with pytest.raises(UserError) as refused:
        cut_scene(scene, tmp_path / "out", cameras=cameras, start_s=start_s, seconds=seconds)
    assert refused.value.code == code


def test_the_command_cuts_the_cameras_named_or_all(
    scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    span = ["--start", "2.05", "--seconds", "1", "--json"]
    assert main(["cut", str(scene), "--out", str(tmp_path / "both"), *span]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == {"c001": 10, "c002": 8}
    assert main(["cut", str(scene), "--out", str(tmp_path / "one"), "--cameras", "c002", *span]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == {"c002": 8}
    assert index_frames(tmp_path / "one" / "S01" / "c002" / "vdo.mp4").times_s[-1] == pytest.approx(7 / 8)
