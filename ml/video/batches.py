"""Pictures of an indexed video in batches, decoded ahead, as arrays or as tensors on a device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ml.types import Double1D, Image, Int1D
from ml.video.frames import FrameIndex
from ml.video.hardware import Hardware
from ml.video.prefetch import prefetched
from ml.video.reading import read_frames
from ml.video.region import Region

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class FrameBatch:
    """A few pictures of one video.

    frames  [b] int32, rising       times_s  [b] float64, their presentation times
    images  [b, h, w, 3] uint8 RGB, of the region that was asked for
    """

    frames: Int1D
    times_s: Double1D
    images: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.frames)


@dataclass(frozen=True, slots=True)
class DeviceBatch:
    """As `FrameBatch`, with images as a tensor [b, h, w, 3] uint8 on a device."""

    frames: Int1D
    times_s: Double1D
    images: torch.Tensor

    def __len__(self) -> int:
        return len(self.frames)


def read_batches(
    path: Path,
    *,
    index: FrameIndex,
    size: int,
    first: int = 0,
    stop: int | None = None,
    stride: int = 1,
    region: Region | None = None,
    ahead: int = 0,
    hardware: Hardware = "off",
) -> Iterator[FrameBatch]:
    """Batches of `size` pictures, the last one maybe smaller; frames and damage as in `read_frames`.

    region  only this part of each picture; None: all of it
    ahead   batches decoded ahead in a thread while one is being used; 0: none. It pays where the caller waits
            for another device (a graphics card), and costs where the caller's own work fills the processor

    Raises as `read_frames`; ValueError for a size below 1 or a region beyond the picture.
    """
    if size < 1:
        raise ValueError(f"size {size} must be at least 1")
    frames = read_frames(path, index=index, first=first, stop=stop, stride=stride, hardware=hardware)
    yield from prefetched(_batches(frames, index, size, region), depth=ahead)


def batches_on(device: str, batches: Iterator[FrameBatch], *, ahead: int = 2) -> Iterator[DeviceBatch]:
    """The batches with their images on torch's `device` ("cpu", "cuda", "cuda:1").

    For CUDA a thread copies up to `ahead` batches to pinned memory in advance, and the copy to the device does
    not wait: it is ordered before whatever the caller's stream does with the tensor.
    """
    if not device.startswith("cuda"):
        yield from _tensors(batches, pinned=False)
        return
    for batch in prefetched(_tensors(batches, pinned=True), depth=ahead):
        yield replace(batch, images=batch.images.to(device, non_blocking=True))


def _batches(
    frames: Iterator[tuple[int, Image]], index: FrameIndex, size: int, region: Region | None
) -> Iterator[FrameBatch]:
    while batch := list(islice(frames, size)):
        numbers = np.array([number for number, _ in batch], np.int32)
        shown = [image if region is None else region.of(image) for _, image in batch]
        yield FrameBatch(numbers, index.times_s[numbers], np.stack(shown))


def _tensors(batches: Iterator[FrameBatch], *, pinned: bool) -> Iterator[DeviceBatch]:
    import torch  # only here: reading arrays must not load it

    for batch in batches:
        images = torch.from_numpy(batch.images)
        yield DeviceBatch(batch.frames, batch.times_s, images.pin_memory() if pinned else images)
