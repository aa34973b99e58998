"""HOTA: detection, association and localisation over 19 IoU thresholds (Luiten et al., 2021)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.evaluation.assignment import decided_edges, dense_assignment
from ml.evaluation.pairs import Rows
from ml.evaluation.sequence import Sequence
from ml.types import Double1D

ALPHAS = np.arange(0.05, 0.99, 0.05)
LEAST_IOU = ALPHAS - np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class HotaScore:
    """[19] each, one figure an alpha: DetA, AssA and LocA. HOTA is the geometric mean of the first two."""

    deta: Double1D
    assa: Double1D
    loca: Double1D

    @property
    def hota(self) -> Double1D:
        return np.sqrt(self.deta * self.assa)


@dataclass(frozen=True, slots=True)
class _IdPairs:
    """True and predicted identities with boxes that overlap.

    of_pair  [k] the identity pair of each pair of boxes       boxes  [m] boxes of both identities together
    """

    of_pair: Rows
    boxes: Rows


def score_hota(sequence: Sequence) -> HotaScore:
    """Boxes are matched step by step for the largest sum of IoU times the alignment of their identities over the whole
    sequence; the matches with IoU alpha or more are the true positives at alpha."""
    id_pairs = _id_pairs(sequence)
    matched = _matched(sequence, sequence.pairs.iou * _alignment(sequence, id_pairs))
    iou = sequence.pairs.iou[matched]
    reached = np.searchsorted(LEAST_IOU, iou, side="right")  # at how many alphas the match counts
    hits = _at_least(np.bincount(reached, minlength=len(ALPHAS) + 1))
    located = _at_least(np.bincount(reached, weights=iou, minlength=len(ALPHAS) + 1))
    return HotaScore(
        deta=hits / np.maximum(1, len(sequence.truth) + len(sequence.predicted) - hits),
        assa=_association(id_pairs, matched, reached) / np.maximum(1, hits),
        loca=np.where(hits > 0, located / np.maximum(1, hits), 1.0),
    )


def _id_pairs(sequence: Sequence) -> _IdPairs:
    truth, predicted, pairs = sequence.truth, sequence.predicted, sequence.pairs
    width = max(1, predicted.id_count)
    keys, of_pair = np.unique(truth.ids[pairs.left] * width + predicted.ids[pairs.right], return_inverse=True)
    boxes = truth.boxes_of_ids()[keys // width] + predicted.boxes_of_ids()[keys % width]
    return _IdPairs(of_pair.astype(np.int64), boxes)


def _alignment(sequence: Sequence, id_pairs: _IdPairs) -> Double1D:
    """[k] for each pair of boxes how well their identities go together: a soft Jaccard index of the two tracks."""
    pairs = sequence.pairs
    of_truth = np.bincount(pairs.left, weights=pairs.iou, minlength=len(sequence.truth))[pairs.left]
    of_predicted = np.bincount(pairs.right, weights=pairs.iou, minlength=len(sequence.predicted))[pairs.right]
    share = pairs.iou / (of_truth + of_predicted - pairs.iou)
    common = np.bincount(id_pairs.of_pair, weights=share, minlength=len(id_pairs.boxes))
    alignment: Double1D = (common / (id_pairs.boxes - common))[id_pairs.of_pair]
    return alignment


def _matched(sequence: Sequence, weights: Double1D) -> Rows:
    """Pairs of the best assignment of every step: the decided ones, or, where a step has others, all of the step."""
    pairs = sequence.pairs
    taken, undecided = decided_edges(pairs.left, pairs.right, weights)
    steps = np.unique(sequence.truth.steps[pairs.left[undecided]])
    for step, places, rows, columns in sequence.pairs_of_steps(pairs, steps):
        taken[places] = False
        taken[places[dense_assignment(rows, columns, weights[places], sequence.shape(step))]] = True
    return np.flatnonzero(taken)


def _association(id_pairs: _IdPairs, matched: Rows, reached: Rows) -> Double1D:
    """[19] sum over the true positives of TPA / (TPA + FPA + FNA), the counts of their two identities."""
    levels = len(ALPHAS) + 1
    counts = np.bincount(id_pairs.of_pair[matched] * levels + reached, minlength=len(id_pairs.boxes) * levels)
    both = _at_least(counts.reshape(-1, levels))
    sums: Double1D = (both * both / np.maximum(1, id_pairs.boxes[:, None] - both)).sum(axis=0)
    return sums


def _at_least(counts: Rows | Double1D) -> Double1D:
    """[..., 20] sums by the number of alphas reached -> [..., 19] sums of what reaches each alpha."""
    reaching: Double1D = np.flip(np.cumsum(np.flip(counts, -1), -1), -1)[..., 1:].astype(np.float64)
    return reaching
