"""Polygons that people draw on a picture, and the mask they make. Points are pixels; pixel (0, 0)'s corner is 0, 0."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LEAST_AREA_PX = 16.0


class Unusable(ValueError):
    """This is no region; the message says why, for people."""


def mask_of(polygons: Sequence[Doubles], size: tuple[int, int]) -> Mask:
    """[h, w] true where a pixel's middle lies in any of the polygons [n, 2]; `size` is width, height.

    Along each row the inside changes at every edge that the row's middle line crosses.
    """
    width, height = size
    whole = np.zeros((height, width), np.bool_)
    for polygon in polygons:
        changes = np.zeros((height, width + 1), np.uint8)
        for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            rows = np.arange(np.ceil(min(y1, y2) - 0.5), np.ceil(max(y1, y2) - 0.5)).astype(np.int64)
            if len(rows):
                crossings = x1 + (rows + 0.5 - y1) * (x2 - x1) / (y2 - y1)
                changes[rows, np.clip(np.ceil(crossings - 0.5), 0, width).astype(np.int64)] ^= 1
        whole |= np.bitwise_xor.accumulate(changes, axis=1)[:, :width].astype(np.bool_)
    return whole


def png_of(mask: Mask) -> bytes:
    """A PNG of one channel, white where true: each row is a filter byte (0, none) and its pixels."""
    height, width = mask.shape
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = mask * np.uint8(255)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def require_region(polygon: Doubles, size: tuple[int, int]) -> None:
    """Raises Unusable where the polygon [n, 2] leaves the picture, crosses itself or has no area."""
    width, height = size
    if len(polygon) < 3:
        raise Unusable("has fewer than three corners")
    if not ((polygon >= 0) & (polygon <= [width, height])).all():
        raise Unusable(f"leaves the picture of {width} x {height} pixels")
    following = np.roll(polygon, -1, axis=0)
    if (polygon == following).all(axis=1).any():
        raise Unusable("has the same corner twice in a row")
    if _crosses_itself(polygon, following):
        raise Unusable("crosses itself")
    across = polygon[:, 0] * following[:, 1] - following[:, 0] * polygon[:, 1]
    if abs(float(across.sum())) / 2 < LEAST_AREA_PX:
        raise Unusable(f"is smaller than {LEAST_AREA_PX:.0f} pixels")


def _crosses_itself(starts: Doubles, ends: Doubles) -> bool:
    """Whether two edges meet elsewhere than at the corner that they share."""
    one, other = np.triu_indices(len(starts), 1)
    beside = (other - one == 1) | ((one == 0) & (other == len(starts) - 1))
    if _meet(starts[one[~beside]], ends[one[~beside]], starts[other[~beside]], ends[other[~beside]]).any():
        return True
    leaving, coming = ends - starts, np.roll(ends - starts, 1, axis=0)
    straight = coming[:, 0] * leaving[:, 1] == coming[:, 1] * leaving[:, 0]
    return bool((straight & ((coming * leaving).sum(axis=1) < 0)).any())


def _meet(a: Doubles, b: Doubles, c: Doubles, d: Doubles) -> Mask:
    """[n] whether the pieces a-b and c-d have a point in common."""
    sides = np.sign([_side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)])
    crossing = (sides[0] * sides[1] < 0) & (sides[2] * sides[3] < 0)
    ends_within = [_within(a, b, c), _within(a, b, d), _within(c, d, a), _within(c, d, b)]
    return np.asarray(crossing | ((sides == 0) & ends_within).any(axis=0), np.bool_)


def _side(a: Doubles, b: Doubles, c: Doubles) -> Doubles:
    across: Doubles = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return across


def _within(a: Doubles, b: Doubles, c: Doubles) -> Mask:
    return np.asarray(((np.minimum(a, b) <= c) & (c <= np.maximum(a, b))).all(axis=1), np.bool_)
