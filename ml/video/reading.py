"""Numbered pictures of an indexed video, as RGB arrays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ml.types import Image, Progress, no_progress
from ml.video.container import Decoder, Threads, open_video, pixels
from ml.video.frames import FrameIndex
from ml.video.hardware import choose_decoding
from ml.video.probe import probe


def read_frames(
    path: Path,
    *,
    index: FrameIndex,
    first: int = 0,
    stop: int | None = None,
    stride: int = 1,
    decode: str = "cpu",
    skipping: Progress = no_progress,
) -> Iterator[tuple[int, Image]]:
    """(frame number, picture [h, w, 3] RGB) for frames first, first + stride, ... below `stop`.

    A picture's number is the row of `index` that holds its presentation time, so a damaged picture
    is left out and never shifts the ones after it. Starts at the key frame before `first`, in a damaged
    video at its beginning: what damage leaves behind depends on the pictures decoded before. Memory
    does not grow with the length. Pictures all have the size the stream begins with.

    decode  "cpu", "auto" or "cuda" as in `choose_decoding`; the pictures are the same. Damaged videos are always
            decoded in software, which conceals damage the same way each time
    skipping  hears of the pictures before `first` that have to be decoded: in a damaged video all of them

    Raises UserError as `choose_decoding`; ValueError for a stride below 1 or a negative `first`.
    """
    if stride < 1 or first < 0:
        raise ValueError(f"stride {stride} must be at least 1 and first {first} at least 0")
    stop = len(index) if stop is None else min(stop, len(index))
    if first >= stop:
        return
    header = probe(path)
    for number, picture in numbered_pictures(path, index, first, decode=decode):
        if number >= stop:
            return
        if number < first:
            skipping(number + 1, first, "frames passed over")
        elif (number - first) % stride == 0:
            yield number, pixels(picture, "rgb24", header.width, header.height)


def numbered_pictures(
    path: Path, index: FrameIndex, first: int, *, decode: str = "cpu"
) -> Iterator[tuple[int, VideoFrame]]:
    """Numbered pictures from one at or before `first` on; those of a damaged video from its beginning."""
    damaged = index.corrupt_packets > 0
    hwaccel = choose_decoding(path, "cpu" if damaged else decode).hwaccel
    threads: Threads = "SLICE" if damaged else "AUTO"
    if first > 0 and not damaged:
        with open_video(path, threads=threads, hwaccel=hwaccel) as (container, stream):
            sought = _from_key_frame(container, stream, index, first)
            if sought is not None:
                yield from sought
                return
    with open_video(path, threads=threads, hwaccel=hwaccel) as (container, stream):
        yield from _in_index(Decoder(container, stream), index)


def _from_key_frame(
    container: InputContainer, stream: VideoStream, index: FrameIndex, first: int
) -> Iterator[tuple[int, VideoFrame]] | None:
    """Numbered pictures from the key frame before `first`; None if the file cannot be entered there."""
    if stream.time_base is None:
        return None
    target = (index.start_s + float(index.times_s[first])) / float(stream.time_base)
    try:
        container.seek(round(target), stream=stream)
    except FFmpegError:
        return None
    decoder = Decoder(container, stream)
    numbered = _in_index(decoder, index)
    entry = next(numbered, None)
    if entry is None or not decoder.timed or entry[0] > first:
        return None
    return chain([entry], numbered)


def _in_index(decoder: Decoder, index: FrameIndex) -> Iterator[tuple[int, VideoFrame]]:
    for time, picture in decoder.pictures():
        number = index.frame_due(float(time) - index.start_s)
        if number is not None:
            yield number, picture
