"""Two runs against the same truth: which figures and which vehicles got better or worse."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from ml.evaluation.mtmc import Evaluation
from ml.evaluation.score import MotScore
from ml.types import UserError


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """A true identity whose rightly identified boxes (IDTP) differ between the runs, of `boxes` in all.

    `camera` is named where each camera has identities of its own.
    """

    id: int
    boxes: int
    before: int
    after: int
    camera: str | None = None

    @property
    def gain(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """`figures` are after - before, by the names of `MotScore`; the lists have the largest changes first."""

    figures: dict[str, float]
    per_camera: dict[str, dict[str, float]]
    better: list[IdentityChange]
    worse: list[IdentityChange]

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def compare(before: Evaluation, after: Evaluation) -> Comparison:
    """What changed from one run to the other; both scored in the same way against the same truth.

    UserError "different-truth" where the truths differ.
    """
    if not _same_truth(before, after):
        raise UserError("different-truth", "the two results were scored against different ground truth")
    changes = _identity_changes(before, after)
    return Comparison(
        figures=_differences(before.score, after.score),
        per_camera={
            name: _differences(score, after.score.per_camera[name]) for name, score in before.score.per_camera.items()
        },
        better=sorted((c for c in changes if c.gain > 0), key=lambda change: -change.gain),
        worse=sorted((c for c in changes if c.gain < 0), key=lambda change: change.gain),
    )


def _same_truth(before: Evaluation, after: Evaluation) -> bool:
    sides = before.truth, after.truth
    tables = [(side.camera, side.id, side.frame, side.xywh) for side in sides]
    return all(np.array_equal(left, right) for left, right in zip(*tables, strict=True))


def _differences(before: MotScore, after: MotScore) -> dict[str, float]:
    return {name: getattr(after, name) - getattr(before, name) for name in MotScore.__dataclass_fields__}


def _identity_changes(before: Evaluation, after: Evaluation) -> list[IdentityChange]:
    names, cameras = np.unique(before.truth.camera, return_inverse=True)
    if before.shared_ids:
        cameras = np.zeros_like(cameras)
    keys = np.stack((cameras, before.truth.id))
    (places, ids), of_row, boxes = np.unique(keys, axis=1, return_inverse=True, return_counts=True)
    right = [np.bincount(of_row[run.outcome.identified], minlength=len(ids)) for run in (before, after)]
    whose = [None if before.shared_ids else str(names[place]) for place in places]
    columns = (ids.tolist(), boxes.tolist(), right[0].tolist(), right[1].tolist(), whose)
    changes = (IdentityChange(*values) for values in zip(*columns, strict=True))
    return [change for change in changes if change.gain]
