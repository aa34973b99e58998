"""Identities against a scene's ground truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ml.datasets.mot import TrackRows
from ml.datasets.scene import SceneFolder
from ml.datasets.submission import SubmissionRows
from ml.evaluation import MtmcRows, MtmcScore, score_mtmc
from ml.types import Float2D, UserError


def rows_of_cameras(cameras: Mapping[str, TrackRows]) -> MtmcRows:
    """Rows of several cameras, camera after camera."""
    return _stacked((name, rows) for name, rows in cameras.items())


def rows_of_submission(rows: SubmissionRows, numbers: Mapping[str, int]) -> MtmcRows:
    """A submission's rows, its camera numbers turned to names; UserError for a number no camera has."""
    names = {number: name for name, number in numbers.items()}
    unknown = sorted(set(rows.cameras.tolist()) - set(names))
    if unknown:
        known = ", ".join(f"{number} ({name})" for name, number in numbers.items())
        raise UserError("unknown-camera", f"There is no camera {unknown[0]} in the scene; it has {known}.")
    cameras = np.array([names[number] for number in rows.cameras.tolist()], np.str_)
    return MtmcRows(cameras, rows.ids, rows.frames, _xywh(rows.boxes))


def truth_of_scene(scene: SceneFolder) -> MtmcRows:
    """The ground truth of all cameras that have one; UserError where none has."""
    truths = {camera.name: camera.ground_truth() for camera in scene.cameras}
    known = {name: rows for name, rows in truths.items() if rows is not None}
    if not known:
        raise UserError("no-ground-truth", f"{scene.path} has no ground truth: no camera has a gt/gt.txt.")
    return rows_of_cameras(known)


def why_unscored(scene: SceneFolder) -> str | None:
    """Why nothing can be scored against the scene's own ground truth; None where it can."""
    if scene.has_ground_truth():
        return None
    empty = [str(path) for camera in scene.cameras if (path := camera.ground_truth_path) is not None]
    if empty:
        return f"the scene's ground truth holds no box ({', '.join(empty)})"
    return "the scene has no ground truth"


def score_scene(scene: SceneFolder, predicted: MtmcRows, frame_counts: Mapping[str, int]) -> MtmcScore:
    """Score `predicted` against the scene folder's own ground truth and regions of interest."""
    rois = {camera.name: camera.roi() for camera in scene.cameras}
    return score_mtmc(truth_of_scene(scene), predicted, rois=rois, frame_counts=frame_counts)


def _stacked(cameras: Iterable[tuple[str, TrackRows]]) -> MtmcRows:
    listed = list(cameras)
    return MtmcRows(
        camera=np.concatenate([np.full(len(rows), name) for name, rows in listed]),
        id=np.concatenate([rows.ids for _, rows in listed]),
        frame=np.concatenate([rows.frames for _, rows in listed]),
        xywh=np.concatenate([_xywh(rows.boxes) for _, rows in listed]),
    )


def _xywh(boxes: Float2D) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    corners = boxes.astype(np.float64)
    return np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)


def frame_counts(names: Iterable[str], *sides: MtmcRows) -> dict[str, int]:
    """For each camera the least number of frames that holds every row of `sides`."""
    counts = dict.fromkeys(names, 0)
    for rows in sides:
        for name in np.unique(rows.camera).tolist():
            counts[name] = max(counts[name], int(rows.frame[rows.camera == name].max()) + 1)
    return counts
