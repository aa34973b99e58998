"""Scores of a detector: average precision as COCO defines it, and the share of the truth it finds by size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ml.boxes import areas
from ml.evaluation.pairs import BoxesByStep, Pairs, Rows, inside_share, overlapping_pairs
from ml.evaluation.rows import CameraNames, MtmcRows
from ml.evaluation.steps import boxes_by_step, common_steps, starts_of
from ml.types import Bool1D, Detections, Double1D, Double2D, UserError

Bool2D = npt.NDArray[np.bool_]

IOU_LEVELS = np.linspace(0.5, 0.95, 10)
RECALL_LEVELS = np.linspace(0, 1, 101)
MOST_IN_A_FRAME = 100
SIZES = {"small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, np.inf)}  # area in square pixels
DETECTION_RULE = (
    "COCO's AP over 101 recall levels, one class, the 100 best-scored boxes of a frame; recall at IoU 0.5 by the area "
    "of the true box: small below 32x32, medium below 96x96, large; a box without a truth of its own counts neither "
    "way where it lies on an ignored one"
)


@dataclass(frozen=True, slots=True)
class SizeRecall:
    """True boxes of one size and the share of them found at IoU 0.5; None where there are none."""

    truths: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class DetectionScore:
    """Shares are 0..1.

    ap50         average precision at IoU 0.5          ap50_95  its mean over IoU 0.5, 0.55, ... 0.95
    recall50     share of the true boxes found at IoU 0.5 by all detections scored
    """

    ap50: float
    ap50_95: float
    recall50: float
    truths: int
    detections: int
    by_size: dict[str, SizeRecall]
    rule: str = DETECTION_RULE

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def score_detections(
    truth: MtmcRows, detections: Mapping[str, Detections], *, ignored: MtmcRows | None = None
) -> DetectionScore:
    """Score boxes with scores against true boxes, all classes as one (`DETECTION_RULE`).

    detections  by camera name; every camera and frame counts, also those without a true box: leave out of
                `detections` what `truth` does not cover
    ignored     boxes that are neither to be found nor wrong to be found (COCO's crowds): a detection with no true box
                left for it is not counted where at least the IoU level of its own area lies inside one of them

    UserError "no-ground-truth" where `truth` is empty: no recall is defined.
    """
    if not len(truth):
        raise UserError("no-ground-truth", "no true box to score detections against; check the ground truth's frames")
    sides = _sides(truth, detections, ignored)
    precisions = _average_precisions(sides.scores, sides.right, sides.on_ignored & ~sides.right, len(truth))
    return DetectionScore(
        ap50=float(precisions[0]),
        ap50_95=float(precisions.mean()),
        recall50=float(sides.true_found.mean()),
        truths=len(truth),
        detections=len(sides.scores),
        by_size=_by_size(truth.xyxy[sides.true_order], sides.true_found),
    )


@dataclass(frozen=True, slots=True)
class DetectionMatch:
    """What `match_detections` found out, at IoU 0.5.

    found  [n] bool, whether each true box is found
    right  [m] bool, whether each detection has a true box; rows count through all cameras in their order
    wrong  [m] bool, whether it has none and counts against the detector
    """

    found: Bool1D
    right: Bool1D
    wrong: Bool1D


def match_detections(
    truth: MtmcRows, detections: Mapping[str, Detections], *, ignored: MtmcRows | None = None
) -> DetectionMatch:
    """Which true boxes are found and which detections are right or wrong, as `score_detections` counts them.

    A frame's detections after the best 100 are neither right nor wrong.
    """
    sides = _sides(truth, detections, ignored)
    count = sum(map(len, detections.values()))
    found, right, wrong = (np.zeros(size, np.bool_) for size in (len(truth), count, count))
    found[sides.true_order] = sides.true_found
    right[sides.order] = sides.right[0]
    wrong[sides.order] = ~sides.right[0] & ~sides.on_ignored[0]
    return DetectionMatch(found, right, wrong)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Detections matched to the truth at each IoU level.

    order, scores  [k] rows of the detections that count, frame by frame by falling score
    right, on_ignored  [levels, k] whether they have a true box, and whether they lie on an ignored one
    true_order, true_found  [n] rows of the true boxes frame by frame, and whether they are found at IoU 0.5
    """

    order: Rows
    scores: Double1D
    right: Bool2D
    on_ignored: Bool2D
    true_order: Rows
    true_found: Bool1D


def _sides(truth: MtmcRows, detections: Mapping[str, Detections], ignored: MtmcRows | None) -> _Sides:
    left_out = truth.take(np.zeros(0, np.intp)) if ignored is None else ignored
    found = _Found.of(detections)
    columns = [(side.camera, side.frame) for side in (truth, found, left_out)]
    (true_steps, found_steps, ignored_steps), count = common_steps(*columns)
    order = _best_first(found_steps, found.scores)
    boxes = BoxesByStep(found.boxes[order], starts_of(found_steps[order], count))
    true_boxes, true_order = boxes_by_step(truth, true_steps, count)
    ignored_boxes, _ = boxes_by_step(left_out, ignored_steps, count)
    rank = np.arange(len(boxes)) - boxes.starts[boxes.steps]
    right, true_found = _greedy(overlapping_pairs(true_boxes, boxes), len(truth), rank)
    on_ignored = inside_share(overlapping_pairs(ignored_boxes, boxes), len(boxes)) >= IOU_LEVELS[:, None]
    return _Sides(order, found.scores[order], right, on_ignored, true_order, true_found)


@dataclass(frozen=True, slots=True)
class _Found:
    """Detections of all cameras in one table."""

    camera: CameraNames
    frame: Rows
    boxes: Double2D
    scores: Double1D

    @staticmethod
    def of(detections: Mapping[str, Detections]) -> _Found:
        every = Detections.concatenate(list(detections.values()))
        names = np.repeat(np.array(list(detections), np.str_), [len(part) for part in detections.values()])
        return _Found(
            names, every.frames.astype(np.int64), every.boxes.astype(np.float64), every.scores.astype(np.float64)
        )


def _best_first(steps: Rows, scores: Double1D) -> Rows:
    """Rows by step and falling score, the best `MOST_IN_A_FRAME` of each step."""
    order = np.lexsort((-scores, steps))
    rank = np.arange(len(order)) - np.searchsorted(steps[order], steps[order])
    return order[rank < MOST_IN_A_FRAME]


def _greedy(pairs: Pairs, truths: int, rank: Rows) -> tuple[Bool2D, Bool1D]:
    """COCO's matching: best score first, each detection takes the best true box that is left.

    All frames and IoU levels go at once; the loop runs over `rank` [found], the place of a detection in its frame.
    Returns [levels, found] whether a detection has a true box, [truths] whether a true box is found at level 0.5.
    """
    right = np.zeros((len(IOU_LEVELS), len(rank)), np.bool_)
    taken = np.zeros((len(IOU_LEVELS), truths), np.bool_)
    pairs = pairs.take(pairs.iou >= IOU_LEVELS[0])
    pairs = pairs.take(np.lexsort((pairs.left, pairs.iou, pairs.right, rank[pairs.right])))
    for block in np.split(np.arange(len(pairs)), np.flatnonzero(np.diff(rank[pairs.right])) + 1):
        if len(block):
            _match_block(pairs.take(block), right, taken)
    return right, taken[0]


def _match_block(pairs: Pairs, right: Bool2D, taken: Bool2D) -> None:
    """Match detections of different frames; `pairs` by detection and rising IoU. Marks `right` and `taken`."""
    free = (pairs.iou >= IOU_LEVELS[:, None]) & ~taken[:, pairs.left]
    firsts = np.flatnonzero(np.diff(pairs.right, prepend=-1))
    best = np.maximum.reduceat(np.where(free, np.arange(len(pairs)), -1), firsts, axis=1)
    level, place = np.nonzero(best >= 0)
    chosen = best[level, place]
    right[level, pairs.right[chosen]] = True
    taken[level, pairs.left[chosen]] = True


def _average_precisions(scores: Double1D, right: Bool2D, left_out: Bool2D, truths: int) -> Double1D:
    """[levels] average precision without the detections `left_out`."""
    return np.array(
        [average_precision(scores[~out], hit[~out], truths) for hit, out in zip(right, left_out, strict=True)]
    )


def average_precision(scores: npt.NDArray[np.floating], right: Bool1D, truths: int) -> float:
    """Mean over `RECALL_LEVELS` of the best precision at that recall or more.

    scores, right  [k] of detections, and whether each has a true box; equal scores keep their order
    truths         how many true boxes there are
    """
    hits = np.cumsum(right[np.argsort(-scores, kind="stable")])
    precision = np.maximum.accumulate((hits / np.arange(1, len(hits) + 1))[::-1])[::-1]
    reached = np.searchsorted(hits / truths, RECALL_LEVELS)
    return float(np.append(precision, 0.0)[reached].mean())


def _by_size(boxes: Double2D, found: Bool1D) -> dict[str, SizeRecall]:
    area, sizes = areas(boxes), {}
    for name, (least, below) in SIZES.items():
        of_size = found[(area >= least) & (area < below)]
        sizes[name] = SizeRecall(len(of_size), float(of_size.mean()) if len(of_size) else None)
    return sizes
