"""Scores of multi-camera tracking as the AI City Challenge counts them, and of one camera (MOT)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ml.evaluation.filters import challenge_filter, rule_used
from ml.evaluation.rows import MtmcRows, Picture, require_known, require_unique, roi_mask
from ml.evaluation.sequence import MotScore, Timeline, score_timelines
from ml.types import UserError

MOT_RULE = "no filter; one assignment of identities at IoU 0.5"


@dataclass(frozen=True, slots=True)
class MtmcScore(MotScore):
    """Scores over all cameras, those of each camera alone, and the rule that they follow."""

    per_camera: dict[str, MotScore]
    rule: str

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def score_mtmc(
    truth: MtmcRows,
    predicted: MtmcRows,
    *,
    rois: Mapping[str, Picture | None],
    frame_counts: Mapping[str, int],
) -> MtmcScore:
    """Score identities over several cameras (IDF1, IDP, IDR; MOTA and HOTA beside them).

    Predictions are filtered by the challenge's rules (`rule` of the result), the truth is not. Cameras are laid end
    to end in the order of `frame_counts`, so that one assignment of identities holds for all of them.

    rois          region of interest by camera: [h, w] bool, or a picture of one or three channels; None = everything
    frame_counts  frames of each camera's video

    UserError: "unknown-camera", "frame-out-of-range", "duplicate-identity" (an identity twice in a frame).
    """
    require_known(truth, frame_counts, side="ground truth")
    require_known(predicted, frame_counts, side="predictions")
    masks = {name: None if roi is None else roi_mask(roi) for name, roi in rois.items()}
    scored = challenge_filter(predicted, masks)
    require_unique(truth, side="ground truth")
    require_unique(scored, side="predictions")
    overall = _score(truth, scored, frame_counts)
    per_camera = {
        name: _score(truth.of_camera(name), scored.of_camera(name), {name: count})
        for name, count in frame_counts.items()
    }
    return MtmcScore(**asdict(overall), per_camera=per_camera, rule=rule_used(frame_counts, masks))


def score_mot(truth: MtmcRows, predicted: MtmcRows, *, frame_count: int) -> MotScore:
    """Score the tracks of one camera against its ground truth, nothing filtered (`MOT_RULE`)."""
    names = set(truth.camera.tolist()) | set(predicted.camera.tolist())
    if len(names) > 1:
        raise UserError("several-cameras", f"one camera is scored at a time, not {', '.join(sorted(names))}")
    counts = dict.fromkeys(names, frame_count)
    for rows, side in ((truth, "ground truth"), (predicted, "predictions")):
        require_known(rows, counts, side=side)
        require_unique(rows, side=side)
    return _score(truth, predicted, counts)


def _score(truth: MtmcRows, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> MotScore:
    total = sum(frame_counts.values())
    return score_timelines(
        Timeline.of(truth, _steps(truth, frame_counts), total),
        Timeline.of(predicted, _steps(predicted, frame_counts), total),
    )


def _steps(rows: MtmcRows, frame_counts: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """[n] time step of each row with the cameras laid end to end."""
    starts = np.cumsum([0, *frame_counts.values()])
    offsets = dict(zip(frame_counts, starts.tolist(), strict=False))
    return rows.frame.astype(np.int64) + np.array([offsets[name] for name in rows.camera.tolist()], np.int64)
