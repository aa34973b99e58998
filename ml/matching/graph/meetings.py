"""Tracklets of two vehicles that one camera has at one time: what a "same" between the two would put out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.matching.graph.checks import require_column
from ml.matching.graph.conflicts import IndexPairs, conflicting_pairs
from ml.types import Bool1D, Double1D, Int1D

HANDOVER_S = 1.0  # a tracker that loses a vehicle drifts for a moment; two that are longer together are two


@dataclass(frozen=True, slots=True)
class Meetings:
    """pairs      [k, 2] indices of tracklets of different groups in view at one time in one camera, the first to begin
                  (of equals the lower index) on the left
    handovers  [k] bool: the right one begins later and ends later, and they share at most `HANDOVER_S`. One vehicle may
               be both: then the left one can end where the right one begins
    """

    pairs: IndexPairs
    handovers: Bool1D


def meetings(cameras: Sequence[str], starts_s: Double1D, ends_s: Double1D, groups: Int1D) -> Meetings:
    """Where these groups are seen at one time in one camera, so that they cannot be one as they are.

    cameras            [n] camera of each tracklet        groups  [n] of each tracklet
    starts_s, ends_s   [n] scene time of its first and last frame, both in view

    UserError: wrong-shape, broken-times.
    """
    pairs = conflicting_pairs(cameras, starts_s, ends_s, [])
    require_column(groups, len(cameras), "groups")
    pairs = pairs[groups[pairs[:, 0]] != groups[pairs[:, 1]]]
    swapped = starts_s[pairs[:, 1]] < starts_s[pairs[:, 0]]
    pairs = np.where(swapped[:, None], pairs[:, ::-1], pairs)
    first, second = pairs[:, 0], pairs[:, 1]
    overtaken = (starts_s[first] < starts_s[second]) & (ends_s[first] < ends_s[second])
    return Meetings(pairs, overtaken & (ends_s[first] - starts_s[second] <= HANDOVER_S))
