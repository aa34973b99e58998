"""What can be done to tracklets once they are whole; each is an option of `TrackerConfig`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ml.tracking.config import TrackerConfig
from ml.tracking.history import TrackHistory
from ml.types import Double2D, Float2D, Tracklet

PARKED_SHARE = 0.5  # of its height that a parked vehicle's box may wander
BESIDE = 2  # places away at which a change of looks is compared with another


def cleaned(tracklet: Tracklet, config: TrackerConfig) -> Tracklet | None:
    """The tracklet after the options of `config`, or None where it is dropped."""
    if len(tracklet) < config.min_length:
        return None
    if config.parked_frames and is_parked(tracklet, config.parked_frames):
        return None
    return smoothed(interpolated(tracklet, config.interpolate_gap), config.smoothing)


def interpolated(tracklet: Tracklet, max_gap: int) -> Tracklet:
    """Boxes on a straight line where up to `max_gap` frames running are missing; longer gaps stay as they are.

    A filled box has score 0: nobody detected it, and it is no picture of the vehicle.
    """
    frames = tracklet.frames
    steps = np.diff(frames)
    if not ((steps > 1) & (steps <= max_gap + 1)).any():
        return tracklet
    counts = np.append(np.where(steps <= max_gap + 1, steps, 1), 1)
    before = np.repeat(np.arange(len(frames)), counts)
    offset = np.arange(len(before)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (offset / np.append(steps, 1)[before])[:, None]
    after = np.minimum(before + 1, len(frames) - 1)
    boxes = (1 - share) * tracklet.boxes[before] + share * tracklet.boxes[after]
    scores = np.where(offset == 0, tracklet.scores[before], 0)
    filled = (frames[before] + offset).astype(np.int32)
    return replace(tracklet, frames=filled, boxes=boxes.astype(np.float32), scores=scores.astype(np.float32))


def smoothed(tracklet: Tracklet, frames: float) -> Tracklet:
    """Box edges under a Gaussian of that standard deviation in frames, stretch by stretch without a gap.

    Beyond the ends of a stretch the path goes on as its mirror through the end point, so that the ends stay where they
    are and steady motion is not changed.
    """
    if not frames:
        return tracklet
    stretches = np.split(np.arange(len(tracklet)), np.flatnonzero(np.diff(tracklet.frames) > 1) + 1)
    boxes = np.concatenate([_gaussian(tracklet.boxes[rows].astype(np.float64), frames) for rows in stretches])
    return replace(tracklet, boxes=boxes.astype(np.float32))


def is_parked(tracklet: Tracklet, frames: int) -> bool:
    """Whether the box stays in its place from its first to its last frame, `frames` or more of them.

    In its place: no fifth of its way has its median box more than half a height from another fifth's.
    """
    if tracklet.last_frame - tracklet.first_frame + 1 < frames:
        return False
    fifths = np.array([np.median(part, axis=0) for part in np.array_split(tracklet.boxes, min(5, len(tracklet)))])
    height = float(np.median(tracklet.boxes[:, 3] - tracklet.boxes[:, 1]))
    return bool(np.ptp(fifths, axis=0).max() <= PARKED_SHARE * height)


def split_by_appearance(history: TrackHistory, max_change: float) -> list[TrackHistory]:
    """The history cut where its looks change suddenly, by more than `max_change`. 0 cuts nowhere.

    A vehicle that comes nearer changes its looks all the time, a switch to another one changes them once: the change
    between two blocks of detections is the cosine distance of their looks, less the larger one two blocks earlier or
    later (one block may hold pictures of both). Of neighbouring places the one with the largest change is cut.
    """
    looks = history.looks
    if not max_change or looks is None or len(looks) < 4:
        return [history]
    changes = _sudden_changes(looks)
    largest = np.array([changes[max(0, place - 1) : place + 2].max() for place in range(len(changes))])
    cuts = 1 + np.flatnonzero((changes > max_change) & (changes == largest))
    return list(history.cut(cuts.tolist())) if len(cuts) else [history]


def _sudden_changes(looks: Float2D) -> npt.NDArray[np.float32]:
    """[b - 1] change between each of [b, d] looks and the next, b at least 4; -inf where there is none to compare.

    Nothing changes to or from looks of zeros: there nothing was seen.
    """
    lengths = np.linalg.norm(looks, axis=1)
    units = looks / np.maximum(lengths, 1e-12)[:, None]
    seen = (lengths[:-1] > 0) & (lengths[1:] > 0)
    distances = np.where(seen, 1 - np.einsum("ij,ij->i", units[:-1], units[1:]), 0)
    usual = np.full(len(distances), -np.inf, np.float32)
    usual[BESIDE:] = distances[:-BESIDE]
    usual[:-BESIDE] = np.maximum(usual[:-BESIDE], distances[BESIDE:])
    changes: npt.NDArray[np.float32] = np.where(np.isfinite(usual), distances - usual, -np.inf)
    return changes


def _gaussian(path: Double2D, frames: float) -> Double2D:
    reach = min(int(4 * frames + 0.5), len(path) - 1)
    if reach < 1:
        return path
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    before, after = 2 * path[0] - path[reach:0:-1], 2 * path[-1] - path[-2 : -2 - reach : -1]
    longer = np.concatenate((before, path, after))
    windows = np.lib.stride_tricks.sliding_window_view(longer, len(weights), axis=0)
    found: Double2D = windows @ (weights / weights.sum())
    return found
