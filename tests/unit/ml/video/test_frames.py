"""Frame numbers: time to frame and back, and reading from the middle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.video import FrameIndex, index_frames, read_frames, sha256_of
from tests.unit.ml.video.clips import number_shown, write_clip

STEPS = st.lists(st.floats(0.001, 5), min_size=0, max_size=40)


@pytest.mark.parametrize(
    ("time_s", "frame"), [(-1, 0), (0, 0), (0.09, 0), (0.1, 1), (0.0999999, 1), (0.2, 1), (0.25, 2), (99, 2)]
)
def test_frame_on_screen(time_s: float, frame: int) -> None:
    assert FrameIndex(np.array([0, 0.1, 0.25])).frame_at(time_s) == frame


@given(STEPS)
def test_every_frame_is_on_screen_at_its_time_and_half_way_to_the_next(steps: list[float]) -> None:
    times = np.concatenate([[0.0], np.cumsum(steps)])
    index = FrameIndex(times)
    for frame in range(len(times)):
        assert index.frame_at(times[frame]) == index.frame_due(times[frame]) == frame
    for frame, step in enumerate(steps):
        assert index.frame_at(times[frame] + step / 2) == frame
        assert index.frame_due(times[frame] + step / 2) is None


@pytest.mark.parametrize(
    ("times", "variable"),
    [([0], False), ([0, 1], False), ([0, 0.033, 0.067, 0.1], False), ([0, 0.1, 0.2, 0.4], True)],
)
def test_uneven_clock(times: list[float], variable: bool) -> None:
    assert FrameIndex(np.array(times, np.float64)).variable_frame_rate is variable


@pytest.mark.parametrize("first", [0, 1, 7, 11, 12, 29])
@pytest.mark.parametrize("name", ["clip.mp4", "clip.ts", "clip.mkv"])
def test_reading_from_the_middle_gives_the_same_pictures(tmp_path: Path, name: str, first: int) -> None:
    clip = write_clip(tmp_path / name, options={"bf": "3", "g": "12", "x264-params": "open-gop=1"})
    read = read_frames(clip, index=index_frames(clip), first=first)
    assert [(number, number_shown(picture)) for number, picture in read] == [(n, n) for n in range(first, 30)]


def test_stride_and_stop(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    read = read_frames(clip, index=index_frames(clip), first=5, stop=20, stride=6)
    assert [(number, number_shown(picture)) for number, picture in read] == [(5, 5), (11, 11), (17, 17)]


def test_nothing_beyond_the_end(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4")
    index = index_frames(clip)
    assert list(read_frames(clip, index=index, first=30)) == []
    assert [n for n, _ in read_frames(clip, index=index, first=28, stop=99)] == [28, 29]


@pytest.mark.parametrize("how", [{"stride": 0}, {"first": -1}])
def test_senseless_ranges_are_refused(tmp_path: Path, how: dict[str, Any]) -> None:
    index = FrameIndex(np.zeros(1))
    with pytest.raises(ValueError, match="stride"):
        list(read_frames(tmp_path / "any.mp4", index=index, **how))


def test_checksum_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
