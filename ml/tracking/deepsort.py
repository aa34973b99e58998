"""DeepSORT: Kalman prediction, appearance within a motion gate, then overlap (Wojke et al. 2017; METHODS E3)."""

from __future__ import annotations

import numpy as np

from ml.boxes import pairwise_iou
from ml.tracking.association import Costs, Matches, Rows, assign, cascade, without
from ml.tracking.gallery import AppearanceGallery
from ml.tracking.online import Appearance, Observed, OnlineTracker


class DeepSort(OnlineTracker):
    """DeepSORT's two rounds: the matching cascade of the confirmed tracks, then overlap.

    With features (detector's or ReID) the cascade goes by the smallest cosine distance to the track's gallery inside
    the chi-square gate of the Kalman filter; without, by overlap with the predicted box inside it.
    """

    def _new_looks(self, size: int) -> Appearance:
        return AppearanceGallery(self.config.gallery_size, size)

    def _associate(self, seen: Observed) -> Matches:
        confirmed = self._confirmed
        overlap = 1 - pairwise_iou(self._states.boxes(), seen.boxes)
        first = self._cascade(np.flatnonzero(confirmed), seen, overlap)
        # Overlap: tracks not confirmed yet, and confirmed ones that were seen in the frame before.
        candidates = without(np.flatnonzero(~confirmed | (self._ages == 1)), first.tracks)
        remaining = without(np.arange(len(seen)), first.detections)
        second = assign(overlap, candidates, remaining, limit=self.config.max_iou_distance)
        return Matches.concatenated([first, second])

    def _cascade(self, tracks: Rows, seen: Observed, overlap: Costs) -> Matches:
        inside = self._states.gating_distances(seen.measurements) <= self.config.gate
        costs, limit = overlap, self.config.max_iou_distance
        if seen.features is not None and self._looks is not None:
            costs, limit = self._looks.distances(seen.features, inside), self.config.max_cosine_distance
        return cascade(np.where(inside, costs, np.inf), tracks, self._ages, limit=limit)
