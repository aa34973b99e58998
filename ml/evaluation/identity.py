"""IDF1, IDP and IDR: one assignment of predicted to true identities for the whole sequence (Ristani et al., 2016)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.evaluation.assignment import best_assignment
from ml.evaluation.sequence import Sequence
from ml.types import Bool1D

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class IdentityScore:
    """IDTP, IDFP and IDFN count boxes; `identified` [true boxes] says which of them, by time step, are IDTP."""

    idtp: int
    idfp: int
    idfn: int
    identified: Bool1D

    @property
    def idf1(self) -> float:
        """IDTP / (IDTP + IDFP / 2 + IDFN / 2)."""
        return self.idtp / max(1.0, self.idtp + (self.idfp + self.idfn) / 2)

    @property
    def idp(self) -> float:
        return self.idtp / max(1, self.idtp + self.idfp)

    @property
    def idr(self) -> float:
        return self.idtp / max(1, self.idtp + self.idfn)


def score_identity(sequence: Sequence) -> IdentityScore:
    """The assignment that makes the most boxes right: those of a true identity that its predicted one overlaps by
    IoU 0.5 or more."""
    close = sequence.pairs.take(sequence.pairs.iou >= THRESHOLD)
    keys = sequence.truth.ids[close.left] * max(1, sequence.predicted.id_count) + sequence.predicted.ids[close.right]
    edges, edge_of_pair, boxes = np.unique(keys, return_inverse=True, return_counts=True)
    true_ids, predicted_ids = np.divmod(edges, max(1, sequence.predicted.id_count))
    chosen = np.zeros(len(edges), np.bool_)
    chosen[best_assignment(true_ids, predicted_ids, boxes.astype(np.float64))] = True
    identified = np.zeros(len(sequence.truth), np.bool_)
    identified[close.left[chosen[edge_of_pair]]] = True
    return _counted(identified, len(sequence.predicted))


def _counted(identified: Bool1D, predicted: int) -> IdentityScore:
    right = int(identified.sum())
    return IdentityScore(right, predicted - right, len(identified) - right, identified)
