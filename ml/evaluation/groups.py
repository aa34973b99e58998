"""How well each kind of vehicle is followed: the truth's boxes by class and by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.boxes import areas
from ml.evaluation.detections import SIZES
from ml.evaluation.mtmc import Evaluation


@dataclass(frozen=True, slots=True)
class GroupScore:
    """True boxes of one kind and what became of them in the scoring of all.

    recall  share matched with a predicted box (CLEAR)        idr  share identified right (IDTP)
    """

    truths: int
    recall: float
    idr: float


def score_groups(evaluation: Evaluation, labels: npt.NDArray[np.str_], order: Sequence[str]) -> dict[str, GroupScore]:
    """The scores of each label in `order` that has true boxes; `labels` [n] names the kind of each row of the truth.

    Predictions have no kind, so that what is false has none either: only shares of the truth are told apart.
    """
    groups = {}
    for label in order:
        of_kind = labels == label
        if of_kind.any():
            matched, right = evaluation.outcome.partner[of_kind] >= 0, evaluation.outcome.identified[of_kind]
            groups[label] = GroupScore(int(of_kind.sum()), float(matched.mean()), float(right.mean()))
    return groups


def size_labels(evaluation: Evaluation) -> npt.NDArray[np.str_]:
    """[n] small, medium or large: the size of each true box by its area, as COCO names them."""
    borders = [least for least, _ in SIZES.values()][1:]
    return np.array(list(SIZES), np.str_)[np.searchsorted(borders, areas(evaluation.truth.xyxy), side="right")]
