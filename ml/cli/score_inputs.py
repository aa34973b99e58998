"""What `python -m ml eval` reads: submissions, scene folders, and files of one camera or a folder of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.datasets.mot import TrackRows, Truth, read_truth
from ml.datasets.roi import find_roi, read_roi
from ml.datasets.scene import SceneFolder, find_scenes, read_scene
from ml.datasets.submission import SubmissionRows, read_submission
from ml.evaluation import Evaluation, MtmcRows, evaluate_mtmc
from ml.pipeline.score import frame_counts, rows_of_cameras, rows_of_submission, truth_of_scene
from ml.types import Mask, UserError


@dataclass(frozen=True)
class MtmcTruth:
    """Ground truth over several cameras, by name; `numbers` are those of submissions.

    classes  [rows] class numbers, None where a file has none
    """

    rows: MtmcRows
    classes: npt.NDArray[np.int32] | None
    numbers: Mapping[str, int]
    rois: Mapping[str, Mask | None]

    def evaluate(self, submission: SubmissionRows) -> Evaluation:
        predicted = rows_of_submission(submission, self.numbers)
        counts = frame_counts(self.numbers, self.rows, predicted)
        return evaluate_mtmc(self.rows, predicted, rois=self.rois, frame_counts=counts)


def read_mtmc_truth(path: Path, roi_dir: Path | None, submissions: list[SubmissionRows]) -> MtmcTruth:
    """The truth of a scene folder or of a file with a submission's columns, which has only its cameras' numbers."""
    if path.is_dir():
        scene = read_scene(path)
        numbers, truth, classes = scene.camera_numbers(), truth_of_scene(scene), _classes_of_scene(scene)
        rois: Mapping[str, Mask | None] = {camera.name: camera.roi() for camera in scene.cameras}
    else:
        given = read_submission(path)
        seen = sorted({number for rows in (given, *submissions) for number in rows.cameras.tolist()})
        numbers = {f"c{number:03d}": number for number in seen}
        truth, classes, rois = rows_of_submission(given, numbers), None, {}
    return MtmcTruth(truth, classes, numbers, rois if roi_dir is None else _rois(roi_dir, list(numbers)))


def _classes_of_scene(scene: SceneFolder) -> npt.NDArray[np.int32] | None:
    paths = [camera.ground_truth_path for camera in scene.cameras if camera.ground_truth_path is not None]
    return _joined([read_truth(path).classes for path in paths])


def _joined(classes: list[npt.NDArray[np.int32] | None]) -> npt.NDArray[np.int32] | None:
    known = [part for part in classes if part is not None]
    return np.concatenate(known) if known and len(known) == len(classes) else None


def _rois(folder: Path, names: list[str]) -> dict[str, Mask | None]:
    rois: dict[str, Mask | None] = {}
    for name in names:
        flat = [folder / f"{name}{suffix}" for suffix in (".png", ".jpg")]
        path = find_roi(folder / name) or next((path for path in flat if path.is_file()), None)
        rois[name] = None if path is None else read_roi(path)
    return rois


@dataclass(frozen=True)
class CameraTruth:
    """Ground truth of cameras with identities of their own.

    rows     the boxes that count       classes  [rows] class numbers, None where a file has none
    ignored  boxes that are neither to be found nor wrong to be found
    """

    rows: MtmcRows
    ignored: MtmcRows
    classes: npt.NDArray[np.int32] | None


def camera_files(truth: Path, results: Path) -> tuple[dict[str, tuple[Path, Path]], list[str]]:
    """Camera -> (truth, result) files of two files or two folders, and the results that have no truth.

    A truth folder is a scene (<camera>/gt/gt.txt) or holds <camera>.txt, a result folder holds <camera>.txt.

    UserError: nothing there, a folder and a file, no truth in the folder, a camera with truth and without a result.
    """
    for path in (truth, results):
        if not path.exists():
            raise UserError("file-missing", f"{path} does not exist.")
    if truth.is_dir() != results.is_dir():
        raise UserError("file-and-folder", f"{truth} and {results}: give two files of one camera or two folders.")
    if not truth.is_dir():
        return {results.stem: (truth, results)}, []
    truths = _truth_files(truth)
    found = {path.stem: path for path in sorted(results.glob("*.txt"))}
    missing = [name for name in truths if name not in found]
    if missing:
        raise UserError(
            "file-missing", f"{results / missing[0]}.txt does not exist, and {missing[0]} has ground truth."
        )
    pairs = {name: (path, found[name]) for name, path in truths.items()}
    return pairs, [name for name in found if name not in truths]


def _truth_files(folder: Path) -> dict[str, Path]:
    if find_scenes(folder):
        cameras = read_scene(folder).cameras
        files = {camera.name: camera.ground_truth_path for camera in cameras}
        known = {name: path for name, path in files.items() if path is not None}
    else:
        known = {path.stem: path for path in sorted(folder.glob("*.txt"))}
    if not known:
        raise UserError("no-ground-truth", f"{folder} has no ground truth: no <camera>/gt/gt.txt and no <camera>.txt.")
    return known


def read_camera_truth(files: Mapping[str, Path]) -> CameraTruth:
    """The ground truth files of cameras by name."""
    truths = {name: read_truth(path) for name, path in files.items()}
    active = rows_of_cameras({name: _chosen(truth, truth.active) for name, truth in truths.items()})
    ignored = rows_of_cameras({name: _chosen(truth, ~truth.active) for name, truth in truths.items()})
    classes = [None if truth.classes is None else truth.classes[truth.active] for truth in truths.values()]
    return CameraTruth(active, ignored, _joined(classes))


def _chosen(truth: Truth, rows: npt.NDArray[np.bool_]) -> TrackRows:
    every = truth.rows
    return TrackRows(every.frames[rows], every.ids[rows], every.boxes[rows], every.scores[rows])
