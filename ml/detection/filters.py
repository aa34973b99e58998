"""What every detector's boxes go through: suppression of doubles and the region of interest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ml.boxes import pairwise_iou
from ml.types import Bool1D, Detections, Float2D, Int1D, Mask


def inter_class_nms(detections: Detections, iou: float, *, weighted: bool = False) -> Detections:
    """Greedy non-maximum suppression over all classes together (ELECTRICITY, section 3.1).

    By falling score, a box is dropped if its IoU with one that stays is `iou` or more; equal scores keep their
    order. Works frame by frame; within a frame the result is ordered by falling score.

    weighted  each box that stays becomes the mean, weighted by score, of itself and those it suppressed
    """
    ranked = detections.take(np.lexsort((-detections.scores, detections.frames)))
    if len(ranked) == 0:
        return ranked
    borders = np.flatnonzero(np.diff(ranked.frames)) + 1
    frames = np.split(np.arange(len(ranked)), borders)
    return Detections.concatenate([_suppressed(ranked.take(rows), iou, weighted) for rows in frames])


def _suppressed(ranked: Detections, iou: float, weighted: bool) -> Detections:
    """One frame, ordered by falling score."""
    overlap = np.triu(pairwise_iou(ranked.boxes, ranked.boxes) >= iou, k=1)
    stays = _staying(overlap)
    kept = ranked.take(stays)
    return replace(kept, boxes=_averaged(ranked, overlap, stays)) if weighted else kept


def _staying(overlap: npt.NDArray[np.bool_]) -> Bool1D:
    """Which rows stay: those that no earlier row that stays overlaps.

    Starting from "all stay", each pass settles at least one more row for good, and in practice three or four
    passes settle all.
    """
    stays = np.ones(len(overlap), np.bool_)
    while True:
        settled = np.asarray(~overlap[stays].any(axis=0))
        if np.array_equal(settled, stays):
            return stays
        stays = settled


def _averaged(ranked: Detections, overlap: npt.NDArray[np.bool_], stays: Bool1D) -> Float2D:
    """Mean box, weighted by score, of each row that stays and the rows it was the first to suppress."""
    rows = np.flatnonzero(stays)
    first: Int1D = np.where(stays, np.cumsum(stays) - 1, overlap[rows].argmax(axis=0)).astype(np.int32)
    weights = np.zeros((len(rows), len(ranked)), np.float32)
    weights[first, np.arange(len(ranked))] = ranked.scores
    total = weights.sum(axis=1, keepdims=True)
    mean = weights @ ranked.boxes / np.maximum(total, np.finfo(np.float32).tiny)
    return np.where(total > 0, mean, ranked.boxes[rows]).astype(np.float32)


def inside_roi(boxes: Float2D, roi: Mask | None) -> Bool1D:
    """Whether the pixel at the middle of each box's lower edge is inside the region of interest.

    boxes  [n, 4] xyxy pixels       roi  [h, w] true where vehicles count, or None: everywhere

    Right and bottom are exclusive, so the pixel lies in row ceil(bottom) - 1; a point outside the picture
    belongs to its nearest border pixel.
    """
    if roi is None:
        return np.ones(len(boxes), np.bool_)
    columns = np.floor((boxes[:, 0] + boxes[:, 2]) / 2).astype(np.intp).clip(0, roi.shape[1] - 1)
    rows = (np.ceil(boxes[:, 3]).astype(np.intp) - 1).clip(0, roi.shape[0] - 1)
    inside: Bool1D = roi[rows, columns]
    return inside
