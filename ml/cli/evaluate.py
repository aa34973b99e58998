"""`python -m ml eval`: scores against ground truth."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli.command import Result, add_command
from ml.cli.run import score_lines

if TYPE_CHECKING:
    from ml.datasets.submission import SubmissionRows
    from ml.types import Mask


def add_to(commands: Any) -> None:
    summary = "Score results against ground truth."
    parser = commands.add_parser("eval", help=summary, description=summary)
    kinds = parser.add_subparsers(title="what is scored", metavar="KIND", required=True)
    mtmc = add_command(kinds, "mtmc", evaluate_mtmc, "Score identities over several cameras (IDF1 and others).")
    mtmc.add_argument("--gt", type=Path, required=True, help="scene folder, or a file with a submission's columns")
    mtmc.add_argument("--pred", type=Path, required=True, help="submission: track1.txt")
    mtmc.add_argument("--roi-dir", type=Path, metavar="DIR", help="DIR/<camera>/roi.png or DIR/<camera>.png")


def evaluate_mtmc(options: argparse.Namespace) -> Result:
    from ml.datasets.submission import read_submission

    predicted = read_submission(options.pred)
    score = _against_folder(options, predicted) if options.gt.is_dir() else _against_file(options, predicted)
    return Result(score, score_lines(score))


def _against_folder(options: argparse.Namespace, predicted: SubmissionRows) -> dict[str, object]:
    from ml.datasets.scene import read_scene
    from ml.evaluation import score_mtmc
    from ml.pipeline.score import frame_counts, rows_of_submission, truth_of_scene

    scene = read_scene(options.gt)
    names = [camera.name for camera in scene.cameras]
    truth, rows = truth_of_scene(scene), rows_of_submission(predicted, scene.camera_numbers())
    rois = {camera.name: camera.roi() for camera in scene.cameras}
    if options.roi_dir is not None:
        rois = _rois(options.roi_dir, names)
    return score_mtmc(truth, rows, rois=rois, frame_counts=frame_counts(names, truth, rows)).as_dict()


def _against_file(options: argparse.Namespace, predicted: SubmissionRows) -> dict[str, object]:
    from ml.datasets.submission import read_submission
    from ml.evaluation import score_mtmc
    from ml.pipeline.score import frame_counts, rows_of_submission

    truth = read_submission(options.gt)
    numbers = {f"c{number:03d}": number for number in sorted({*truth.cameras.tolist(), *predicted.cameras.tolist()})}
    names = list(numbers)
    true_rows, rows = rows_of_submission(truth, numbers), rows_of_submission(predicted, numbers)
    rois = {} if options.roi_dir is None else _rois(options.roi_dir, names)
    counts = frame_counts(names, true_rows, rows)
    return score_mtmc(true_rows, rows, rois=rois, frame_counts=counts).as_dict()


def _rois(folder: Path, names: list[str]) -> dict[str, Mask | None]:
    from ml.datasets.roi import find_roi, read_roi

    rois: dict[str, Mask | None] = {}
    for name in names:
        flat = [folder / f"{name}{suffix}" for suffix in (".png", ".jpg")]
        path = find_roi(folder / name) or next((path for path in flat if path.is_file()), None)
        rois[name] = None if path is None else read_roi(path)
    return rois
