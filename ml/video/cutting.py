"""A span of a video as a video of its own."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from ml.video.encoding import Encoding, H264Writer
from ml.video.frames import FrameIndex
from ml.video.probe import probe
from ml.video.reading import numbered_pictures


def cut_video(path: Path, out: Path, *, index: FrameIndex, first: int, stop: int, quality: int) -> None:
    """Write frames first..stop-1 as H.264 of constant rate factor `quality`, spaced as they are, from time 0.

    The size stays (an odd side loses one pixel). Raises UserError as `open_video`.
    """
    info = probe(path)
    rate = Fraction(index.fps).limit_denominator(1001) or Fraction(1)
    encoding = Encoding(quality=quality, preset="slow", group=max(1, round(2 * rate)))
    size = info.width // 2 * 2, info.height // 2 * 2
    with H264Writer(out, size, rate, None, encoding) as writer:
        for number, picture in numbered_pictures(path, index, first):
            if number >= stop:
                break
            if number >= first:
                writer.write(picture, Fraction(float(index.times_s[number])))
