"""Scores of single-camera tracks where some vehicles in view need not be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ml.evaluation import MtmcRows, MtmcScore, evaluate_cameras
from ml.evaluation.pairs import BoxesByStep, overlapping_pairs
from ml.types import Tracklet
from tests.benchmarks.comparison.sequences import Sequence as CameraSequence
from tests.benchmarks.comparison.sequences import Truth

IGNORING_RULE = (
    "a tracked box that has no true box at IoU 0.5 is taken out, neither right nor wrong, where half of its area or "
    "more lies inside one ignored box"
)
SHARE = 0.5
Tracks = Mapping[str, Sequence[Tracklet]]  # by camera


def score_tracks(sequences: Sequence[CameraSequence], tracks: Tracks) -> MtmcScore:
    """The scores over all sequences and of each camera (`IGNORING_RULE`); every camera's identities are its own."""
    kept = [
        without_ignored(rows_of(sequence.camera, tracks[sequence.camera]), sequence.truth, sequence.frame_count)
        for sequence in sequences
    ]
    counts = {sequence.camera: sequence.frame_count for sequence in sequences}
    truth = joined([sequence.truth.counted for sequence in sequences])
    return evaluate_cameras(truth, joined(kept), frame_counts=counts).score


def rows_of(camera: str, tracklets: Sequence[Tracklet]) -> MtmcRows:
    """The boxes of tracklets as the scorer takes them."""
    frames = np.concatenate([np.zeros(0, np.int32), *(tracklet.frames for tracklet in tracklets)])
    boxes = np.concatenate([np.zeros((0, 4), np.float64), *(tracklet.boxes for tracklet in tracklets)])
    ids = np.repeat(np.array([t.number for t in tracklets], np.int32), [len(t) for t in tracklets])
    xywh = np.column_stack((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]))
    return MtmcRows(np.full(len(frames), camera), ids, frames.astype(np.int32), xywh)


def without_ignored(predicted: MtmcRows, truth: Truth, frame_count: int) -> MtmcRows:
    """The predicted boxes by rising frame, less those that `IGNORING_RULE` takes out."""
    ordered = predicted.take(np.argsort(predicted.frame, kind="stable"))
    boxes = _by_frame(ordered, frame_count)
    on_true = overlapping_pairs(_by_frame(truth.counted, frame_count), boxes)
    on_ignored = overlapping_pairs(_by_frame(truth.ignored, frame_count), boxes)
    overlap, inside = np.zeros(len(ordered)), np.zeros(len(ordered))
    np.maximum.at(overlap, on_true.right, on_true.iou)
    np.maximum.at(inside, on_ignored.right, on_ignored.inside)
    return ordered.take(np.asarray((overlap >= SHARE) | (inside < SHARE)))


def joined(parts: Sequence[MtmcRows]) -> MtmcRows:
    """The rows of all cameras in one table."""
    return MtmcRows(
        np.concatenate([part.camera for part in parts]),
        np.concatenate([part.id for part in parts]),
        np.concatenate([part.frame for part in parts]),
        np.concatenate([part.xywh for part in parts]),
    )


def _by_frame(rows: MtmcRows, frame_count: int) -> BoxesByStep:
    ordered = rows.take(np.argsort(rows.frame, kind="stable"))
    starts = np.searchsorted(ordered.frame, np.arange(frame_count + 1)).astype(np.int64)
    return BoxesByStep(ordered.xyxy, starts)
