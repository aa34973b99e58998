"""DeepSORT: Kalman prediction, appearance within a motion gate, then overlap (Wojke et al. 2017; METHODS E3)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ml.boxes import pairwise_iou
from ml.tracking.association import Costs, Matches, Rows, assign, cascade, without
from ml.tracking.config import TrackerConfig
from ml.tracking.gallery import AppearanceGallery
from ml.tracking.history import TrackHistory
from ml.tracking.kalman import KalmanStates, xyxy_to_xyah
from ml.types import Detections, Float2D, Tracklet, UserError


class DeepSort:
    """Online tracker of one camera. Frames come in order; closed tracks leave through `finished`.

    With features (detector's or ReID) the cascade goes by appearance inside the Kalman gate; without, by overlap with
    the predicted box inside it. The Kalman state, the gate and the galleries of all tracks are arrays: row i
    everywhere is track i.
    """

    def __init__(self, config: TrackerConfig) -> None:
        self.config = config
        self._frame: int | None = None
        self._states = KalmanStates.initiated(np.zeros((0, 4)))
        self._ages = np.zeros(0, np.int64)  # frames since the last detection
        self._hits = np.zeros(0, np.int64)  # detections so far
        self._slots = np.zeros(0, np.intp)  # rows of the gallery
        self._histories: list[TrackHistory] = []
        self._gallery: AppearanceGallery | None = None
        self._closed: list[Tracklet] = []
        self._next_number = 1

    def update(self, frame: int, detections: Detections) -> None:
        """Take the detections of `frame`; frames left out count as frames without a detection."""
        self._advance_to(frame)
        usable = detections.take(_usable(detections, self.config.min_score))
        features = self._features_of(usable)
        measurements = xyxy_to_xyah(usable.boxes)
        matches = self._associate(usable, measurements, features)
        rows = _history_rows(frame, usable)
        self._correct(matches, measurements, features, rows)
        self._close_lost()
        self._begin(without(np.arange(len(usable)), matches.detections), measurements, features, rows)

    def finished(self) -> list[Tracklet]:
        """The tracklets closed since the last call, by the order of their closing."""
        closed, self._closed = self._closed, []
        return closed

    def flush(self) -> list[Tracklet]:
        """Close every track and return what `finished` has not."""
        self._close(np.ones(len(self._ages), bool))
        return self.finished()

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

    def _features_of(self, detections: Detections) -> Float2D | None:
        """L2-normalised appearance of the detections, or None where the detector gives none."""
        if detections.features is None:
            return None
        size = detections.features.shape[1]
        if self._gallery is None:
            self._gallery = AppearanceGallery(self.config.gallery_size, size)
            self._slots = self._gallery.take_slots(len(self._ages))
        if size != self._gallery.size:
            raise UserError(
                "feature-size-changed", f"features have {size} values after {self._gallery.size}; use one detector"
            )
        lengths = np.linalg.norm(detections.features, axis=1, keepdims=True)
        normalised: Float2D = (detections.features / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)
        return normalised

    def _associate(
        self, detections: Detections, measurements: npt.NDArray[np.float64], features: Float2D | None
    ) -> Matches:
        if not len(self._ages) or not len(detections):
            return Matches.none()
        confirmed = self._hits >= self.config.confirm_hits
        overlap = 1 - pairwise_iou(self._states.boxes(), detections.boxes)
        first = self._cascade(np.flatnonzero(confirmed), measurements, features, overlap)
        # Overlap: tracks not confirmed yet, and confirmed ones that were seen in the frame before.
        candidates = without(np.flatnonzero(~confirmed | (self._ages == 1)), first.tracks)
        remaining = without(np.arange(len(detections)), first.detections)
        second = assign(overlap, candidates, remaining, limit=self.config.max_iou_distance)
        return Matches.concatenated([first, second])

    def _cascade(
        self, tracks: Rows, measurements: npt.NDArray[np.float64], features: Float2D | None, overlap: Costs
    ) -> Matches:
        costs, limit = overlap, self.config.max_iou_distance
        if features is not None and self._gallery is not None:
            costs, limit = self._gallery.distances(self._slots, features), self.config.max_cosine_distance
        inside = self._states.gating_distances(measurements) <= self.config.gate
        return cascade(np.where(inside, costs, np.inf), tracks, self._ages, limit=limit)

    def _correct(
        self,
        matches: Matches,
        measurements: npt.NDArray[np.float64],
        features: Float2D | None,
        rows: list[list[float]],
    ) -> None:
        self._states.update(matches.tracks, measurements[matches.detections])
        self._ages[matches.tracks] = 0
        self._hits[matches.tracks] += 1
        if features is not None and self._gallery is not None:
            self._gallery.add(self._slots[matches.tracks], features[matches.detections])
        for track, detection in zip(matches.tracks.tolist(), matches.detections.tolist(), strict=True):
            self._histories[track].append(rows[detection])

    def _begin(
        self,
        new: Rows,
        measurements: npt.NDArray[np.float64],
        features: Float2D | None,
        rows: list[list[float]],
    ) -> None:
        """Every detection that no track took is a tentative track."""
        if not len(new):
            return
        self._states = self._states.joined(KalmanStates.initiated(measurements[new]))
        self._ages = np.concatenate((self._ages, np.zeros(len(new), np.int64)))
        self._hits = np.concatenate((self._hits, np.ones(len(new), np.int64)))
        if self._gallery is not None:
            slots = self._gallery.take_slots(len(new))
            self._slots = np.concatenate((self._slots, slots))
            if features is not None:
                self._gallery.add(slots, features[new])
        for detection in new.tolist():
            self._histories.append(TrackHistory())
            self._histories[-1].append(rows[detection])

    def _close_lost(self) -> None:
        """Tentative tracks end at their first miss, confirmed ones past max_age."""
        tentative = self._hits < self.config.confirm_hits
        self._close((tentative & (self._ages > 0)) | (self._ages > self.config.max_age))

    def _close(self, ended: npt.NDArray[np.bool_]) -> None:
        if not ended.any():
            return
        for track in np.flatnonzero(ended).tolist():
            self._keep_if_long_enough(track)
        if self._gallery is not None:
            self._gallery.free_slots(self._slots[ended])
            self._slots = self._slots[~ended]
        self._states = self._states.kept(~ended)
        self._ages, self._hits = self._ages[~ended], self._hits[~ended]
        self._histories = [history for history, end in zip(self._histories, ended, strict=True) if not end]

    def _keep_if_long_enough(self, track: int) -> None:
        history = self._histories[track]
        if self._hits[track] >= self.config.confirm_hits and len(history) >= self.config.min_length:
            self._closed.append(history.tracklet(self._next_number))
            self._next_number += 1


def _usable(detections: Detections, min_score: float) -> npt.NDArray[np.bool_]:
    """Boxes with an area and a sufficient score: a box without height has no aspect."""
    size = detections.boxes[:, 2:] - detections.boxes[:, :2]
    whole = np.isfinite(size).all(axis=1) & (size > 0).all(axis=1)
    usable: npt.NDArray[np.bool_] = whole & (detections.scores >= min_score)
    return usable


def _history_rows(frame: int, detections: Detections) -> list[list[float]]:
    """Plain floats (frame, box, score, category) of every detection."""
    table = np.empty((len(detections), 7))
    table[:, 0] = frame
    table[:, 1:5] = detections.boxes
    table[:, 5] = detections.scores
    table[:, 6] = detections.classes
    rows: list[list[float]] = table.tolist()
    return rows
