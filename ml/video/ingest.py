"""Taking a video in: one decoding pass gives its index, a proxy for browsers and a poster."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2

from ml.types import Image, Progress, no_progress
from ml.video.container import Decoder, open_video, packets_beyond_end, pixels
from ml.video.encoding import H264Writer, proxy_size
from ml.video.frames import FrameIndex, IndexBuilder
from ml.video.probe import VideoInfo, describe

_POSTER_AT_S = 1.0
_POSTER_QUALITY = 85


@dataclass(frozen=True)
class IngestResult:
    """info and index of a video; proxy  H.264 MP4 with the same frames; poster  a JPEG picture."""

    info: VideoInfo
    index: FrameIndex
    proxy: Path
    poster: Path


def ingest_video(path: Path, out_dir: Path, *, progress: Progress = no_progress) -> IngestResult:
    """Decode `path` once and write `proxy.mp4` and `poster.jpg` into `out_dir`.

    The proxy has exactly the pictures of the index, at the same presentation times, counted from 0.
    The poster is the first picture of the second second, or the last of a shorter video.

    Raises UserError as `open_video`, and video-unreadable if no picture can be decoded; `proxy.mp4`
    then does not exist.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    proxy, poster = out_dir / "proxy.mp4", out_dir / "poster.jpg"
    with open_video(path) as (container, stream):
        info = describe(path, container, stream)
        missing = packets_beyond_end(stream, path.stat().st_size)
        decoder, builder = Decoder(container, stream), IndexBuilder()
        size = proxy_size(info.width, info.height)
        picture: Image | None = None
        with H264Writer(proxy, size, stream.average_rate or Fraction(25), stream.time_base) as writer:
            for time, frame in decoder.pictures():
                time_s = builder.add(time)
                small = writer.write(frame, time)
                if picture is None or time_s <= _POSTER_AT_S:
                    picture = pixels(small, "bgr24", *size)
                progress(len(builder), stream.frames or None, "frames")
            index = builder.finish(path, max(decoder.corrupt, missing))
    assert picture is not None  # the index has at least one frame
    cv2.imwrite(str(poster), picture, [cv2.IMWRITE_JPEG_QUALITY, _POSTER_QUALITY])
    return IngestResult(info.counted(index), index, proxy, poster)
