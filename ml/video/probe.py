"""What a video's header says about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from ml.video.container import open_video, unreadable
from ml.video.frames import FrameIndex


@dataclass(frozen=True)
class VideoInfo:
    """A video's format, size and length.

    container            FFmpeg's name of the file format, e.g. "mov,mp4,m4a,3gp,3g2,mj2"
    codec, pixel_format  FFmpeg's names, e.g. "h264", "yuv420p"
    width, height        pixels of a decoded picture
    fps                  average frames a second, 0 if unknown
    frame_count          pictures; an estimate until the video is indexed
    duration_s           seconds
    variable_frame_rate  whether steps between pictures differ
    corrupt_frames       pictures that were damaged, most of them not shown; 0 until the video is indexed
    """

    container: str
    codec: str
    pixel_format: str
    width: int
    height: int
    fps: float
    frame_count: int
    duration_s: float
    variable_frame_rate: bool
    corrupt_frames: int = 0

    def counted(self, index: FrameIndex) -> VideoInfo:
        """The same with the figures that only decoding can tell."""
        return replace(
            self,
            fps=index.fps or self.fps,
            frame_count=len(index),
            duration_s=index.duration_s,
            variable_frame_rate=index.variable_frame_rate,
            corrupt_frames=index.corrupt_packets,
        )


def probe(path: Path) -> VideoInfo:
    """Read the header only; `frame_count` and `duration_s` are what it claims.

    Raises UserError video-missing, video-empty, video-unreadable or no-video-stream.
    """
    with open_video(path) as (container, stream):
        return describe(path, container, stream)


def describe(path: Path, container: InputContainer, stream: VideoStream) -> VideoInfo:
    """`VideoInfo` of an opened stream; UserError video-unreadable if it has no codec or no size."""
    codec = stream.codec_context
    if codec is None or not codec.width or not codec.height:
        raise unreadable(path, "its header names no known codec or no picture size")
    rate, base_rate = stream.average_rate, stream.base_rate
    fps = float(rate or stream.guessed_rate or 0)
    duration_s = _duration_s(container, stream)
    return VideoInfo(
        container=container.format.name,
        codec=codec.name,
        pixel_format=codec.pix_fmt or "unknown",
        width=codec.width,
        height=codec.height,
        fps=fps,
        frame_count=stream.frames or round(duration_s * fps),
        duration_s=duration_s,
        variable_frame_rate=bool(rate and base_rate and abs(float(rate) / float(base_rate) - 1) > 0.01),
    )


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return 0.0 if container.duration is None else container.duration / av.time_base
