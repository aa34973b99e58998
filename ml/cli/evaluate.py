"""`python -m ml eval`: scores against ground truth."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.cli import evaluate_reid
from ml.cli.command import Result, add_command
from ml.cli.run import score_lines
from ml.types import UserError

if TYPE_CHECKING:
    from ml.cli.score_inputs import CameraTruth
    from ml.evaluation import Evaluation
    from ml.evaluation.groups import GroupScore
    from ml.types import Int1D


def add_to(commands: Any) -> None:
    summary = "Score results against ground truth."
    parser = commands.add_parser("eval", help=summary, description=summary)
    kinds = parser.add_subparsers(title="what is scored", metavar="KIND", required=True)
    for add in (_add_mtmc, _add_mot, _add_det, evaluate_reid.add_to):
        add(kinds)


def _add_mtmc(kinds: Any) -> None:
    parser = add_command(kinds, "mtmc", evaluate_mtmc, "Score identities over several cameras (IDF1 and others).")
    parser.add_argument("--gt", type=Path, required=True, help="scene folder, or a file with a submission's columns")
    parser.add_argument("--pred", type=Path, required=True, help="submission: track1.txt")
    parser.add_argument("--roi-dir", type=Path, metavar="DIR", help="DIR/<camera>/roi.png or DIR/<camera>.png")
    parser.add_argument("--against", type=Path, metavar="TRACK1", help="an earlier submission: say what PRED changes")
    _add_errors(parser)


def _add_mot(kinds: Any) -> None:
    parser = add_command(kinds, "mot", evaluate_mot, "Score single-camera tracks, by class and by size too.")
    parser.add_argument("--gt", type=Path, required=True, help="gt.txt, or a scene folder, or a folder of <camera>.txt")
    parser.add_argument("--pred", type=Path, required=True, help="mtsc.txt, or a folder of <camera>.txt")
    parser.add_argument("--against", type=Path, metavar="EARLIER", help="earlier tracks, alike: say what PRED changes")
    _add_errors(parser)


def _add_det(kinds: Any) -> None:
    parser = add_command(kinds, "det", evaluate_det, "Score detections: AP50, AP50:95, recall by size.")
    parser.add_argument("--gt", type=Path, required=True, help="gt.txt, or a scene folder, or a folder of <camera>.txt")
    parser.add_argument("--det", type=Path, required=True, help="det.txt, or a folder of <camera>.txt")


def _add_errors(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--errors", action="store_true", help="list what went wrong, with the identities involved")


def evaluate_mtmc(options: argparse.Namespace) -> Result:
    from ml.cli.score_inputs import read_mtmc_truth
    from ml.cli.score_tables import filter_table, score_table
    from ml.datasets.submission import read_submission

    submissions = [read_submission(path) for path in (options.pred, options.against) if path is not None]
    truth = read_mtmc_truth(options.gt, options.roi_dir, submissions)
    _require_truth(options.gt, len(truth.rows))
    run, *earlier = [truth.evaluate(submission) for submission in submissions]
    groups = _groups(run, truth.classes)
    data = {**run.score.as_dict(), **_plain(groups)}
    lines = [
        *score_lines(data),
        *score_table(run),
        "filtered:",
        *filter_table(run.score.filtered),
        *_group_lines(groups),
    ]
    for other in earlier:
        _compare(options, other, run, data, lines)
    return _with_errors(options, run, data, lines)


def evaluate_mot(options: argparse.Namespace) -> Result:
    from ml.cli.score_inputs import camera_files, read_camera_truth
    from ml.cli.score_tables import score_table

    files, unscored = camera_files(options.gt, options.pred)
    truth = read_camera_truth({name: pair[0] for name, pair in files.items()})
    _require_truth(options.gt, len(truth.rows))
    run, on_ignored = _camera_run(truth, files)
    groups = _groups(run, truth.classes)
    data = {**run.score.as_dict(), **_plain(groups), "on_ignored": on_ignored, "unscored": unscored}
    lines = [*score_lines(data), *score_table(run), *_group_lines(groups), *_left_out(on_ignored, unscored)]
    if options.against is not None:
        before, _ = camera_files(options.gt, options.against)
        same_names = dict(zip(files, before.values(), strict=True))
        _compare(options, _camera_run(truth, same_names)[0], run, data, lines)
    return _with_errors(options, run, data, lines)


def _camera_run(truth: CameraTruth, files: dict[str, tuple[Path, Path]]) -> tuple[Evaluation, int]:
    """The tracks of each camera's file scored, and how many of their boxes lie on what is ignored."""
    from ml.datasets.mot import read_tracks
    from ml.evaluation import evaluate_cameras
    from ml.evaluation.filters import off_ignored
    from ml.pipeline.score import frame_counts, rows_of_cameras

    given = rows_of_cameras({name: read_tracks(pair[1]) for name, pair in files.items()})
    predicted = given.take(off_ignored(given, truth.rows, truth.ignored))
    counts = frame_counts(files, truth.rows, predicted)
    return evaluate_cameras(truth.rows, predicted, frame_counts=counts), len(given) - len(predicted)


def _compare(
    options: argparse.Namespace, before: Evaluation, run: Evaluation, data: dict[str, Any], lines: list[str]
) -> None:
    from ml.cli.score_tables import comparison_lines
    from ml.evaluation.compare import compare

    found = compare(before, run)
    data["against"] = {"score": before.score.as_dict(), **found.as_dict()}
    lines += [f"against {options.against}:", *comparison_lines(found)]


def _require_truth(path: Path, boxes: int) -> None:
    if not boxes:
        message = f"{path} has no true box to score against: it has none, or all are flagged as ignored."
        raise UserError("no-ground-truth", message)


def _groups(run: Evaluation, classes: Int1D | None) -> dict[str, dict[str, GroupScore]]:
    """By size, and by class where the truth has classes."""
    import numpy as np

    from ml.evaluation.detections import SIZES
    from ml.evaluation.groups import score_groups, size_labels

    groups = {"size": score_groups(run, size_labels(run), list(SIZES))}
    if classes is not None:
        groups["class"] = score_groups(run, classes.astype(np.str_), [str(number) for number in np.unique(classes)])
    return groups


def _plain(groups: dict[str, dict[str, GroupScore]]) -> dict[str, Any]:
    return {f"by_{kind}": {name: asdict(group) for name, group in by.items()} for kind, by in groups.items()}


def _group_lines(groups: dict[str, dict[str, GroupScore]]) -> list[str]:
    from ml.cli.score_tables import group_table

    return [line for kind, by in groups.items() for line in group_table(kind, by)]


def _left_out(on_ignored: int, unscored: list[str]) -> list[str]:
    lines = [f"{on_ignored} predicted boxes lie on ignored ones and do not count"] if on_ignored else []
    return lines + ([f"not scored, without ground truth: {', '.join(unscored)}"] if unscored else [])


def evaluate_det(options: argparse.Namespace) -> Result:
    from ml.cli.score_inputs import camera_files, read_camera_truth
    from ml.cli.score_tables import detection_table
    from ml.datasets.mot import read_detections
    from ml.evaluation import score_detections

    files, unscored = camera_files(options.gt, options.det)
    truth = read_camera_truth({name: pair[0] for name, pair in files.items()})
    _require_truth(options.gt, len(truth.rows))
    found = {name: read_detections(pair[1]) for name, pair in files.items()}
    score = score_detections(truth.rows, found, ignored=truth.ignored)
    per_camera = {
        name: score_detections(truth.rows.of_camera(name), {name: found[name]}, ignored=truth.ignored.of_camera(name))
        for name in files
        if (truth.rows.camera == name).any()
    }
    data = {
        **score.as_dict(),
        "per_camera": {name: camera.as_dict() for name, camera in per_camera.items()},
        "unscored": unscored,
    }
    shown = {"all": score, **(per_camera if len(files) > 1 else {})}
    return Result(data, [*detection_table(shown), f"rule: {score.rule}", *_left_out(0, unscored)])


def _with_errors(options: argparse.Namespace, run: Evaluation, data: dict[str, Any], lines: list[str]) -> Result:
    if not options.errors:
        return Result(data, lines)
    from ml.cli.score_tables import error_lines
    from ml.evaluation.errors import error_breakdown

    errors = error_breakdown(run)
    return Result({**data, "errors": errors.as_dict()}, [*lines, *error_lines(errors)])
