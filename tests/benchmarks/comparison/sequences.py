"""What a tracker is given and what it is scored against: detections and truth of a stretch of one camera's video."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.datasets.mot import read_tracks
from ml.datasets.scene import CameraFolder
from ml.detection import inside_roi
from ml.evaluation import MtmcRows
from ml.types import Detections, Double2D

Column = npt.NDArray[np.integer[Any] | np.floating[Any]]

SPLIT_S = 50.0  # world time: parameters are chosen before it, figures reported from it on


@dataclass(frozen=True, slots=True)
class Truth:
    """True boxes of one camera; `ignored` are vehicles in view that need not be found and may be."""

    counted: MtmcRows
    ignored: MtmcRows


@dataclass(frozen=True, slots=True)
class Sequence:
    """Frames first .. first + frame_count - 1 of a camera; `detections` and `truth` count from 0 at `first`.

    detections  of the whole stretch, bottom centre inside the region of interest
    """

    camera: str
    first: int
    frame_count: int
    detections: Detections
    truth: Truth


def camera_truth(camera: CameraFolder) -> Truth:
    """The truth of a camera: gt_all.txt and gt_amodal.txt where they are, else gt.txt, which names nobody to ignore.

    gt_amodal's column `good` holds for vehicles with 400 visible pixels or more, 30% or more of what could be seen
    not hidden, and their bottom centre inside the region of interest. They count; the other rows are ignored.
    """
    assert camera.ground_truth_path is not None
    folder = camera.ground_truth_path.parent
    if not (folder / "gt_amodal.txt").is_file():
        tracks = read_tracks(camera.ground_truth_path)
        sizes = tracks.boxes[:, 2:] - tracks.boxes[:, :2]
        rows = _rows(camera.name, tracks.frames, tracks.ids, np.column_stack((tracks.boxes[:, :2], sizes)))
        return Truth(rows, rows.take(np.zeros(0, np.intp)))
    table, good = _table(folder / "gt_all.txt"), _table(folder / "gt_amodal.txt")[:, 8] == 1
    rows = _rows(camera.name, table[:, 0] - 1, table[:, 1], table[:, 2:6])
    return Truth(rows.take(good), rows.take(~good))


def stretch(
    camera: CameraFolder, detections: Detections, truth: Truth, *, first: int = 0, stop: int | None = None
) -> Sequence:
    """The frames from `first` to before `stop` of a camera, as a tracker that starts at `first` sees them."""
    stop = camera.frame_count if stop is None else stop
    assert stop is not None
    chosen = detections.take(inside_roi(detections.boxes, camera.roi()))
    chosen = chosen.take((chosen.frames >= first) & (chosen.frames < stop))
    chosen = replace(chosen, frames=(chosen.frames - first).astype(np.int32))
    return Sequence(
        camera.name,
        first,
        stop - first,
        chosen,
        Truth(_from(truth.counted, first, stop), _from(truth.ignored, first, stop)),
    )


def halves(
    camera: CameraFolder, fps: float, frame_count: int, *, split_s: float = SPLIT_S
) -> tuple[tuple[int, int], tuple[int, int]]:
    """((first, stop) of the frames before `split_s` of world time, the same of those from it on)."""
    split = int(np.clip(np.ceil((split_s - camera.start_s) * fps - 1e-6), 0, frame_count))
    return (0, split), (split, frame_count)


def _rows(name: str, frames: Column, ids: Column, xywh: Column) -> MtmcRows:
    camera = np.full(len(frames), name)
    return MtmcRows(camera, ids.astype(np.int32), frames.astype(np.int32), xywh.astype(np.float64))


def _table(path: Path) -> Double2D:
    return np.loadtxt(path, delimiter=",", ndmin=2)


def _from(rows: MtmcRows, first: int, stop: int) -> MtmcRows:
    inside = rows.take((rows.frame >= first) & (rows.frame < stop))
    return replace(inside, frame=(inside.frame - first).astype(np.int32))
