"""Exports open in readers that are not ours, and say there what they say here."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest
import trackeval
from pycocotools.coco import COCO

from ml.datasets.labels import CameraLabels, LabelTrack, write_labels

pytestmark = pytest.mark.slow


def track(number: int, identity: int, first: int) -> LabelTrack:
    frames = np.arange(first, first + 5, dtype=np.int32)
    boxes = np.array([[10 * frame + 0.1, 20, 10 * frame + 40.3, 50.7] for frame in frames], np.float32)
    return LabelTrack(number, identity, 3, "", frames, boxes)


CAMERA = CameraLabels("c001", (track(1, 7, 0), track(2, 9, 20)), 960, 540, 100, 10.0)


def test_pycocotools_reads_what_is_written_as_coco(tmp_path: Path) -> None:
    write_labels("coco", tmp_path, [CAMERA])
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(tmp_path / "annotations" / "instances.json"))
    assert {each["name"] for each in coco.loadCats(coco.getCatIds())} == {"car", "bus", "truck"}
    first = coco.loadImgs(coco.getImgIds())[0]
    assert (first["file_name"], len(coco.getImgIds())) == ("c001/000000.jpg", 10)
    (annotation,) = coco.loadAnns(coco.getAnnIds(imgIds=[first["id"]]))
    assert annotation["bbox"] == pytest.approx([0.1, 20, 40.2, 30.7], abs=1e-5)
    assert annotation["attributes"] == {"track_id": 1, "identity_id": 7, "colour": ""}


def test_trackeval_scores_a_written_sequence_against_itself_as_perfect(tmp_path: Path) -> None:
    write_labels("mot", tmp_path / "gt", [CAMERA])
    found = tmp_path / "trackers" / "ours" / "data"
    found.mkdir(parents=True)
    (found / "c001.txt").write_text((tmp_path / "gt" / "c001" / "gt" / "gt.txt").read_text())
    config = {
        "GT_FOLDER": str(tmp_path / "gt"), "TRACKERS_FOLDER": str(tmp_path / "trackers"), "BENCHMARK": "MOT15",
        "SEQ_INFO": {"c001": None}, "SKIP_SPLIT_FOL": True, "PRINT_CONFIG": False, "DO_PREPROC": False,
    }  # fmt: skip
    data_set = trackeval.datasets.MotChallenge2DBox(config)
    data = data_set.get_preprocessed_seq_data(data_set.get_raw_seq_data("ours", "c001"), "pedestrian")
    assert (data["num_gt_ids"], data["num_gt_dets"], data["num_timesteps"]) == (2, 10, 100)
    metric = trackeval.metrics.Identity({"PRINT_CONFIG": False})
    assert metric.eval_sequence(data)["IDF1"] == 1.0
