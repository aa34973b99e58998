"""What all online trackers share: open tracks as arrays, their beginning and their end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ml.tracking.association import Matches, Rows, without
from ml.tracking.cleanup import cleaned, split_by_appearance
from ml.tracking.config import TrackerConfig
from ml.tracking.history import TrackHistory
from ml.tracking.kalman import KalmanStates, xyxy_to_xyah
from ml.tracking.stitching import Stitcher
from ml.types import Bool1D, Detections, Double2D, Float1D, Float2D, Tracklet, UserError


class Appearance(Protocol):
    """What the open tracks looked like: row i is track i."""

    def begin(self, count: int) -> None:
        """`count` more tracks, none of them seen yet."""

    def add(self, tracks: Rows, features: Float2D) -> None:
        """One L2-normalised vector [n, d] for each of `tracks`."""

    def keep(self, keep: Bool1D) -> None:
        """Forget the tracks where `keep` is false."""

    def distances(self, features: Float2D, wanted: npt.NDArray[np.bool_]) -> Float2D:
        """Cosine distance [t, m] of tracks and features [m, d]; only where `wanted` [t, m] must it be right."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One frame's detections as the trackers use them.

    boxes         [m, 4] float64 xyxy            scores    [m]
    measurements  [m, 4] float64 (x, y, aspect, height)
    features      [m, d] float32 L2-normalised, or None
    rows          plain floats of each for its track's history: frame, box, score, category
    """

    boxes: Double2D
    scores: Float1D
    measurements: Double2D
    features: Float2D | None
    rows: list[list[float]]

    def __len__(self) -> int:
        return len(self.boxes)


class OnlineTracker(ABC):
    """Tracker of one camera. Frames come in order; closed tracks leave through `finished`.

    Kalman states, ages, hits and looks of all open tracks are arrays: row i everywhere is track i. A track is
    tentative until it was detected in `confirm_hits` frames running; a tentative track ends at its first miss, a
    confirmed one after `max_age` frames without a detection. What ended passes the clean-up that is configured.
    """

    stitches = False

    def __init__(self, config: TrackerConfig) -> None:
        self.config = config
        self._frame: int | None = None
        self._states = KalmanStates.initiated(np.zeros((0, 4)))
        self._ages = np.zeros(0, np.int64)  # frames since the last detection
        self._hits = np.zeros(0, np.int64)  # detections so far
        self._looks: Appearance | None = None
        self._feature_size = 0
        self._histories: list[TrackHistory] = []
        self._closed: list[Tracklet] = []
        self._next_number = 1
        self._stitcher = Stitcher(
            gap=config.stitch_gap if self.stitches else 0,
            motion=config.stitch_motion,
            confirm_hits=config.confirm_hits,
        )
        self._keeps_looks = self._stitcher.gap > 0 or config.split_distance > 0

    @abstractmethod
    def _associate(self, seen: Observed) -> Matches:
        """Which open track is which detection; called only where there are both."""

    @abstractmethod
    def _new_looks(self, size: int) -> Appearance:
        """An empty memory of looks of `size` values."""

    def _founders(self, seen: Observed, free: Rows) -> Rows:
        """Which of the detections that no track took begin a track."""
        return free

    def update(self, frame: int, detections: Detections) -> None:
        """Take the detections of `frame`; frames left out count as frames without a detection."""
        self._advance_to(frame)
        seen = self._observed(frame, detections)
        matches = Matches.none()
        if len(self._ages) and len(seen):
            matches = self._associate(seen)
            self._correct(matches, seen)
        self._close_lost()
        if len(seen) > len(matches.detections):
            self._begin(self._founders(seen, without(np.arange(len(seen)), matches.detections)), seen)
        self._settle(frame)

    def finished(self) -> list[Tracklet]:
        """The tracklets closed since the last call, by the order of their closing."""
        closed, self._closed = self._closed, []
        return closed

    def flush(self) -> list[Tracklet]:
        """Close every track and return what `finished` has not."""
        self._close(np.ones(len(self._ages), bool))
        self._settle(None)
        return self.finished()

    @property
    def _confirmed(self) -> Bool1D:
        return np.asarray(self._hits >= self.config.confirm_hits)

    def _advance_to(self, frame: int) -> None:
        if self._frame is not None and frame <= self._frame:
            raise UserError(
                "frames-out-of-order", f"frame {frame} came after frame {self._frame}; sort the detections by frame"
            )
        steps = 1 if self._frame is None else frame - self._frame
        # Frames that were left out: every track misses them, and none outlives max_age.
        for _ in range(min(steps - 1, self.config.max_age + 1)):
            self._step()
            self._close_lost()
        self._step()
        self._frame = frame

    def _step(self) -> None:
        self._states.predict()
        self._ages += 1

    def _observed(self, frame: int, detections: Detections) -> Observed:
        boxes = detections.boxes.astype(np.float64)
        size = boxes[:, 2:] - boxes[:, :2]
        # A box without height has no aspect.
        usable = (size > 0) & (size < np.inf) & (detections.scores >= self.config.min_score)[:, None]
        if not usable.all():
            both = usable[:, 0] & usable[:, 1]
            detections, boxes = detections.take(both), boxes[both]
        features = self._normalised(detections.features)
        rows = _history_rows(frame, boxes, detections)
        return Observed(boxes, detections.scores, xyxy_to_xyah(boxes), features, rows)

    def _normalised(self, features: Float2D | None) -> Float2D | None:
        """L2-normalised appearance of the detections, or None where the detector gives none."""
        if features is None:
            return None
        size = features.shape[1]
        if self._looks is None:
            self._looks, self._feature_size = self._new_looks(size), size
            self._looks.begin(len(self._ages))
        if size != self._feature_size:
            raise UserError(
                "feature-size-changed", f"features have {size} values after {self._feature_size}; use one detector"
            )
        lengths = np.sqrt(np.einsum("ij,ij->i", features, features))
        normalised: Float2D = features / np.maximum(lengths, 1e-12)[:, None]
        return normalised

    def _correct(self, matches: Matches, seen: Observed) -> None:
        self._states.update(matches.tracks, seen.measurements[matches.detections])
        self._ages[matches.tracks] = 0
        self._hits[matches.tracks] += 1
        if seen.features is not None and self._looks is not None:
            self._looks.add(matches.tracks, seen.features[matches.detections])
        self._remember([self._histories[track] for track in matches.tracks.tolist()], matches.detections, seen)

    def _begin(self, new: Rows, seen: Observed) -> None:
        if not len(new):
            return
        self._states = self._states.joined(KalmanStates.initiated(seen.measurements[new]))
        first = len(self._ages)
        self._ages = np.concatenate((self._ages, np.zeros(len(new), np.int64)))
        self._hits = np.concatenate((self._hits, np.ones(len(new), np.int64)))
        if self._looks is not None:
            self._looks.begin(len(new))
            if seen.features is not None:
                self._looks.add(np.arange(first, first + len(new)), seen.features[new])
        begun = [TrackHistory() for _ in new]
        self._histories += begun
        self._remember(begun, new, seen)

    def _remember(self, histories: list[TrackHistory], detections: Rows, seen: Observed) -> None:
        """Write one detection into each of the histories."""
        looks = seen.features if self._keeps_looks else None
        if looks is None:
            for history, detection in zip(histories, detections.tolist(), strict=True):
                history.append(seen.rows[detection])
        else:
            for history, detection in zip(histories, detections.tolist(), strict=True):
                history.append(seen.rows[detection], looks[detection])

    def _close_lost(self) -> None:
        if not self._ages.any():
            return
        tentative = self._hits < self.config.confirm_hits
        self._close((tentative & (self._ages > 0)) | (self._ages > self.config.max_age))

    def _close(self, ended: Bool1D) -> None:
        if not ended.any():
            return
        for track in np.flatnonzero(ended & self._confirmed).tolist():
            for part in split_by_appearance(self._histories[track], self.config.split_distance):
                self._stitcher.add(part)
        if self._looks is not None:
            self._looks.keep(~ended)
        self._states = self._states.kept(~ended)
        self._ages, self._hits = self._ages[~ended], self._hits[~ended]
        self._histories = [history for history, end in zip(self._histories, ended.tolist(), strict=True) if not end]

    def _settle(self, frame: int | None) -> None:
        """Number and hand over what is whole at `frame`; None: at the end."""
        for history in self._stitcher.settled(frame, self._histories):
            whole = cleaned(history.tracklet(self._next_number), self.config)
            if whole is not None:
                self._closed.append(whole)
                self._next_number += 1


def _history_rows(frame: int, boxes: Double2D, detections: Detections) -> list[list[float]]:
    """Plain floats (frame, box, score, category) of every detection."""
    table = np.empty((len(detections), 7))
    table[:, 0] = frame
    table[:, 1:5] = boxes
    table[:, 5] = detections.scores
    table[:, 6] = detections.classes
    rows: list[list[float]] = table.tolist()
    return rows
