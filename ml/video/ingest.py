"""Taking a video in: one decoding pass gives its index, a proxy for browsers and a poster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import cv2

from ml.types import Image, Progress, no_progress
from ml.video.container import Decoder, Threads, open_video, pixels
from ml.video.encoding import H264Writer, proxy_size
from ml.video.frames import FrameIndex, IndexBuilder, counted_on
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

    The proxy has exactly the pictures of the index, at the same presentation times, counted from 0; a damaged
    video is decoded a second time, so that they are also those of `read_frames`. `index.corrupt_packets` says
    how many were damaged. The poster is the first picture of the second second, or the last of a shorter video.

    Raises UserError as `open_video`, and video-unreadable if no picture can be decoded; `proxy.mp4`
    then does not exist.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    result = _ingested(path, out_dir, "AUTO", progress)
    if not result.index.corrupt_packets:
        return result
    again = _ingested(path, out_dir, "SLICE", counted_on(progress, len(result.index)))
    index = again.index.with_damage_of(result.index)
    return replace(again, index=index, info=again.info.counted(index))


def _ingested(path: Path, out_dir: Path, threads: Threads, progress: Progress) -> IngestResult:
    proxy, poster = out_dir / "proxy.mp4", out_dir / "poster.jpg"
    with open_video(path, threads=threads) as (container, stream):
        info = describe(path, container, stream)
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
            index = builder.finish(path, decoder.lost(path.stat().st_size))
    assert picture is not None  # the index has at least one frame
    cv2.imwrite(str(poster), picture, [cv2.IMWRITE_JPEG_QUALITY, _POSTER_QUALITY])
    return IngestResult(info.counted(index), index, proxy, poster)
