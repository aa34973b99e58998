"""Where a tracklet appears and disappears on the ground, and how fast, from its camera's calibration."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from ml.datasets.calibration import Calibration
from ml.datasets.ground import ground_under
from ml.types import Double1D, Double2D, Float2D, Tracklet

SPAN_S = 1.5  # over which the velocity at an end is taken


class Ends(NamedTuple):
    """Each [4] float64 x, y, vx, vy in metres and metres a second; None where it is unknown."""

    entry: Double1D | None = None
    exit: Double1D | None = None


def ends_on_ground(tracklet: Tracklet, start_s: float, end_s: float, calibration: Calibration | None) -> Ends:
    """Place and velocity at the tracklet's first and last box.

    start_s, end_s  scene time of its first and last frame
    calibration     of its camera, in metres and with a stated direction; another one says nothing

    A vehicle stands where its box's bottom centre is; it moves as from one end to `SPAN_S` further in, straight.
    Where one of these two lies above the horizon, that end is unknown.
    """
    if calibration is None or calibration.unit != "metres" or calibration.direction == "unstated":
        return Ends()
    inner = _frames_within(tracklet, start_s, end_s)
    if inner is None:
        return Ends()
    rows = np.array([0, inner[0], inner[1], len(tracklet) - 1])
    boxes, times = tracklet.boxes[rows], _times(tracklet, start_s, end_s)[rows]
    places = on_ground(np.column_stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3])), calibration)
    entering = (places[1] - places[0]) / (times[1] - times[0])
    leaving = (places[3] - places[2]) / (times[3] - times[2])
    return Ends(_known(np.concatenate((places[0], entering))), _known(np.concatenate((places[3], leaving))))


def on_ground(points: Float2D, calibration: Calibration) -> Double2D:
    """[k, 2] metres on the ground under pixels [k, 2] of the frame, NaN at and above the horizon.

    The lens's distortion is taken out first.
    """
    pixels: Double2D = points.astype(np.float64)
    if calibration.intrinsic is not None and calibration.distortion is not None:
        lens = calibration.intrinsic
        pixels = cv2.undistortPoints(pixels[:, None], lens, calibration.distortion, P=lens)[:, 0].astype(np.float64)
    return ground_under(pixels, calibration)


def _known(state: Double1D) -> Double1D | None:
    return state if np.isfinite(state).all() else None


def _times(tracklet: Tracklet, start_s: float, end_s: float) -> Double1D:
    """[n] scene time of each box: its frames evenly between first and last."""
    frames = tracklet.frames.astype(np.float64)
    times: Double1D = start_s + (frames - frames[0]) * (end_s - start_s) / (frames[-1] - frames[0])
    return times


def _frames_within(tracklet: Tracklet, start_s: float, end_s: float) -> tuple[int, int] | None:
    """Rows `SPAN_S` after the first and before the last box, or the other end; None for a single moment."""
    if len(tracklet) < 2 or end_s <= start_s:
        return None
    times = _times(tracklet, start_s, end_s)
    first = int(np.searchsorted(times, start_s + SPAN_S))
    last = int(np.searchsorted(times, end_s - SPAN_S, side="right")) - 1
    return min(first, len(tracklet) - 1), max(last, 0)
