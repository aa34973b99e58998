"""Small videos made for tests: picture k of a clip is a flat grey of level 7 * k + 20."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

MILLISECOND = Fraction(1, 1000)


def write_clip(
    path: Path,
    *,
    times_ms: Sequence[int] = tuple(range(0, 3000, 100)),
    codec: str = "libx264",
    size: tuple[int, int] = (160, 120),
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
) -> Path:
    """Encode one picture for each presentation time."""
    with av.open(str(path), "w", options=container or {}) as out:
        stream = cast(VideoStream, out.add_stream(codec, rate=10, options=options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = MILLISECOND
        for number, time in enumerate(times_ms):
            out.mux(stream.encode(_grey(number, time, size)))
        out.mux(stream.encode())
    return path


def number_shown(picture: npt.NDArray[np.uint8]) -> int:
    """Which picture of the clip this is, by its grey level."""
    return round((float(picture.mean()) - 20) / 7)


def _grey(number: int, time_ms: int, size: tuple[int, int]) -> VideoFrame:
    level = np.full((size[1], size[0], 3), 7 * number + 20, np.uint8)
    frame = VideoFrame.from_ndarray(level, format="rgb24")
    frame.pts, frame.time_base = time_ms, MILLISECOND
    return frame


def fast_start(path: Path, **how: Any) -> Path:
    """A clip whose table of contents comes first, so that a cut-off copy can still be opened."""
    return write_clip(path, container={"movflags": "faststart"}, **how)


def write_without_index(path: Path) -> Path:
    """The first half of a clip whose table of contents came last, as after a recording that was broken off."""
    content = write_clip(path.with_name("whole.mp4")).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def write_cut_short(path: Path) -> Path:
    """Two thirds of a clip whose table of contents comes first."""
    content = fast_start(path.with_name("whole.mp4")).read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


def write_sound(path: Path) -> Path:
    """A file with sound and no picture."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 44100, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path
