"""Any video people may bring ends in the right frame index and proxy, or in a clear refusal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from ml.types import UserError
from ml.video import FrameIndex, index_frames, ingest_video, probe, read_frames
from ml.video.container import pixels
from tests.unit.ml.video.clips import fast_start, number_shown, write_clip, write_sound, write_without_index

TEN_A_SECOND = np.arange(30) * 0.1
UNEVEN_MS = [0, 40, 80, 250, 900, 933, 966, 2000, 2010, 2500]


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("plain.mp4", {}),
        ("b_frames.mp4", {"options": {"bf": "3", "g": "9"}}),
        ("hevc.mp4", {"codec": "libx265", "options": {"x265-params": "log-level=none:pools=1"}}),
        (
            "ten_bit.mp4",
            {"codec": "libx265", "pixel_format": "yuv420p10le", "options": {"x265-params": "log-level=none"}},
        ),
        ("odd.mkv", {"codec": "mjpeg", "pixel_format": "yuvj444p", "size": (163, 121)}),
        ("wide.mp4", {"size": (1600, 90)}),
        ("late_start.mp4", {"times_ms": [700 + 100 * k for k in range(30)]}),
        ("negative.mkv", {"times_ms": [-300 + 100 * k for k in range(30)], "options": {"bf": "2"}}),
        ("stream.ts", {"options": {"bf": "2"}}),
        ("old.avi", {"codec": "mpeg4", "options": {"qmin": "1", "qmax": "1"}}),
    ],
)
def test_index_and_proxy_agree(tmp_path: Path, name: str, how: dict[str, Any]) -> None:
    result = ingest_video(write_clip(tmp_path / name, **how), tmp_path / "out")
    proxy_index = index_frames(result.proxy)
    assert result.index.times_s == pytest.approx(TEN_A_SECOND, abs=1e-4)
    assert result.index.corrupt_packets == 0
    assert proxy_index.times_s == pytest.approx(result.index.times_s, abs=1e-9)
    assert (result.info.frame_count, result.info.variable_frame_rate) == (30, False)
    assert result.info.fps == pytest.approx(10, abs=1e-3)
    shown = [number_shown(picture) for _, picture in read_frames(result.proxy, index=proxy_index)]
    assert shown == list(range(30))


def test_proxy_is_what_chromium_plays(tmp_path: Path) -> None:
    source = write_clip(tmp_path / "odd.mkv", codec="mjpeg", pixel_format="yuvj444p", size=(1921, 1081))
    proxy = ingest_video(source, tmp_path / "out").proxy
    info = probe(proxy)
    assert (info.codec, info.pixel_format, info.width, info.height) == ("h264", "yuv420p", 1280, 720)
    head = proxy.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
    with av.open(str(proxy)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
    assert keys[0] == 0
    assert max(np.diff([*keys, len(packets)])) <= 12
    assert all(packet.pts == packet.dts for packet in packets)


@pytest.mark.parametrize("name", ["vfr.mkv", "vfr.mp4"])
@pytest.mark.parametrize("b_frames", ["0", "3"])
def test_uneven_steps_are_kept(tmp_path: Path, name: str, b_frames: str) -> None:
    result = ingest_video(write_clip(tmp_path / name, times_ms=UNEVEN_MS, options={"bf": b_frames}), tmp_path)
    assert result.index.times_s == pytest.approx(np.array(UNEVEN_MS) / 1000)
    assert result.info.variable_frame_rate
    proxy_index = index_frames(result.proxy)
    assert proxy_index.times_s == pytest.approx(result.index.times_s, abs=1e-9)
    shown = [number_shown(picture) for _, picture in read_frames(result.proxy, index=proxy_index)]
    assert shown == list(range(len(UNEVEN_MS)))


def _with_equal_times(path: Path) -> Path:
    """Four pictures, the third due at the same time as the second."""
    source = write_clip(path.with_name("source.mkv"), codec="mjpeg", pixel_format="yuvj420p", times_ms=range(4))
    with av.open(str(source)) as given, av.open(str(path), "w") as out:
        stream = out.add_stream_from_template(given.streams.video[0])
        for packet, time in zip(given.demux(video=0), [0, 100, 100, 200], strict=False):
            packet.pts = packet.dts = time
            packet.stream = stream
            out.mux(packet)
    return path


def test_pictures_that_share_a_time_are_shown_once(tmp_path: Path) -> None:
    clip = _with_equal_times(tmp_path / "twice.mkv")
    result = ingest_video(clip, tmp_path / "out")
    assert result.index.times_s == pytest.approx([0, 0.1, 0.2])
    assert result.index.corrupt_packets == 1
    assert [number_shown(p) for _, p in read_frames(clip, index=result.index)] == [0, 1, 3]


def test_a_file_cut_short_gives_what_is_there(tmp_path: Path) -> None:
    whole = fast_start(tmp_path / "whole.mp4", options={"bf": "2", "g": "6"}).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 7 // 10])
    result = ingest_video(cut, tmp_path / "out")
    count = len(result.index)
    assert 0 < count < 30
    assert result.info.corrupt_frames == result.index.corrupt_packets > 0
    assert count + result.info.corrupt_frames == 30
    due = [round(time * 10) for time in result.index.times_s]
    assert [number_shown(p) for _, p in read_frames(cut, index=result.index)] == due


def test_damage_in_the_middle_shifts_no_number(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "hurt.mp4", codec="mjpeg", pixel_format="yuvj420p")
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    content = bytearray(path.read_bytes())
    start, size = places[10]
    assert start is not None
    content[start : start + size] = bytes(size)
    path.write_bytes(content)
    index = index_frames(path)
    assert (len(index), index.corrupt_packets) == (29, 1)
    assert index.times_s == pytest.approx(np.delete(TEN_A_SECOND, 10))
    assert [number_shown(p) for _, p in read_frames(path, index=index)] == [k for k in range(30) if k != 10]


def test_a_raw_stream_without_times_gets_even_steps(tmp_path: Path) -> None:
    index = index_frames(write_clip(tmp_path / "raw.h264", options={"bf": "0"}))
    assert len(index) == 30
    assert np.ptp(np.diff(index.times_s)) < 1e-9
    read = read_frames(tmp_path / "raw.h264", index=index, first=20)
    assert [(n, number_shown(p)) for n, p in read] == [(n, n) for n in range(20, 30)]


def _text(path: Path) -> None:
    path.write_text("not a video at all\n" * 500)


def _playlist(path: Path) -> None:
    other = write_clip(path.with_name("other.mp4"))
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:5,\n{other}\n#EXT-X-ENDLIST\n")


def _garbled(path: Path) -> None:
    content = fast_start(path).read_bytes()
    start = content.index(b"mdat") + 4
    path.write_bytes(content[:start] + bytes(len(content) - start))


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("video-missing", lambda path: None),
        ("video-empty", lambda path: path.touch()),
        ("video-unreadable", _text),
        ("video-unreadable", _playlist),
        ("video-unreadable", write_without_index),
        ("no-video-stream", write_sound),
    ],
)
def test_what_is_no_video_is_refused_by_name(tmp_path: Path, code: str, make: Callable[[Path], object]) -> None:
    path = tmp_path / "given.mp4"
    make(path)
    for act in (probe, index_frames, lambda path: ingest_video(path, tmp_path / "out")):
        with pytest.raises(UserError, match=r"given\.mp4") as refused:
            act(path)
        assert refused.value.code == code
    assert not list(tmp_path.glob("out/proxy*"))


def test_a_file_without_one_good_picture_is_refused(tmp_path: Path) -> None:
    _garbled(tmp_path / "garbled.mp4")
    with pytest.raises(UserError, match="none of its pictures") as refused:
        ingest_video(tmp_path / "garbled.mp4", tmp_path / "out")
    assert refused.value.code == "video-unreadable"
    assert not list((tmp_path / "out").iterdir())


def test_cancelling_leaves_no_proxy(tmp_path: Path) -> None:
    def stop(done: int, total: int | None, unit: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_video(write_clip(tmp_path / "clip.mp4"), tmp_path / "out", progress=stop)
    assert not list((tmp_path / "out").iterdir())


def test_poster_is_the_picture_after_one_second(tmp_path: Path) -> None:
    result = ingest_video(write_clip(tmp_path / "clip.mp4"), tmp_path / "out")
    with av.open(str(result.poster)) as container:
        poster = pixels(next(container.decode(video=0)), "rgb24", 160, 120)
    assert (poster.shape, number_shown(poster)) == ((120, 160, 3), 10)


def test_progress_counts_every_frame(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None, str]] = []
    ingest_video(write_clip(tmp_path / "clip.mp4"), tmp_path, progress=lambda *report: seen.append(report))
    assert seen == [(k, 30, "frames") for k in range(1, 31)]


def test_index_survives_saving(tmp_path: Path) -> None:
    index = FrameIndex(np.array([0, 0.1, 0.25]), 2, -1.5)
    index.save(tmp_path / "index.npz")
    loaded = FrameIndex.load(tmp_path / "index.npz")
    assert loaded.times_s.tolist() == index.times_s.tolist()
    assert (loaded.corrupt_packets, loaded.start_s) == (2, -1.5)


@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04 cut short"])
def test_a_broken_index_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "index.npz").write_bytes(content)
    with pytest.raises(UserError, match=r"index\.npz") as refused:
        FrameIndex.load(tmp_path / "index.npz")
    assert refused.value.code == "frame-index-unreadable"
