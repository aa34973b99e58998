"""Truth and predictions of one sequence, laid out as trackeval's metrics want them: arrays, no files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from trackeval.metrics.clear import CLEAR
from trackeval.metrics.hota import HOTA
from trackeval.metrics.identity import Identity

from ml.boxes import paired_iou
from ml.evaluation.rows import MtmcRows
from ml.types import Double2D

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows of one side by time step.

    ids     [n] int64, 0-based and dense, by rising step
    boxes   [n, 4] float64 xyxy           starts  [steps + 1] int64, first row of each step
    """

    ids: Ids
    boxes: Double2D
    starts: npt.NDArray[np.int64]

    @staticmethod
    def of(rows: MtmcRows, steps: npt.NDArray[np.int64], step_count: int) -> Timeline:
        """`steps` [n] is the time step of each row."""
        order = np.argsort(steps, kind="stable")
        ids = np.unique(rows.id, return_inverse=True)[1].astype(np.int64)
        return Timeline(ids[order], rows.xyxy[order], np.searchsorted(steps[order], np.arange(step_count + 1)))

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        return np.diff(self.starts)

    def ids_by_step(self) -> list[Ids]:
        return np.split(self.ids, self.starts[1:-1])


@dataclass(frozen=True, slots=True)
class MotScore:
    """Scores of one sequence; shares are 0..1, idtp, idfp and idfn count boxes."""

    idf1: float
    idp: float
    idr: float
    idtp: int
    idfp: int
    idfn: int
    mota: float
    hota: float


def score_timelines(truth: Timeline, predicted: Timeline) -> MotScore:
    """IDF1, IDP, IDR (Ristani 2016), MOTA (CLEAR) at IoU 0.5 and HOTA averaged over its thresholds, by trackeval."""
    data = _sequence_data(truth, predicted)
    quiet = {"PRINT_CONFIG": False}
    identity = Identity(dict(quiet)).eval_sequence(data)
    clear = CLEAR(dict(quiet)).eval_sequence(data)
    hota = HOTA().eval_sequence(data)
    return MotScore(
        idf1=float(identity["IDF1"]),
        idp=float(identity["IDP"]),
        idr=float(identity["IDR"]),
        idtp=int(identity["IDTP"]),
        idfp=int(identity["IDFP"]),
        idfn=int(identity["IDFN"]),
        mota=float(clear["MOTA"]),
        hota=float(np.mean(hota["HOTA"])),
    )


def _sequence_data(truth: Timeline, predicted: Timeline) -> dict[str, object]:
    return {
        "num_timesteps": len(truth.counts),
        "num_gt_dets": len(truth.ids),
        "num_tracker_dets": len(predicted.ids),
        "num_gt_ids": int(truth.ids.max(initial=-1)) + 1,
        "num_tracker_ids": int(predicted.ids.max(initial=-1)) + 1,
        "gt_ids": truth.ids_by_step(),
        "tracker_ids": predicted.ids_by_step(),
        "similarity_scores": _similarities(truth, predicted),
    }


def _similarities(truth: Timeline, predicted: Timeline) -> list[Double2D]:
    """IoU of every truth box with every predicted box of the same step, [truths, predictions] a step."""
    sizes = truth.counts * predicted.counts
    ends = np.cumsum(sizes)
    step = np.repeat(np.arange(len(sizes)), sizes)
    within = np.arange(int(sizes.sum())) - (ends - sizes)[step]
    columns = predicted.counts[step]
    left = truth.starts[step] + within // np.maximum(columns, 1)
    right = predicted.starts[step] + within % np.maximum(columns, 1)
    flat = paired_iou(truth.boxes[left], predicted.boxes[right]).astype(np.float64)
    shapes = zip(truth.counts.tolist(), predicted.counts.tolist(), strict=True)
    return [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes, strict=True)]
