"""Videos with damage in chosen packets, and clips in which every picture can be told from every other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

COUNT = 48
GROUP = 12  # pictures from key frame to key frame
WIDTH, HEIGHT = 160, 120
_STEP = 8  # pixels that the scene moves from picture to picture


def write_moving(path: Path, *, codec: str = "libx264", options: dict[str, str] | None = None) -> Path:
    """COUNT pictures, ten a second, of a patterned scene that moves to the left; a key frame every GROUP."""
    pattern = np.random.default_rng(5).integers(0, 255, (HEIGHT // 8, WIDTH + _STEP * COUNT, 3), np.uint8)
    scene = pattern[:, ::8].repeat(8, 0).repeat(8, 1)
    with av.open(str(path), "w") as out:
        given = {"g": str(GROUP), "bf": "0", "threads": "1"} | (options or {})
        stream = cast(VideoStream, out.add_stream(codec, rate=10, options=given))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 10)
        for number in range(COUNT):
            shown = np.ascontiguousarray(scene[:, _STEP * number : _STEP * number + WIDTH])
            frame = VideoFrame.from_ndarray(shown, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def places(path: Path) -> list[tuple[int, int]]:
    """(position, size) in bytes of each packet, in the file's order."""
    with av.open(str(path)) as container:
        return [(packet.pos or 0, packet.size) for packet in container.demux(video=0) if packet.size]


def flipped(path: Path, packets: Sequence[int]) -> Path:
    """A copy in which the middle third of each of the `packets`, the container's own bytes included, is flipped."""
    content, starts = bytearray(path.read_bytes()), [position for position, _ in places(path)]
    for packet in packets:
        position, size = starts[packet], starts[packet + 1] - starts[packet]
        middle = slice(position + size // 3, position + 2 * size // 3)
        content[middle] = bytes(byte ^ 0xFF for byte in content[middle])
    return _copy(path, "flipped", content)


def blanked(path: Path, packet: int) -> Path:
    """A copy in which one packet is nothing but zeros."""
    content = bytearray(path.read_bytes())
    position, size = places(path)[packet]
    content[position : position + size] = bytes(size)
    return _copy(path, "blanked", content)


def _copy(path: Path, name: str, content: bytearray) -> Path:
    copy = path.with_stem(f"{path.stem}-{name}")
    copy.write_bytes(content)
    return copy


def without_packets(path: Path, count: int) -> Path:
    """A copy that lacks the first `count` packets, as a recording that was joined late."""
    copy = path.with_stem(f"{path.stem}-late")
    with av.open(str(path)) as given, av.open(str(copy), "w") as out:
        stream = out.add_stream_from_template(given.streams.video[0])
        for number, packet in enumerate(given.demux(video=0)):
            if packet.dts is not None and number >= count:
                packet.stream = stream
                out.mux(packet)
    return copy
