"""Pieces of one vehicle's way put together again: by motion from both sides of the gap, size and appearance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.tracking.association import Costs, assign
from ml.tracking.history import BLOCK, TrackHistory
from ml.types import Double1D, Double2D, Float1D, Float2D

MOTION_BOXES = 8  # boxes at an end that its speed is taken from
LARGEST_COST = 1.0


@dataclass(frozen=True, slots=True)
class Ends:
    """One end of each of n histories, as a straight line fitted to its boxes says.

    frames      [n] float64                      heights  [n] median height of the boxes, pixels
    centres     [n, 2] pixels at that frame      looks    [n, d] float32 L2-normalised, or None
    velocities  [n, 2] pixels a frame
    """

    frames: Double1D
    centres: Double2D
    velocities: Double2D
    heights: Double1D
    looks: Float2D | None

    @staticmethod
    def first(histories: Sequence[TrackHistory]) -> Ends:
        """Where they begin."""
        return _ends(
            [_line(part.rows[:MOTION_BOXES], 0) for part in histories], [_look(p, first=True) for p in histories]
        )

    @staticmethod
    def last(histories: Sequence[TrackHistory]) -> Ends:
        """Where they end."""
        return _ends(
            [_line(part.rows[-MOTION_BOXES:], -1) for part in histories], [_look(p, first=False) for p in histories]
        )


def stitching_costs(ends: Ends, starts: Ends, *, gap: int, motion: float) -> Costs:
    """Cost [n, m] of vehicle n's going on as m; `LARGEST_COST` or less is believable, inf is out of the question.

    Both are carried over the gap at constant speed, n forwards and m backwards; the larger of the two misses, in
    heights of the vehicle, is divided by `motion`. To it come |log of the ratio of the heights| and the cosine distance
    of their looks. m starts 1 to `gap` frames after the end of n.
    """
    frames = starts.frames[None, :] - ends.frames[:, None]
    apart = starts.centres[None, :] - ends.centres[:, None]
    forwards = np.linalg.norm(apart - ends.velocities[:, None] * frames[..., None], axis=2)
    backwards = np.linalg.norm(apart - starts.velocities[None, :] * frames[..., None], axis=2)
    heights = (starts.heights[None, :] + ends.heights[:, None]) / 2
    costs = np.maximum(forwards, backwards) / heights / motion
    costs += np.abs(np.log(starts.heights[None, :] / ends.heights[:, None]))
    if ends.looks is not None and starts.looks is not None:
        costs += 1 - ends.looks @ starts.looks.T
    return np.where((frames > 0) & (frames <= gap) & (costs <= LARGEST_COST), costs, np.inf)


class Stitcher:
    """Holds closed histories back until it is known which later one, open or closed, they go on as.

    That is known `gap` frames after their end, when every track that began in between has shown `BLOCK` boxes or
    has closed. What waits is what ended lately: memory does not grow with the video.

    gap     frames without a detection that are bridged at most; 0 stitches nothing
    motion  see `stitching_costs`
    """

    def __init__(self, *, gap: int, motion: float) -> None:
        self.gap = gap
        self.motion = motion
        self._waiting: list[TrackHistory] = []

    def add(self, history: TrackHistory) -> None:
        """A history that got its last box."""
        self._waiting.append(history)
        self._waiting.sort(key=lambda waiting: waiting.last_frame)

    def settled(self, frame: int | None, opened: Sequence[TrackHistory]) -> list[TrackHistory]:
        """Those of which `frame` shows that nothing follows, with what was stitched before them, by their ends.

        opened  the tracks that are open at `frame`; `frame` None: the video is over
        """
        done = []
        while self._waiting and self._is_decidable(self._waiting[0], frame, opened):
            history = self._waiting[0]
            follower = self._follower(opened)
            self._waiting.pop(0)
            if follower is None:
                done.append(history)
            else:
                follower.before = history
        return done

    def _is_decidable(self, history: TrackHistory, frame: int | None, opened: Sequence[TrackHistory]) -> bool:
        if frame is None or not self.gap:
            return True
        last = history.last_frame
        if frame <= last + self.gap:
            return False
        return not any(last < track.first_frame <= last + self.gap and len(track) < BLOCK for track in opened)

    def _follower(self, opened: Sequence[TrackHistory]) -> TrackHistory | None:
        """What the first of those that wait goes on as; the others' wishes count too."""
        first = self._waiting[0]
        # Only what begins after the first one's end can be meant; who else waits competes for it.
        begun = (later for later in (*self._waiting, *opened) if first.last_frame < later.first_frame)
        free = [later for later in begun if later.before is None]
        if not free or not self.gap:
            return None
        rivals = self._waiting
        costs = stitching_costs(Ends.last(rivals), Ends.first(free), gap=self.gap, motion=self.motion)
        for column, later in enumerate(free):
            if later.cut_from in rivals:
                costs[rivals.index(later.cut_from), column] = np.inf
        if not np.isfinite(costs[0]).any():
            return None
        matches = assign(costs, np.arange(len(rivals)), np.arange(len(free)), limit=LARGEST_COST)
        chosen = matches.detections[matches.tracks == 0]
        return free[int(chosen[0])] if len(chosen) else None


def _ends(lines: list[Double1D], looks: list[Float1D | None]) -> Ends:
    table = np.array(lines)
    known = [look for look in looks if look is not None]
    return Ends(
        table[:, 0], table[:, 1:3], table[:, 3:5], table[:, 5], np.array(known) if len(known) == len(looks) else None
    )


def _line(rows: Double2D, at: int) -> Double1D:
    """[6] frame, centre, velocity and height at row `at` of a straight line through the boxes' centres."""
    frames, boxes = rows[:, 0], rows[:, 1:5]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    offsets = frames - frames.mean()
    velocity = offsets @ centres / np.maximum(offsets @ offsets, 1)
    centre = centres.mean(axis=0) + velocity * offsets[at]
    height = np.median(boxes[:, 3] - boxes[:, 1])
    return np.concatenate(([frames[at]], centre, velocity, [height]))


def _look(history: TrackHistory, *, first: bool) -> Float1D | None:
    """L2-normalised appearance of the first or the last detections."""
    looks = history.looks
    if looks is None:
        return None
    total: npt.NDArray[np.float32] = looks[0] if first else looks[-2:].sum(axis=0)
    return total / max(float(np.linalg.norm(total)), 1e-12)
