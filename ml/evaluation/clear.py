"""CLEAR: matches box by box, continued from step to step (Bernardin and Stiefelhagen, 2008)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.evaluation.assignment import dense_assignment
from ml.evaluation.pairs import Pairs, Rows
from ml.evaluation.sequence import Sequence
from ml.types import Bool1D

THRESHOLD = 0.5
LEAST_IOU = THRESHOLD - np.finfo(np.float64).eps
CONTINUED = 1000.0  # what it weighs to keep the identity of the step before; more than any sum of IoU
MOSTLY_TRACKED, MOSTLY_LOST = 0.8, 0.2


@dataclass(frozen=True, slots=True)
class ClearScore:
    """Matches of boxes at IoU 0.5 and what they amount to.

    matches          true and predicted boxes that belong together, by step
    truths, predictions   boxes of either side          switches, fragmentations   over all true identities
    mostly_tracked, partly_tracked, mostly_lost   true identities matched in more than 80%, at least 20%, less
    """

    matches: Pairs
    truths: int
    predictions: int
    switches: int
    fragmentations: int
    mostly_tracked: int
    partly_tracked: int
    mostly_lost: int

    @property
    def mota(self) -> float:
        """1 - (missed + false + switches) / truths; 0 where there is no truth."""
        hits = len(self.matches)
        return (hits - (self.predictions - hits) - self.switches) / self.truths if self.truths else 0.0

    @property
    def motp(self) -> float:
        """Mean IoU of the matches."""
        return float(self.matches.iou.sum()) / max(1, len(self.matches))

    @property
    def precision(self) -> float:
        return len(self.matches) / max(1, self.predictions)

    @property
    def recall(self) -> float:
        return len(self.matches) / max(1, self.truths)


def score_clear(sequence: Sequence) -> ClearScore:
    """Match at IoU 0.5, switches first: a true box keeps the predicted identity that it had in the step before
    wherever it can; among such assignments the one of the largest total IoU is taken."""
    matches = _matches(sequence)
    tracked = np.bincount(sequence.truth.ids[matches.left], minlength=sequence.truth.id_count)
    share = tracked / sequence.truth.boxes_of_ids()
    mostly, partly = int((share > MOSTLY_TRACKED).sum()), int((share >= MOSTLY_LOST).sum())
    switches, fragmentations = _breaks(sequence, matches)
    return ClearScore(
        matches=matches,
        truths=len(sequence.truth),
        predictions=len(sequence.predicted),
        switches=switches,
        fragmentations=fragmentations,
        mostly_tracked=mostly,
        partly_tracked=partly - mostly,
        mostly_lost=sequence.truth.id_count - partly,
    )


def _matches(sequence: Sequence) -> Pairs:
    """Steps where no two pairs share a box are settled at once; the others in order, each knowing the one before."""
    close = sequence.pairs.take(sequence.pairs.iou >= LEAST_IOU)
    contested = _contested_steps(sequence, close)
    partner = np.full(len(sequence.truth), -1, np.int64)
    partner[close.left] = close.right
    held = np.full(sequence.truth.id_count, -1, np.int64)
    before = _steps_before(sequence)
    for step, places, rows, columns in sequence.pairs_of_steps(close, contested):
        pairs = close.take(places)
        weights = pairs.iou + CONTINUED * _continues(sequence, pairs, partner, before[step], held)
        chosen = pairs.take(dense_assignment(rows, columns, weights, sequence.shape(step)))
        partner[pairs.left] = -1
        partner[chosen.left] = chosen.right
    return close.take(partner[close.left] == close.right)


def _contested_steps(sequence: Sequence, close: Pairs) -> Rows:
    """Steps where a box is in more than one of the pairs."""
    left = np.bincount(close.left, minlength=len(sequence.truth))[close.left] > 1
    right = np.bincount(close.right, minlength=len(sequence.predicted))[close.right] > 1
    return np.unique(sequence.truth.steps[close.left[left | right]])


def _active_steps(sequence: Sequence) -> Rows:
    """Steps with boxes on both sides; the others neither match nor break anything."""
    return np.flatnonzero((sequence.truth.counts > 0) & (sequence.predicted.counts > 0))


def _steps_before(sequence: Sequence) -> Rows:
    """[steps] the active step before each active one, -1 for the first."""
    active = _active_steps(sequence)
    before = np.full(len(sequence.truth.counts), -1, np.int64)
    before[active[1:]] = active[:-1]
    return before


def _continues(sequence: Sequence, pairs: Pairs, partner: Rows, before: int, held: Rows) -> Bool1D:
    """[k] true where a pair's true identity had the pair's predicted identity in the step `before`.

    `held` [true identities] is room to work in, all -1 before and after.
    """
    if before < 0:
        return np.zeros(len(pairs), np.bool_)
    rows = slice(sequence.truth.starts[before], sequence.truth.starts[before + 1])
    ids, partners = sequence.truth.ids[rows], partner[rows]
    held[ids] = np.where(partners >= 0, sequence.predicted.ids[partners], -1)
    continues: Bool1D = held[sequence.truth.ids[pairs.left]] == sequence.predicted.ids[pairs.right]
    held[ids] = -1
    return continues


def _breaks(sequence: Sequence, matches: Pairs) -> tuple[int, int]:
    """(switches, fragmentations): matches of one true identity that follow another's of it under another predicted
    identity, and those that do not follow in the very next active step."""
    step = np.searchsorted(_active_steps(sequence), sequence.truth.steps[matches.left])
    true_ids, predicted_ids = sequence.truth.ids[matches.left], sequence.predicted.ids[matches.right]
    order = np.lexsort((step, true_ids))
    same = np.diff(true_ids[order]) == 0
    switched, apart = np.diff(predicted_ids[order]) != 0, np.diff(step[order]) > 1
    return int((same & switched).sum()), int((same & apart).sum())
