"""The demo scene in fixtures/ is what its README says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ml.datasets.scene import CameraFolder, read_scene
from ml.video import index_frames, probe

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"
CAMERAS = read_scene(DEMO).cameras

pytestmark = pytest.mark.slow


def test_it_is_small_and_holds_no_machine_results() -> None:
    files = [path for path in DEMO.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 15e6
    assert not [path for path in files if path.parent.name in ("det", "mtsc", "segm")]


@pytest.mark.parametrize("camera", CAMERAS, ids=lambda camera: camera.name)
def test_each_camera_is_whole(camera: CameraFolder) -> None:
    info, index = probe(camera.require_video()), index_frames(camera.require_video())
    truth, roi, calibration = camera.ground_truth(), camera.roi(), camera.calibration()
    assert truth is not None
    assert roi is not None
    assert calibration is not None
    assert (len(index), index.corrupt_packets) == (camera.frame_count, 0)
    assert roi.shape == (info.height, info.width)
    assert truth.frames.max() < len(index)
    assert (truth.boxes.min(axis=0) >= 0).all()
    assert (truth.boxes.max(axis=0)[2:] <= [info.width, info.height]).all()


def test_cameras_cover_the_same_thirty_seconds() -> None:
    ends = [camera.start_s + index_frames(camera.require_video()).duration_s for camera in CAMERAS]
    assert max(camera.start_s for camera in CAMERAS) < 0.2
    assert ends == pytest.approx([30] * 4, abs=0.2)


def test_every_vehicle_is_in_two_cameras_or_more() -> None:
    seen: Counter[int] = Counter()
    for camera in CAMERAS:
        truth = camera.ground_truth()
        assert truth is not None
        ids, boxes = np.unique(truth.ids, return_counts=True)
        seen.update(ids[boxes >= 5].tolist())
    assert len(seen) == 45
    assert min(seen.values()) >= 2
