"""What people say of the vehicles in a video, as a detector learns from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ml.boxes import Boxes
from ml.types import Bool1D, Double1D, Float2D, Int1D, Mask
from ml.video import FrameIndex

BLOCK_S, HELD_BLOCK = 5.0, 5
_MARGIN_S = 0.5  # at either end of a held block, so that no frame is scored that looks like one that was learned from


def _no_frames() -> Int1D:
    return np.zeros(0, np.int32)


def _no_boxes() -> Float2D:
    return np.zeros((0, 4), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledView:
    """One video with its labels. What is in neither list of boxes is background, in every frame looked at.

    camera    its name                 path      the file
    index     of the file's frames     start_s   scene time of the first frame
    frames    [n] int32, 0-based frame of each box that people vouch for, in any order
    boxes     [n, 4] float32 xyxy px   classes   [n] int32 COCO ids
    vehicles  [n] int32, the same for the same vehicle in all views
    held      [n] bool, whether the vehicle is kept back for evaluation: nothing is learned where it is
    ignored_frames, ignored  [m] int32 and [m, 4] float32 xyxy px: vehicles that nobody vouches for, neither learned
              nor learned as background; finding them is neither right nor wrong
    looked_at  [k] int32, the frames that people looked at; None for all of them
    roi       [h, w] bool of the video's size, where vehicles are labelled: outside nothing is learned and nothing
              counts; None for everywhere
    """

    camera: str
    path: Path
    index: FrameIndex
    frames: Int1D
    boxes: Float2D
    classes: Int1D
    vehicles: Int1D
    held: Bool1D
    ignored_frames: Int1D = field(default_factory=_no_frames)
    ignored: Float2D = field(default_factory=_no_boxes)
    start_s: float = 0.0
    looked_at: Int1D | None = None
    roi: Mask | None = None

    @property
    def blocks(self) -> Int1D:
        """[frames] the block of scene time that each frame of the video lies in: `BLOCK_S` seconds."""
        blocks: Int1D = (self._times_s // BLOCK_S).astype(np.int32)
        return blocks

    @property
    def held_back(self) -> Bool1D:
        """[frames] whether nothing is learned from a frame, in any training: one block in `HELD_BLOCK` is held back."""
        held: Bool1D = self.blocks % HELD_BLOCK == 1
        return held

    @property
    def scored(self) -> Bool1D:
        """[frames] whether a frame is there to score on: those of held blocks but for a margin."""
        inside = self._times_s % BLOCK_S
        scored: Bool1D = self.held_back & (inside >= _MARGIN_S) & (inside <= BLOCK_S - _MARGIN_S)
        return scored

    @property
    def _times_s(self) -> Double1D:
        return self.start_s + self.index.times_s

    def __post_init__(self) -> None:
        """ValueError where the arrays do not go together."""
        for name in ("boxes", "classes", "vehicles", "held"):
            _require_rows(name, len(getattr(self, name)), len(self.frames))
        _require_rows("ignored", len(self.ignored), len(self.ignored_frames))
        for frames in (self.frames, self.ignored_frames):
            if len(frames) and not 0 <= frames.min() <= frames.max() < len(self.index):
                raise ValueError(f"{self.camera}: frames must lie within 0..{len(self.index) - 1}")
        for boxes in (self.boxes, self.ignored):
            _require_boxes(self.camera, boxes)


def _require_rows(name: str, found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"{name} has {found} rows, its frames {expected}")


def _require_boxes(camera: str, boxes: Boxes) -> None:
    if boxes.shape[1:] != (4,) or not np.isfinite(boxes).all():
        raise ValueError(f"{camera}: boxes must be [n, 4] finite numbers, not {boxes.shape}")
