"""Our own tracker: short, sure pieces first, put together again once their whole way is known."""

from __future__ import annotations

import numpy as np

from ml.boxes import pairwise_iou
from ml.tracking.association import Matches, Rows, assign, without
from ml.tracking.jde import Jde
from ml.tracking.online import Observed


class Stitched(Jde):
    """JDE's rounds with the sure detections, one more with the unsure ones, and pieces stitched over gaps.

    Only sure detections (`begin_score` or better) begin a track; the others prolong tracks of the frame before
    that found nothing better. A low `max_age` keeps the pieces pure: a vehicle that was hidden comes back by stitching
    (`ml.tracking.stitching`), which sees both sides of the gap where an online tracker sees one.
    """

    stitches = True

    def _founders(self, seen: Observed, free: Rows) -> Rows:
        return free[seen.scores[free] >= self.config.begin_score]

    def _associate(self, seen: Observed) -> Matches:
        sure = seen.scores >= self.config.begin_score
        if sure.all():
            return super()._associate(seen)
        best = self._rounds(seen, np.flatnonzero(sure))
        recent = without(np.flatnonzero(self._ages == 1), best.tracks)
        overlap = 1 - pairwise_iou(self._states.boxes(), seen.boxes)
        rest = assign(overlap, recent, np.flatnonzero(~sure), limit=self.config.max_iou_distance)
        return Matches.concatenated([best, rest])
