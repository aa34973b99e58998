"""Packed arrays in binary columns: little-endian, row-major, the dtype fixed by the column (rule 7)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Buffer = bytes | bytearray | memoryview


def pack_frames(frames: npt.ArrayLike) -> bytes:
    """Frames [n], 0-based, as int32 bytes."""
    return np.ascontiguousarray(frames, dtype="<i4").tobytes()


def pack_floats(values: npt.ArrayLike) -> bytes:
    """Boxes [n, 4] or scores [n] as float32 bytes."""
    return np.ascontiguousarray(values, dtype="<f4").tobytes()


def pack_times(times: npt.ArrayLike) -> bytes:
    """Presentation times [n], seconds, as float64 bytes."""
    return np.ascontiguousarray(times, dtype="<f8").tobytes()


def unpack_frames(data: Buffer) -> npt.NDArray[np.int32]:
    return np.frombuffer(data, dtype="<i4")


def unpack_boxes(data: Buffer) -> npt.NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").reshape(-1, 4)


def unpack_scores(data: Buffer) -> npt.NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4")


def unpack_times(data: Buffer) -> npt.NDArray[np.float64]:
    return np.frombuffer(data, dtype="<f8")
