"""Opening a video file and decoding it from front to back, whatever state it is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ml.types import Image, UserError

# Demuxers that read one plain file. Playlists (hls, concat, dash) are left out: they would make
# an uploaded file open other files, and text formats would turn any text into a "video".
CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,mxf,gxf,nut,ivf,"
    "h264,hevc,m4v,mpegvideo,mjpeg,av1,obu,dv,rm,wtv"
)
_TOO_MANY_FAILURES = 1000
# Codecs in which every packet shows one picture; others hide some, or leave packets empty.
_ONE_PICTURE_A_PACKET = frozenset(("h264", "hevc", "mjpeg", "mpeg1video", "mpeg2video"))

# Several pictures at a time are decoded faster; slices of one picture conceal damage the same way in every run.
Threads = Literal["AUTO", "SLICE"]


@contextmanager
def open_video(
    path: Path, *, threads: Threads = "AUTO", hwaccel: HWAccel | None = None
) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first video stream, set to decode with several threads or on a device.

    Raises UserError video-missing, video-empty, video-unreadable or no-video-stream.
    """
    check_file(path)
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    try:
        container = av.open(str(path), options=options, hwaccel=hwaccel)
    except FFmpegError as error:
        raise unreadable(path, f"it is not a video, or its header is missing ({error.strerror})") from error
    with container:
        stream = _video_stream(container, path)
        stream.thread_type = threads
        yield container, stream


def check_file(path: Path) -> None:
    """Raises UserError video-missing or video-empty."""
    if not path.is_file():
        raise UserError("video-missing", f"{path}: there is no such file; check the path.")
    if path.stat().st_size == 0:
        raise UserError("video-empty", f"{path}: the file has no content; copy or upload it again.")


def unreadable(path: Path, reason: str) -> UserError:
    """The error for a file that cannot be decoded, for `reason`."""
    advice = "play it in a video player to check it, then copy, convert or upload it again."
    return UserError("video-unreadable", f"{path}: {reason}; {advice}")


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:  # cover art of a sound file
            return stream
    raise UserError(
        "no-video-stream",
        f"{path}: the file holds {len(container.streams)} stream(s) but no video; export it with its pictures.",
    )


class Decoder:
    """Decodes one stream in presentation order and counts what could not be decoded.

    pictures()  yields (time, picture): seconds on the container's own clock, strictly increasing
    corrupt     packets or pictures that were damaged, missing or shared another picture's time
    timed       False once a picture came without a time of its own (a raw elementary stream);
                its time then follows from its place, which is only known from the front
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream
        self._step = 1 / (stream.guessed_rate or stream.average_rate or Fraction(25))
        # AVI keeps no presentation times. What FFmpeg guesses repeats and skips some; the decoding times
        # that it hands on with the pictures rise evenly, and keep their gap where a picture is lost.
        self._guessed = container.format.name == "avi"
        self._last: Fraction | None = None
        self._read = 0
        self._shown = 0
        self.corrupt = 0
        self.timed = True

    def pictures(self) -> Iterator[tuple[Fraction, VideoFrame]]:
        for picture in self._decoded():
            time = self._time_of(picture)
            if picture.is_corrupt or (self._last is not None and time <= self._last):
                self.corrupt += 1
                continue
            self._last = time
            self._shown += 1
            yield time, picture

    def lost(self, size: int) -> int:
        """Packets or pictures of a file of `size` bytes, read from front to back, that were not shown.

        One damaged key frame takes the pictures up to the next with it: where packets and pictures go
        together these are all counted, and those beyond the end of a file that was cut short too.
        """
        listed = [entry for entry in self._stream.index_entries if entry.size and not entry.is_discard]
        beyond = sum(1 for entry in listed if entry.pos + entry.size > size)
        if self._stream.codec_context.name not in _ONE_PICTURE_A_PACKET:
            return max(self.corrupt, beyond)
        return max(self.corrupt, beyond, self._read - self._shown, len(listed) - self._shown)

    def _decoded(self) -> Iterator[VideoFrame]:
        for packet in self._packets():
            self._read += bool(packet.size and not packet.is_discard)
            if packet.is_corrupt:  # decoding it would also lose good pictures still in the pipe
                self.corrupt += 1
                continue
            try:
                yield from packet.decode()
            except FFmpegError:
                self.corrupt += 1

    def _packets(self) -> Iterator[Packet[VideoStream]]:
        """Every packet that can be read; a damaged place in the file is stepped over."""
        failures = 0
        while failures < _TOO_MANY_FAILURES:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield packet
                return
            except FFmpegError:
                failures += 1
                self.corrupt += 1

    def _time_of(self, picture: VideoFrame) -> Fraction:
        time_base = picture.time_base or self._stream.time_base
        stamp = picture.dts if self._guessed else picture.pts
        if stamp is not None and time_base is not None:
            return stamp * time_base
        # The pictures that AVI's decoder still holds at the end follow the last one that had a time.
        self.timed = self.timed and self._guessed
        return Fraction(0) if self._last is None else self._last + self._step


def pixels(picture: VideoFrame, layout: str, width: int, height: int) -> Image:
    """A picture as an array [height, width, 3] uint8, in `layout` "rgb24" or "bgr24".

    Graphics cards hand pictures over as NV12. It is turned into planes first, as software decodes: FFmpeg's direct
    way from NV12 to RGB rounds colours otherwise.
    """
    if picture.format.name == "nv12":
        picture = picture.reformat(format="yuv420p")
    return cast(Image, picture.to_ndarray(format=layout, width=width, height=height))
