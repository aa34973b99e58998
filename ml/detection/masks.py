"""Masks of vehicles out of COCO's run lengths and polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ml.types import Mask

_BITS, _SIGN, _MORE, _BASE = 0x1F, 0x10, 0x20, 48  # of COCO's text for run lengths


def mask_of_coco(segmentation: object, picture: tuple[int, int]) -> Mask:
    """The mask [h, w] of a COCO annotation's `segmentation`: polygons, or run lengths as a list or as text.

    Raises ValueError saying what does not fit.
    """
    if isinstance(segmentation, Mapping):
        return _of_runs(segmentation, picture)
    if not isinstance(segmentation, Sequence) or isinstance(segmentation, str) or not segmentation:
        raise ValueError("a segmentation is a list of polygons or an object with counts and size")
    return _of_polygons(segmentation, picture)


def _of_polygons(polygons: Sequence[object], picture: tuple[int, int]) -> Mask:
    """A pixel belongs to a polygon x1, y1, x2, y2, ... if its centre lies inside."""
    mask = np.zeros(picture, np.bool_)
    for polygon in polygons:
        numbers = np.asarray(polygon, np.float64)
        if numbers.ndim != 1 or len(numbers) < 6 or len(numbers) % 2:
            raise ValueError("a polygon has three corners or more, x and y of each")
        mask |= _inside(numbers.reshape(-1, 2), picture)
    return mask


def _inside(corners: npt.NDArray[np.float64], picture: tuple[int, int]) -> Mask:
    """Even-odd rule: each edge turns over the pixels to its left in the rows that it spans."""
    inside = np.zeros(picture, np.bool_)
    rows, columns = np.arange(picture[0]) + 0.5, np.arange(picture[1]) + 0.5
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spanned = (y1 <= rows) != (y2 <= rows)
        crossing = x1 + (rows[spanned] - y1) * ((x2 - x1) / (y2 - y1 or 1))
        inside[spanned] ^= columns < crossing[:, None]
    return inside


def _of_runs(runs: Mapping[object, object], picture: tuple[int, int]) -> Mask:
    """Run lengths of 0 and 1 in turn, beginning with 0, down the columns."""
    counts, size = runs.get("counts"), runs.get("size")
    if size != list(picture):
        raise ValueError(f"its size is {size}, the picture's {list(picture)}")
    lengths = _lengths(counts) if isinstance(counts, str) else np.asarray(counts, np.int64)
    if lengths.ndim != 1 or (lengths < 0).any() or lengths.sum() != picture[0] * picture[1]:
        raise ValueError(f"its run lengths do not add up to {picture[0]} x {picture[1]} pixels")
    values = np.repeat(np.arange(len(lengths)) % 2 == 1, lengths)
    return values.reshape(picture[::-1]).T


def _lengths(text: str) -> npt.NDArray[np.int64]:
    """COCO's text: signed, five bits a character, low bits first; from the fourth on less the last but one."""
    lengths: list[int] = []
    value = shift = 0
    for character in text:
        code = ord(character) - _BASE
        value |= (code & _BITS) << shift
        shift += 5
        if not code & _MORE:
            value -= (1 << shift) if code & _SIGN else 0
            lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
            value = shift = 0
    return np.array(lengths, np.int64)
