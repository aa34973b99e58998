"""What the AI City Challenge takes out of a submission before scoring it. Ground truth is never filtered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ml.evaluation.pairs import inside_share, overlapping_pairs
from ml.evaluation.rows import MtmcRows
from ml.evaluation.steps import boxes_by_step, common_steps
from ml.types import Bool1D, Mask

RULE = (
    "AI City Challenge: of the predictions, boxes with a corner outside the ROI, then identities left in one "
    "camera only, then repeated rows are taken out; cameras laid end to end; one global assignment at IoU 0.5"
)
RULE_WITHOUT_ROI = " (no ROI for {cameras}: every box of theirs counts)"


@dataclass(frozen=True, slots=True)
class CameraFilter:
    """What the rule did to one camera's predictions, in boxes; `has_roi` says whether there was an ROI to look at."""

    has_roi: bool
    predicted: int
    outside_roi: int
    in_one_camera: int
    repeated: int
    scored: int


def challenge_filter(predicted: MtmcRows, rois: Mapping[str, Mask | None]) -> MtmcRows:
    """The predictions that the challenge scores; `rois` by camera name, none or None = all of the picture."""
    return _sifted(predicted, rois)[-1]


def challenge_counts(
    predicted: MtmcRows, rois: Mapping[str, Mask | None], cameras: Iterable[str]
) -> tuple[MtmcRows, dict[str, CameraFilter]]:
    """`challenge_filter`, and what it took out of each of `cameras`."""
    stages = _sifted(predicted, rois)
    counts = {}
    for name in cameras:
        given, inside, several, scored = (int((rows.camera == name).sum()) for rows in stages)
        counts[name] = CameraFilter(
            rois.get(name) is not None, given, given - inside, inside - several, several - scored, scored
        )
    return stages[-1], counts


def _sifted(predicted: MtmcRows, rois: Mapping[str, Mask | None]) -> tuple[MtmcRows, MtmcRows, MtmcRows, MtmcRows]:
    """All rows, those inside the ROI, of them those of identities in several cameras, of them each once."""
    inside = predicted.take(inside_rois(predicted, rois))
    several = inside.take(in_several_cameras(inside))
    return predicted, inside, several, several.take(first_of_repeated(several))


def off_ignored(predicted: MtmcRows, truth: MtmcRows, ignored: MtmcRows, *, threshold: float = 0.5) -> Bool1D:
    """[n] false where a predicted box lies on an ignored one and has no true box.

    It lies on it with `threshold` or more of its own area, and has a true box at that IoU or more. Ignored boxes are
    vehicles that are neither to be found nor wrong to be found.
    """
    sides = [(side.camera, side.frame) for side in (predicted, truth, ignored)]
    steps, count = common_steps(*sides)
    boxes, order = boxes_by_step(predicted, steps[0], count)
    true_pairs = overlapping_pairs(boxes_by_step(truth, steps[1], count)[0], boxes)
    ignored_pairs = overlapping_pairs(boxes_by_step(ignored, steps[2], count)[0], boxes)
    counted = inside_share(ignored_pairs, len(boxes)) < threshold
    counted[true_pairs.right[true_pairs.iou >= threshold]] = True
    by_row = np.empty(len(predicted), np.bool_)
    by_row[order] = counted
    return by_row


def inside_rois(rows: MtmcRows, rois: Mapping[str, Mask | None]) -> Bool1D:
    """[n] true where no corner of the box lies outside its camera's ROI."""
    inside = np.ones(len(rows), np.bool_)
    for name in np.unique(rows.camera).tolist():
        roi = rois.get(name)
        if roi is not None:
            of_camera = np.flatnonzero(rows.camera == name)
            inside[of_camera] = _corners_inside(rows.take(of_camera), roi)
    return inside


def in_several_cameras(rows: MtmcRows) -> Bool1D:
    """[n] true where the identity of the row is seen in two cameras or more."""
    ids, of_row = np.unique(rows.id, return_inverse=True)
    _, cameras = np.unique(rows.camera, return_inverse=True)
    seen = np.unique(np.stack((of_row, cameras)), axis=1)
    several: Bool1D = np.bincount(seen[0], minlength=len(ids))[of_row] > 1
    return several


def first_of_repeated(rows: MtmcRows) -> Bool1D:
    """[n] true but for rows that say again, box and all, what an earlier row said."""
    _, cameras = np.unique(rows.camera, return_inverse=True)
    table = np.column_stack((cameras, rows.id, rows.frame, rows.xywh))
    _, first = np.unique(table, axis=0, return_index=True)
    keep = np.zeros(len(rows), np.bool_)
    keep[first] = True
    return keep


def rule_used(cameras: Mapping[str, int], rois: Mapping[str, Mask | None]) -> str:
    """The rule in words, naming the cameras whose ROI was not given."""
    without = [name for name in cameras if rois.get(name) is None]
    return RULE + (RULE_WITHOUT_ROI.format(cameras=", ".join(without)) if without else "")


def _corners_inside(rows: MtmcRows, roi: Mask) -> Bool1D:
    """Corners beyond the picture's border are not looked up, as in the challenge's own scorer."""
    height, width = roi.shape
    inside = np.ones(len(rows), np.bool_)
    corners = np.floor(rows.xyxy).astype(np.int64)
    for column in (corners[:, 0], corners[:, 2]):
        for line in (corners[:, 1], corners[:, 3]):
            visible = (column >= 0) & (column < width) & (line >= 0) & (line < height)
            inside[visible] &= roi[line[visible], column[visible]]
    return inside
