"""Ingest on whole videos: every frame is counted, the proxy matches, memory stays flat."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ml.video import index_frames, ingest_video, read_frames

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CITY = SHARED / "city_a"
REAL = SHARED / "real" / "car-detection.mp4"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CITY.is_dir(), reason="needs the benchmark city in ../shared/data"),
]


def _frame_counts() -> dict[str, int]:
    lines = (CITY / "cam_framenum" / "S01.txt").read_text().splitlines()
    return {camera: int(count) for camera, count in (line.split() for line in lines)}


@pytest.mark.parametrize("camera", ["c002", "c004"])
def test_every_frame_of_a_camera_is_indexed_and_in_the_proxy(tmp_path: Path, camera: str) -> None:
    result = ingest_video(CITY / "S01" / camera / "vdo.mp4", tmp_path)
    assert (len(result.index), result.index.corrupt_packets) == (_frame_counts()[camera], 0)
    assert index_frames(result.proxy).times_s == pytest.approx(result.index.times_s, abs=1e-9)


def test_a_real_clip_reads_the_same_from_the_middle(tmp_path: Path) -> None:
    index = index_frames(REAL)
    whole = {n: picture for n, picture in read_frames(REAL, index=index, first=0, stop=130) if n >= 120}
    middle = dict(read_frames(REAL, index=index, first=120, stop=130))
    assert list(middle) == list(range(120, 130))
    assert all(np.array_equal(whole[n], middle[n]) for n in middle)


def _peak_megabytes(stop: int) -> float:
    code = (
        "import resource, sys; from pathlib import Path; from ml.video import index_frames, read_frames\n"
        "path = Path(sys.argv[1]); index = index_frames(path)\n"
        "for _ in read_frames(path, index=index, stop=int(sys.argv[2])): pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    video = CITY / "S01" / "c001" / "vdo.mp4"
    command = [sys.executable, "-c", code, str(video), str(stop)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_memory_does_not_grow_with_the_number_of_frames_read() -> None:
    assert _peak_megabytes(1000) < _peak_megabytes(100) + 40
