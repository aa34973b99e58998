"""Truth and predictions of one sequence by time step, and the pairs of their boxes that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ml.evaluation.pairs import BoxesByStep, Pairs, Rows, overlapping_pairs
from ml.evaluation.rows import MtmcRows


@dataclass(frozen=True, slots=True)
class Timeline(BoxesByStep):
    """Rows of one side by time step.

    ids    [n] int64, 0-based and dense, `id_count` of them
    order  [n] int64, the place of each row in the table that it came from
    """

    ids: Rows
    id_count: int
    order: Rows

    @staticmethod
    def of(rows: MtmcRows, steps: Rows, step_count: int) -> Timeline:
        """`steps` [n] is the time step of each row."""
        order = np.argsort(steps, kind="stable")
        names, ids = np.unique(rows.id, return_inverse=True)
        starts = np.searchsorted(steps[order], np.arange(step_count + 1))
        return Timeline(rows.xyxy[order], starts, ids[order].astype(np.int64), len(names), order)

    def boxes_of_ids(self) -> Rows:
        """[id_count] boxes of each identity."""
        return np.bincount(self.ids, minlength=self.id_count)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Both sides of one sequence; `pairs` has a truth row on the left and a predicted row on the right."""

    truth: Timeline
    predicted: Timeline
    pairs: Pairs

    @staticmethod
    def of(truth: Timeline, predicted: Timeline) -> Sequence:
        return Sequence(truth, predicted, overlapping_pairs(truth, predicted))

    def pairs_of_steps(self, pairs: Pairs, steps: Rows) -> Iterator[tuple[int, Rows, Rows, Rows]]:
        """For each of `steps`: (step, its places in `pairs`, their rows and columns in the step's matrix)."""
        step_of_pair = self.truth.steps[pairs.left]
        ends = np.searchsorted(step_of_pair, steps, side="right")
        for step, first, last in zip(steps.tolist(), np.searchsorted(step_of_pair, steps), ends, strict=True):
            rows = pairs.left[first:last] - self.truth.starts[step]
            yield step, np.arange(first, last), rows, pairs.right[first:last] - self.predicted.starts[step]

    def shape(self, step: int) -> tuple[int, int]:
        """(true, predicted) boxes of a step."""
        true_starts, starts = self.truth.starts, self.predicted.starts
        return int(true_starts[step + 1] - true_starts[step]), int(starts[step + 1] - starts[step])
