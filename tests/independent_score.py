"""Scores by a path of their own: MOTChallenge files that trackeval's own reader reads, filtered box by box."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
from trackeval import Evaluator
from trackeval.datasets import MotChallenge2DBox
from trackeval.metrics import CLEAR, HOTA, Identity

from ml.datasets.mot import TrackRows, write_tracks
from ml.datasets.scene import SceneFolder
from ml.datasets.submission import read_submission

CORNERS = [(0, 1), (2, 1), (0, 3), (2, 3)]


def trackeval_scores(scene: SceneFolder, track1: Path, folder: Path) -> dict[str, float]:
    """The scores by trackeval's own reader of MOTChallenge files: one sequence, the cameras end to end in frames."""
    kept = challenge_rows(scene, track1)
    truths = {camera.name: camera.ground_truth() for camera in scene.cameras}
    offset, shifted_truth, shifted_kept = 0, [], []
    for name, truth in truths.items():
        assert truth is not None
        shifted_truth.append(shifted(truth, offset))
        shifted_kept.append(shifted(kept[name], offset))
        offset += int(max(truth.frames.max(initial=0), kept[name].frames.max(initial=0))) + 1
    write_tracks(folder / "gt" / "cars" / "all" / "gt" / "gt.txt", joined(shifted_truth))
    write_tracks(folder / "trackers" / "cars" / "ours" / "data" / "all.txt", joined(shifted_kept))
    return evaluated(folder, offset)


def challenge_rows(scene: SceneFolder, track1: Path) -> dict[str, TrackRows]:
    """What the challenge scores of a submission: corners in the ROI, identities of two cameras or more."""
    rows = read_submission(track1)
    inside = np.ones(len(rows), bool)
    for camera in scene.cameras:
        roi = camera.roi()
        assert roi is not None
        for row in np.flatnonzero(rows.cameras == scene.camera_numbers()[camera.name]):
            for x, y in CORNERS:
                column, line = int(np.floor(rows.boxes[row, x])), int(np.floor(rows.boxes[row, y]))
                if 0 <= column < roi.shape[1] and 0 <= line < roi.shape[0]:
                    inside[row] &= roi[line, column]
    cameras_of = defaultdict(set)
    for row in np.flatnonzero(inside):
        cameras_of[int(rows.ids[row])].add(int(rows.cameras[row]))
    several = np.array([len(cameras_of[int(number)]) > 1 for number in rows.ids], bool)
    found = {}
    for name, number in scene.camera_numbers().items():
        chosen = inside & several & (rows.cameras == number)
        ones = np.ones(int(chosen.sum()), np.float32)
        found[name] = TrackRows(rows.frames[chosen], rows.ids[chosen], rows.boxes[chosen], ones)
    return found


def shifted(rows: TrackRows, frames: int) -> TrackRows:
    return TrackRows(rows.frames + np.int32(frames), rows.ids, rows.boxes, rows.scores)


def joined(parts: list[TrackRows]) -> TrackRows:
    return TrackRows(
        np.concatenate([part.frames for part in parts]),
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.scores for part in parts]),
    )


def evaluated(folder: Path, frames: int) -> dict[str, float]:
    config = {
        "GT_FOLDER": str(folder / "gt" / "cars"),
        "TRACKERS_FOLDER": str(folder / "trackers" / "cars"),
        "TRACKERS_TO_EVAL": ["ours"],
        "SEQ_INFO": {"all": frames},
        "SKIP_SPLIT_FOL": True,
        "DO_PREPROC": False,
        "PRINT_CONFIG": False,
    }
    quiet = {"PRINT_RESULTS": False, "PRINT_CONFIG": False, "TIME_PROGRESS": False, "PLOT_CURVES": False}
    output = {"OUTPUT_SUMMARY": False, "OUTPUT_DETAILED": False, "OUTPUT_EMPTY_CLASSES": False}
    settings = {**Evaluator.get_default_eval_config(), **quiet, **output, "BREAK_ON_ERROR": True}
    metrics = [Identity({"PRINT_CONFIG": False}), CLEAR({"PRINT_CONFIG": False}), HOTA()]
    results, _ = Evaluator(settings).evaluate([MotChallenge2DBox(config)], metrics)
    scores = results["MotChallenge2DBox"]["ours"]["all"]["pedestrian"]
    return {
        "idf1": scores["Identity"]["IDF1"],
        "idp": scores["Identity"]["IDP"],
        "idr": scores["Identity"]["IDR"],
        "mota": scores["CLEAR"]["MOTA"],
        "hota": float(np.mean(scores["HOTA"]["HOTA"])),
    }
