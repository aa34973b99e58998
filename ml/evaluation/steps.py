"""Time steps that several sides share: one for each camera and frame in which any of them has a box."""

from __future__ import annotations

import numpy as np

from ml.evaluation.pairs import BoxesByStep, Rows
from ml.evaluation.rows import CameraNames, MtmcRows
from ml.types import Int1D


def common_steps(*sides: tuple[CameraNames, Int1D | Rows]) -> tuple[list[Rows], int]:
    """For each side's (camera [n], frame [n]) the dense number [n] of its step, and how many steps there are."""
    cameras = np.unique(np.concatenate([camera for camera, _ in sides]), return_inverse=True)[1].astype(np.int64)
    frames = np.concatenate([frame for _, frame in sides]).astype(np.int64)
    keys, steps = np.unique(cameras * (frames.max(initial=0) + 1) + frames, return_inverse=True)
    ends = np.cumsum([len(frame) for _, frame in sides])
    return np.split(steps.astype(np.int64), ends[:-1]), len(keys)


def boxes_by_step(rows: MtmcRows, steps: Rows, count: int) -> tuple[BoxesByStep, Rows]:
    """The boxes in the order of their steps, and the place of each in `rows`."""
    order = np.argsort(steps, kind="stable")
    return BoxesByStep(rows.xyxy[order], starts_of(steps[order], count)), order


def starts_of(sorted_steps: Rows, count: int) -> Rows:
    """[count + 1] the first row of each step."""
    return np.searchsorted(sorted_steps, np.arange(count + 1))
