"""Our scores against trackeval's own way through files, on the benchmark city's ground truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from ml.datasets.scene import SceneFolder, read_scene
from ml.evaluation import MtmcRows, score_mtmc
from ml.evaluation.filters import challenge_filter
from tests.trackeval_reference import figures_of

pytestmark = pytest.mark.slow
SEQUENCE = "city"


def ground_truth(scene: SceneFolder) -> MtmcRows:
    parts = []
    for camera in scene.cameras:
        rows = camera.ground_truth()
        assert rows is not None
        xywh = np.column_stack((rows.boxes[:, :2], rows.boxes[:, 2:] - rows.boxes[:, :2])).astype(np.float64)
        parts.append((np.full(len(rows), camera.name), rows.ids, rows.frames, xywh))
    camera_names, ids, frames, boxes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return MtmcRows(camera_names, ids, frames, boxes)


def disturbed(truth: MtmcRows, rng: np.random.Generator) -> MtmcRows:
    """A tenth of the boxes lost, all moved a little, and a fifth of the identities changed half-way."""
    kept = truth.take(rng.random(len(truth)) < 0.9)
    changed = (kept.id % 5 == 0) & (kept.frame > 500)
    moved = kept.xywh + rng.normal(0, 2, (len(kept), 4))
    return MtmcRows(kept.camera, np.where(changed, kept.id + 1000, kept.id), kept.frame, moved)


def write_mot(path: Path, rows: MtmcRows, offsets: dict[str, int]) -> None:
    steps = rows.frame + np.array([offsets[name] for name in rows.camera.tolist()]) + 1
    ones = np.ones((len(rows), 4))
    table: npt.NDArray[np.float64] = np.column_stack((steps, rows.id, rows.xywh, ones))
    path.parent.mkdir(parents=True)
    np.savetxt(path, table[np.lexsort((rows.id, steps))], delimiter=",", fmt="%.10g")


def scores_through_files(
    folder: Path, truth: MtmcRows, predicted: MtmcRows, counts: dict[str, int]
) -> dict[str, float]:
    """trackeval's MOTChallenge reader and evaluator, with the cameras laid end to end in one sequence."""
    import trackeval

    offsets = dict(zip(counts, np.cumsum([0, *counts.values()]).tolist(), strict=False))
    write_mot(folder / "gt" / SEQUENCE / "gt" / "gt.txt", truth, offsets)
    write_mot(folder / "trackers" / "ours" / "data" / f"{SEQUENCE}.txt", predicted, offsets)
    dataset = trackeval.datasets.MotChallenge2DBox(
        {
            "GT_FOLDER": str(folder / "gt"),
            "TRACKERS_FOLDER": str(folder / "trackers"),
            "SEQ_INFO": {SEQUENCE: sum(counts.values())},
            "SKIP_SPLIT_FOL": True,
            "DO_PREPROC": False,
            "PRINT_CONFIG": False,
        }
    )
    quiet = {"PRINT_CONFIG": False}
    metrics = [trackeval.metrics.Identity(dict(quiet)), trackeval.metrics.CLEAR(dict(quiet)), trackeval.metrics.HOTA()]
    evaluator = trackeval.Evaluator(
        {
            "PRINT_CONFIG": False,
            "PRINT_RESULTS": False,
            "TIME_PROGRESS": False,
            "OUTPUT_SUMMARY": False,
            "OUTPUT_DETAILED": False,
            "PLOT_CURVES": False,
            "BREAK_ON_ERROR": True,
        }
    )
    results, _ = evaluator.evaluate([dataset], metrics)
    found = results["MotChallenge2DBox"]["ours"][SEQUENCE]["pedestrian"]
    return figures_of(found["Identity"], found["CLEAR"], found["HOTA"])


def test_scores_agree_with_trackeval_through_files(shared_data: Path, tmp_path: Path) -> None:
    scene = read_scene(shared_data / "city_a" / "S01")
    counts = {camera.name: camera.frame_count or 0 for camera in scene.cameras}
    truth = ground_truth(scene)
    predicted = disturbed(truth, np.random.default_rng(5))

    ours = score_mtmc(truth, predicted, rois={}, frame_counts=counts)

    expected = scores_through_files(tmp_path, truth, challenge_filter(predicted, {}), counts)
    assert 0.5 < ours.idf1 < 0.95
    for name, value in expected.items():
        assert getattr(ours, name) == pytest.approx(value, abs=1e-6), name


def test_ground_truth_against_itself_is_perfect(shared_data: Path) -> None:
    scene = read_scene(shared_data / "city_a" / "S01")
    counts = {camera.name: camera.frame_count or 0 for camera in scene.cameras}
    truth = ground_truth(scene)

    score = score_mtmc(truth, truth, rois={}, frame_counts=counts)

    assert (score.idf1, score.mota, score.hota) == (1, 1, 1)
