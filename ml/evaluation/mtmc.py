"""Scores of multi-camera tracking as the AI City Challenge counts them, and of one camera (MOT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from ml.evaluation.filters import CameraFilter, challenge_counts, rule_used
from ml.evaluation.pairs import Rows
from ml.evaluation.rows import MtmcRows, Picture, require_known, require_unique, roi_mask
from ml.evaluation.score import MotScore, Outcome, score_sequence
from ml.evaluation.sequence import Sequence, Timeline
from ml.types import UserError

MOT_RULE = "no filter; one assignment of identities at IoU 0.5"
CAMERAS_RULE = "no filter; every camera's identities are its own; one assignment of them at IoU 0.5"


@dataclass(frozen=True, slots=True)
class MtmcScore(MotScore):
    """Scores over all cameras, those of each camera alone, the rule that they follow and what it took out."""

    per_camera: dict[str, MotScore]
    rule: str
    filtered: dict[str, CameraFilter]

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A score, the rows that it was taken from and what became of each.

    shared_ids  whether a number means the same vehicle in every camera, or only within one
    """

    score: MtmcScore
    truth: MtmcRows
    predicted: MtmcRows
    outcome: Outcome
    shared_ids: bool


def score_mtmc(
    truth: MtmcRows,
    predicted: MtmcRows,
    *,
    rois: Mapping[str, Picture | None],
    frame_counts: Mapping[str, int],
) -> MtmcScore:
    """Score identities over several cameras (IDF1, IDP, IDR; CLEAR and HOTA beside them).

    Predictions are filtered by the challenge's rules (`rule` of the result), the truth is not. Cameras are laid end
    to end in the order of `frame_counts`, so that one assignment of identities holds for all of them.

    rois          region of interest by camera: [h, w] bool, or a picture of one or three channels; None = everything
    frame_counts  frames of each camera's video

    UserError: "unknown-camera", "frame-out-of-range", "duplicate-identity" (an identity twice in a frame).
    """
    return evaluate_mtmc(truth, predicted, rois=rois, frame_counts=frame_counts).score


def evaluate_mtmc(
    truth: MtmcRows,
    predicted: MtmcRows,
    *,
    rois: Mapping[str, Picture | None],
    frame_counts: Mapping[str, int],
) -> Evaluation:
    """`score_mtmc` with what became of every box; `predicted` of the result is what the rule leaves."""
    require_known(truth, frame_counts, side="ground truth")
    require_known(predicted, frame_counts, side="predictions")
    masks = {name: None if roi is None else roi_mask(roi) for name, roi in rois.items()}
    scored, filtered = challenge_counts(predicted, masks, frame_counts)
    require_unique(truth, side="ground truth")
    require_unique(scored, side="predictions")
    overall, outcome = _score(truth, scored, frame_counts)
    score = MtmcScore(
        **asdict(overall),
        per_camera=_each_camera(truth, scored, frame_counts),
        rule=rule_used(frame_counts, masks),
        filtered=filtered,
    )
    return Evaluation(score, truth, scored, outcome, shared_ids=True)


def score_mot(truth: MtmcRows, predicted: MtmcRows, *, frame_count: int) -> MotScore:
    """Score the tracks of one camera against its ground truth, nothing filtered (`MOT_RULE`)."""
    names = set(truth.camera.tolist()) | set(predicted.camera.tolist())
    if len(names) > 1:
        raise UserError("several-cameras", f"one camera is scored at a time, not {', '.join(sorted(names))}")
    counts = dict.fromkeys(names, frame_count)
    _require_sound(truth, predicted, counts)
    return _score(truth, predicted, counts)[0]


def evaluate_cameras(truth: MtmcRows, predicted: MtmcRows, *, frame_counts: Mapping[str, int]) -> Evaluation:
    """Score single-camera tracks of several cameras, each with identities of its own, nothing filtered
    (`CAMERAS_RULE`): the figures over all are those of all cameras' boxes and tracks taken together.

    UserError as `score_mtmc`.
    """
    _require_sound(truth, predicted, frame_counts)
    overall, outcome = _score(_own_ids(truth), _own_ids(predicted), frame_counts)
    score = MtmcScore(
        **asdict(overall),
        per_camera=_each_camera(truth, predicted, frame_counts),
        rule=CAMERAS_RULE,
        filtered={},
    )
    return Evaluation(score, truth, predicted, outcome, shared_ids=False)


def _require_sound(truth: MtmcRows, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> None:
    for rows, side in ((truth, "ground truth"), (predicted, "predictions")):
        require_known(rows, frame_counts, side=side)
        require_unique(rows, side=side)


def _own_ids(rows: MtmcRows) -> MtmcRows:
    """The same rows, identities renumbered so that no two cameras share one."""
    _, cameras = np.unique(rows.camera, return_inverse=True)
    _, ids = np.unique(np.stack((cameras, rows.id)), axis=1, return_inverse=True)
    return MtmcRows(rows.camera, ids.astype(np.int32), rows.frame, rows.xywh)


def _each_camera(truth: MtmcRows, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> dict[str, MotScore]:
    return {
        name: _score(truth.of_camera(name), predicted.of_camera(name), {name: count})[0]
        for name, count in frame_counts.items()
    }


def _score(truth: MtmcRows, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> tuple[MotScore, Outcome]:
    steps = sum(frame_counts.values())
    sequence = Sequence.of(
        Timeline.of(truth, _steps(truth, frame_counts), steps),
        Timeline.of(predicted, _steps(predicted, frame_counts), steps),
    )
    return score_sequence(sequence)


def _steps(rows: MtmcRows, frame_counts: Mapping[str, int]) -> Rows:
    """[n] time step of each row with the cameras laid end to end."""
    starts = np.cumsum([0, *frame_counts.values()])
    offsets = dict(zip(frame_counts, starts.tolist(), strict=False))
    return rows.frame.astype(np.int64) + np.array([offsets[name] for name in rows.camera.tolist()], np.int64)
