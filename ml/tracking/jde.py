"""JDE's association: smoothed appearance with motion, then overlap, newcomers last (Wang et al. 2020; METHODS E4)."""

from __future__ import annotations

import numpy as np

from ml.boxes import pairwise_iou
from ml.tracking.association import Costs, Matches, Rows, assign, without
from ml.tracking.online import Appearance, Observed, OnlineTracker
from ml.tracking.smoothed import SmoothedAppearance


class Jde(OnlineTracker):
    """Three rounds: confirmed tracks by appearance and motion, the rest of them by overlap, unconfirmed tracks last.

    With w = `motion_weight`, the first round's cost is (1 - w) x cosine distance to the smoothed appearance + w x
    squared Mahalanobis distance, inside the chi-square gate alone. Without features the first round is left out.
    The paper's unconfirmed tracks were seen once: that is `confirm_hits` 2.
    """

    def _new_looks(self, size: int) -> Appearance:
        return SmoothedAppearance(self.config.appearance_momentum, size)

    def _associate(self, seen: Observed) -> Matches:
        return self._rounds(seen, np.arange(len(seen)))

    def _rounds(self, seen: Observed, every: Rows) -> Matches:
        """The three rounds over the detections `every`."""
        confirmed, newcomers = np.flatnonzero(self._confirmed), np.flatnonzero(~self._confirmed)
        overlap = 1 - pairwise_iou(self._states.boxes(), seen.boxes)
        limit = self.config.max_iou_distance
        by_looks = assign(self._fused(seen), confirmed, every, limit=self.config.max_cosine_distance)
        left = without(every, by_looks.detections)
        by_overlap = assign(overlap, without(confirmed, by_looks.tracks), left, limit=limit)
        late = assign(overlap, newcomers, without(left, by_overlap.detections), limit=limit)
        return Matches.concatenated([by_looks, by_overlap, late])

    def _fused(self, seen: Observed) -> Costs:
        """[t, m] appearance and motion in one; inf outside the gate, and everywhere where there is no appearance."""
        motion = self._states.gating_distances(seen.measurements)
        inside = motion <= self.config.gate
        if seen.features is None or self._looks is None:
            return np.full(motion.shape, np.inf)
        weight = self.config.motion_weight
        looks = self._looks.distances(seen.features, inside)
        return np.where(inside, (1 - weight) * looks + weight * motion, np.inf)
