"""Writing H.264 that browsers play, with every picture at the presentation time it is given."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange
from av.video.stream import VideoStream

_MAX_WIDTH = 1280
_CLOCK = Fraction(1, 90_000)  # where the source has no clock of its own


def proxy_size(width: int, height: int) -> tuple[int, int]:
    """Even width and height of the proxy, at most 1280 wide, of the same shape."""
    scale = min(1.0, _MAX_WIDTH / width)
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


@dataclass(frozen=True)
class Encoding:
    """How H264Writer encodes; the defaults are quick and easy to step through in a browser.

    quality  x264's constant rate factor, lower is better     preset  x264's speed
    group    pictures from key frame to key frame: the most that is decoded to show any one
    """

    quality: int = 23
    preset: str = "veryfast"
    group: int = 12


class H264Writer:
    """Encodes pictures as they come; the file appears under its name only when it is complete.

    Without B-frames, so that decoding order is presentation order and no edit list is needed; on the
    source's own clock, so that no presentation time is rounded.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        clock: Fraction | None,
        encoding: Encoding = Encoding(),
    ) -> None:
        self._path = path
        self._partial = path.with_suffix(".partial")
        self._size = size
        self._clock = clock or _CLOCK
        self._start: Fraction | None = None
        self._container = av.open(str(self._partial), "w", format="mp4", options={"movflags": "faststart"})
        self._stream = self._add_stream(rate, encoding)

    def _add_stream(self, rate: Fraction, encoding: Encoding) -> VideoStream:
        options = {"crf": str(encoding.quality), "preset": encoding.preset, "g": str(encoding.group), "bf": "0"}
        stream = self._container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = self._clock
        return stream

    def write(self, picture: VideoFrame, time: Fraction) -> VideoFrame:
        """Add a picture due at `time` (seconds, rising); returns it as scaled for the file."""
        if self._start is None:
            self._start = time
        small = picture.reformat(*self._size, format="yuv420p", dst_color_range=ColorRange.MPEG)
        small.pts, small.time_base = round((time - self._start) / self._clock), self._clock
        small.pict_type = PictureType.NONE  # or the encoder would repeat the source's key frames
        self._container.mux(self._stream.encode(small))
        return small

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._container.mux(self._stream.encode())
            self._container.close()
            if kind is None:
                self._partial.replace(self._path)
        finally:
            self._partial.unlink(missing_ok=True)
