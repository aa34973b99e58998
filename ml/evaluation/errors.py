"""What went wrong, with the identities involved: fragmented, merged, missed and false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np

from ml.evaluation.mtmc import Evaluation
from ml.evaluation.pairs import Rows
from ml.evaluation.rows import CameraNames, MtmcRows
from ml.types import Bool1D, Int1D


@dataclass(frozen=True, slots=True)
class Stretch:
    """Boxes of one identity in one camera, from first_frame to last_frame (0-based, both included)."""

    id: int
    camera: str
    first_frame: int
    last_frame: int
    boxes: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """An identity matched with several of the other side; `parts` have the other side's numbers, largest first.

    camera  where a number holds within one camera only; None where it is shared by all
    """

    id: int
    camera: str | None
    parts: tuple[Stretch, ...]

    @property
    def lost_boxes(self) -> int:
        """Boxes that are not of the identity that has the most of them."""
        boxes: dict[int, int] = {}
        for part in self.parts:
            boxes[part.id] = boxes.get(part.id, 0) + part.boxes
        return sum(boxes.values()) - max(boxes.values())


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors by kind, the most boxes first.

    fragmented  true identities matched with several predicted ones
    merged      predicted identities matched with several true ones
    missed      stretches of true boxes without a match       false  stretches of predicted boxes without a match
    """

    fragmented: list[Confusion]
    merged: list[Confusion]
    missed: list[Stretch]
    false: list[Stretch]

    def as_dict(self, *, first_frame: int = 1) -> dict[str, object]:
        """Plain values, ready for JSON, with frames as files count them."""
        plain = asdict(self)
        confused = [part for kind in ("fragmented", "merged") for entry in plain[kind] for part in entry["parts"]]
        for stretch in [*confused, *plain["missed"], *plain["false"]]:
            stretch["first_frame"] += first_frame
            stretch["last_frame"] += first_frame
        return plain


def error_breakdown(evaluation: Evaluation) -> Errors:
    """The errors among the boxes that were scored; matches are those of CLEAR, box by box at IoU 0.5."""
    truth, predicted, partner = evaluation.truth, evaluation.predicted, evaluation.outcome.partner
    matched = np.flatnonzero(partner >= 0)
    used = np.zeros(len(predicted), np.bool_)
    used[partner[matched]] = True
    true_side, predicted_side = truth.take(matched), predicted.take(partner[matched])
    return Errors(
        fragmented=_confusions(true_side, predicted_side.id, shared=evaluation.shared_ids),
        merged=_confusions(predicted_side, true_side.id, shared=evaluation.shared_ids),
        missed=_stretches_where(truth, partner < 0),
        false=_stretches_where(predicted, ~used),
    )


def _confusions(rows: MtmcRows, others: Int1D, *, shared: bool) -> list[Confusion]:
    """Identities of `rows` whose boxes are matched with more than one of `others` [n]."""
    cameras = np.unique(rows.camera, return_inverse=True)[1]
    owners = np.unique(np.stack((cameras * (not shared), rows.id)), axis=1, return_inverse=True)[1]
    met = np.unique(np.stack((owners, others)), axis=1)[0]
    several = np.bincount(met, minlength=1) > 1
    part = np.unique(np.stack((owners, others, cameras)), axis=1, return_inverse=True)[1]
    chosen = np.flatnonzero(several[owners])
    chosen = chosen[np.argsort(owners[chosen], kind="stable")]
    found = []
    for mine in np.split(chosen, np.flatnonzero(np.diff(owners[chosen])) + 1) if len(chosen) else []:
        parts = _stretches(rows.camera[mine], others[mine], rows.frame[mine], part[mine])
        camera = None if shared else str(rows.camera[mine[0]])
        found.append(Confusion(int(rows.id[mine[0]]), camera, tuple(_largest_first(parts))))
    return sorted(found, key=lambda confusion: -confusion.lost_boxes)


def _stretches_where(rows: MtmcRows, wrong: Bool1D) -> list[Stretch]:
    """Boxes of an identity in a camera that follow each other and are all wrong."""
    cameras = np.unique(rows.camera, return_inverse=True)[1]
    order = np.lexsort((rows.frame, rows.id, cameras))
    keys = np.stack((cameras[order], rows.id[order], wrong[order]))
    run = np.cumsum(np.append(True, (np.diff(keys, axis=1) != 0).any(axis=0))[: len(order)])
    bad = order[wrong[order]]
    return _largest_first(_stretches(rows.camera[bad], rows.id[bad], rows.frame[bad], run[wrong[order]]))


def _stretches(cameras: CameraNames, ids: Int1D, frames: Int1D, groups: Rows) -> list[Stretch]:
    """One stretch for each of `groups`."""
    _, first, of_row, counts = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    begins, ends = frames[first].copy(), frames[first].copy()
    np.minimum.at(begins, of_row, frames)
    np.maximum.at(ends, of_row, frames)
    columns = (ids[first], cameras[first], begins, ends, counts)
    return [Stretch(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _largest_first(stretches: Iterable[Stretch]) -> list[Stretch]:
    return sorted(stretches, key=lambda stretch: (-stretch.boxes, stretch.camera, stretch.first_frame, stretch.id))
