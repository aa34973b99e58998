"""Pieces of one vehicle's way put together again: by motion from both sides of the gap, size and appearance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.tracking.association import Costs, Rows, assign
from ml.tracking.ends import Ends
from ml.tracking.history import BLOCK, TrackHistory
from ml.types import Int1D

LARGEST_COST = 1.0


def stitching_costs(ends: Ends, starts: Ends, *, gap: int, motion: float) -> Costs:
    """Cost [n, m] of vehicle n's going on as m; `LARGEST_COST` or less is believable, inf is out of the question.

    Both are carried over the gap at constant speed, n forwards and m backwards; the larger of the two misses, in
    heights of the vehicle, is divided by `motion`. To it come |log of the ratio of the heights| and the cosine distance
    of their looks, where both are known. m starts 1 to `gap` frames after the end of n.
    """
    frames = starts.frames[None, :] - ends.frames[:, None]
    apart = starts.centres[None, :] - ends.centres[:, None]
    forwards = np.linalg.norm(apart - ends.velocities[:, None] * frames[..., None], axis=2)
    backwards = np.linalg.norm(apart - starts.velocities[None, :] * frames[..., None], axis=2)
    heights = (starts.heights[None, :] + ends.heights[:, None]) / 2
    costs = np.maximum(forwards, backwards) / heights / motion
    costs += np.abs(np.log(starts.heights[None, :] / ends.heights[:, None]))
    both = ends.seen[:, None] & starts.seen[None, :]
    if both.any():
        costs += np.where(both, 1 - ends.looks @ starts.looks.T, 0)
    return np.where((frames > 0) & (frames <= gap) & (costs <= LARGEST_COST), costs, np.inf)


class Stitcher:
    """Holds closed histories back until it is known which later one, open or closed, they go on as.

    That is known `gap` frames after their end, when every track that began in between has closed or has shown enough
    boxes to be believed. What waits is what ended lately: memory does not grow with the video.

    gap           frames without a detection that are bridged at most; 0 stitches nothing
    motion        see `stitching_costs`
    confirm_hits  open tracks with fewer boxes may yet be discarded: nothing goes on as one of them
    """

    def __init__(self, *, gap: int, motion: float, confirm_hits: int = 1) -> None:
        self.gap = gap
        self.motion = motion
        self.confirm_hits = confirm_hits
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
        enough = max(BLOCK, self.confirm_hits)
        return not any(last < track.first_frame <= last + self.gap and len(track) < enough for track in opened)

    def _follower(self, opened: Sequence[TrackHistory]) -> TrackHistory | None:
        """What the first of those that wait goes on as; the others' wishes count too."""
        first = self._waiting[0]
        latest = self._waiting[-1].last_frame + self.gap
        sure = (track for track in opened if len(track) >= self.confirm_hits)
        begun = (later for later in (*self._waiting, *sure) if first.last_frame < later.first_frame <= latest)
        free = [later for later in begun if later.before is None]
        if not any(later.first_frame <= first.last_frame + self.gap for later in free):
            return None
        rivals, wanted = self._competition(free)
        if not wanted:
            return None
        matches = assign(self._costs(rivals, wanted), _all(rivals), _all(wanted), limit=LARGEST_COST)
        chosen = matches.detections[matches.tracks == 0]
        return wanted[int(chosen[0])] if len(chosen) else None

    def _competition(self, free: list[TrackHistory]) -> tuple[list[TrackHistory], list[TrackHistory]]:
        """The first that waits and what it may go on as, who else may go on as these, what else they may, and so on.

        No other piece has a say in whose the first one's follower is; in a crowd the others are by far the most.
        """
        rivals = self._waiting[:1]
        while True:
            wanted = _some(free, np.isfinite(self._costs(rivals, free)).sum(axis=0))
            if not wanted:
                return rivals, wanted
            wishing = _some(self._waiting, np.isfinite(self._costs(self._waiting, wanted)).sum(axis=1))
            if len(wishing) == len(rivals):
                return rivals, wanted
            rivals = wishing

    def _costs(self, rivals: list[TrackHistory], free: list[TrackHistory]) -> Costs:
        ends, starts = Ends.of([piece.end for piece in rivals]), Ends.of([piece.start for piece in free])
        costs = stitching_costs(ends, starts, gap=self.gap, motion=self.motion)
        # The pieces of a track that was cut are different vehicles.
        for column, later in enumerate(free):
            if later.cut_from in rivals:
                costs[rivals.index(later.cut_from), column] = np.inf
        return costs


def _some(pieces: list[TrackHistory], pairs: Int1D) -> list[TrackHistory]:
    """Those that are in a believable pair."""
    return [pieces[place] for place in np.flatnonzero(pairs).tolist()]


def _all(pieces: list[TrackHistory]) -> Rows:
    return np.arange(len(pieces))
