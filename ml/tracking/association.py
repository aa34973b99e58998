"""Who is who: assignment of tracks to detections under a largest admissible cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]
Costs = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Matches:
    """Track `tracks[i]` is detection `detections[i]`; both lists hold every index once at most."""

    tracks: Rows
    detections: Rows

    @staticmethod
    def none() -> Matches:
        return Matches(np.zeros(0, np.intp), np.zeros(0, np.intp))

    @staticmethod
    def concatenated(parts: list[Matches]) -> Matches:
        made = [part for part in parts if len(part.tracks)]
        if len(made) < 2:
            return made[0] if made else Matches.none()
        return Matches(
            np.concatenate([part.tracks for part in made]), np.concatenate([part.detections for part in made])
        )


def assign(costs: Costs, tracks: Rows, detections: Rows, *, limit: float) -> Matches:
    """Cheapest one-to-one assignment among `tracks` and `detections`; pairs dearer than `limit` are not made.

    costs  [t, m] over all tracks and all detections; `tracks` and `detections` choose rows and columns.
    """
    if not len(tracks) or not len(detections):
        return Matches.none()
    part = costs[tracks[:, None], detections]
    rows, columns = np.nonzero(part <= limit)
    if not _unambiguous(rows, columns, part.shape):
        rows, columns = _cheapest(part, limit)
    return Matches(tracks[rows], detections[columns])


def _unambiguous(rows: Rows, columns: Rows, shape: tuple[int, ...]) -> bool:
    """Whether no track and no detection is among the admissible pairs twice: then all of them are made."""
    if len(rows) > min(shape):
        return False
    return bool((rows[1:] != rows[:-1]).all()) and np.bincount(columns, minlength=1).max() <= 1


def _cheapest(part: Costs, limit: float) -> tuple[Rows, Rows]:
    # Imported here: every job of the pipeline reads the tracker's settings, and few of them track.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.where(part <= limit, part, limit + 1e-5))
    good = part[rows, columns] <= limit
    return rows[good], columns[good]


def cascade(costs: Costs, tracks: Rows, ages: npt.NDArray[np.int64], *, limit: float) -> Matches:
    """The matching cascade of DeepSORT: tracks seen last frame choose first, then those a frame older, and so on.

    tracks  rows of `costs` that take part; ages  [t] frames since each track was detected.
    """
    remaining = np.arange(costs.shape[1], dtype=np.intp)
    parts = []
    track_ages = ages[tracks]
    for age in sorted(set(track_ages.tolist())):
        found = assign(costs, tracks[track_ages == age], remaining, limit=limit)
        parts.append(found)
        remaining = without(remaining, found.detections)
    return Matches.concatenated(parts)


def without(indices: Rows, taken: Rows) -> Rows:
    """`indices` less those in `taken`, order kept."""
    if not len(taken) or not len(indices):
        return indices
    free = np.ones(int(max(indices.max(initial=-1), taken.max())) + 1, bool)
    free[taken] = False
    return indices[free[indices]]
