"""The detectors on real networks: NanoDet on the benchmark city and a real clip, Mask R-CNN by its weights."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.boxes import pairwise_iou
from ml.detection import Detector, DetectorConfig, create_detector, detector_checksum
from ml.detection.classes import VEHICLES
from ml.detection.maskrcnn import MaskRcnn
from ml.detection.networks import build_network
from ml.types import Detections, Float2D, Image, Int1D, UserError
from ml.video import FrameIndex, index_frames, read_frames

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CITY = SHARED / "city_a" / "S01"
REAL = SHARED / "real" / "car-detection.mp4"
SMALL = DetectorConfig(name="maskrcnn-resnet50", weights="none", score_threshold=0.0, min_size=128, max_size=224)

pytestmark = pytest.mark.slow
needs_data = pytest.mark.skipif(not CITY.is_dir(), reason="needs the benchmark data in ../shared/data")


@cache
def _nanodet() -> Detector:
    return create_detector(DetectorConfig(threads=2))


@cache
def _index(video: Path) -> FrameIndex:
    return index_frames(video)


@cache
def _truth(camera: str) -> Float2D:
    """Rows frame (0-based), id, left, top, right, bottom, visibility of every vehicle."""
    rows = np.loadtxt(CITY / camera / "gt" / "gt_all.txt", delimiter=",", usecols=range(7))
    rows[:, 0] -= 1
    rows[:, 4:6] += rows[:, 2:4]
    return np.asarray(rows, np.float32)


def _found(camera: str, first: int, stop: int, stride: int) -> dict[int, Detections]:
    video = CITY / camera / "vdo.mp4"
    frames = read_frames(video, index=_index(video), first=first, stop=stop, stride=stride)
    return {number: _nanodet().detect([image])[0] for number, image in frames}


def _matches(found: Detections, truth: Float2D) -> tuple[Int1D, Int1D]:
    """Pairs (detection, truth row) of IoU 0.5 or more, the better detection first, each once."""
    left: list[int] = []
    right: list[int] = []
    overlap = pairwise_iou(found.boxes, truth[:, 2:6])
    for row in range(len(found)):
        column = int(overlap[row].argmax())
        if overlap[row, column] >= 0.5:
            left.append(row)
            right.append(column)
            overlap[:, column] = 0
    return np.array(left, np.int32), np.array(right, np.int32)


@needs_data
@pytest.mark.parametrize(("camera", "recall", "precision"), [("c002", 0.85, 0.75), ("c004", 0.75, 0.75)])
def test_nanodet_sees_the_vehicles_of_the_city(camera: str, recall: float, precision: float) -> None:
    """Vehicles at least 30 pixels high and half visible; a box that fits any vehicle is right."""
    wanted = seen = boxes = right = 0
    for frame, found in _found(camera, 0, 380, 40).items():
        truth = _truth(camera)[_truth(camera)[:, 0] == frame]
        large = (truth[:, 5] - truth[:, 3] >= 30) & (truth[:, 6] >= 0.5)
        rows, columns = _matches(found, truth)
        wanted, seen = wanted + int(large.sum()), seen + int(large[columns].sum())
        boxes, right = boxes + len(found), right + len(rows)
    assert wanted > 20
    assert seen / wanted >= recall
    assert right / boxes >= precision


@needs_data
def test_features_find_a_vehicle_again_a_second_later() -> None:
    right = total = 0
    for first in range(100, 460, 60):
        before, after = (found for _, found in sorted(_found("c002", first, first + 11, 10).items()))
        ids: list[Int1D] = []
        features: list[Float2D] = []
        for frame, found in ((first, before), (first + 10, after)):
            truth = _truth("c002")[_truth("c002")[:, 0] == frame]
            rows, columns = _matches(found, truth)
            assert found.features is not None
            ids.append(truth[columns, 1].astype(np.int32))
            features.append(found.features[rows])
        nearest = (features[0] @ features[1].T).argmax(axis=1)
        again = np.isin(ids[0], ids[1])
        total += int(again.sum())
        right += int((ids[1][nearest] == ids[0])[again].sum())
    assert total > 40
    assert right / total > 0.75


@needs_data
def test_real_cars_are_found_and_an_empty_road_stays_empty() -> None:
    index = index_frames(REAL)
    counts = {n: len(_nanodet().detect([image])[0]) for n, image in read_frames(REAL, index=index, stop=240, stride=3)}
    assert sum(counts[n] > 0 for n in range(60, 105, 3)) >= 7  # the first car drives in, turns and leaves
    assert sum(counts[n] > 0 for n in range(219, 237, 3)) >= 4
    assert not any(counts[n] for n in (*range(0, 57, 3), *range(111, 180, 3)))


def _pictures() -> list[Image]:
    noise = np.random.default_rng(0)
    return [noise.integers(0, 255, (90, 160, 3), np.uint8) for _ in range(2)]


@pytest.mark.parametrize("name", ["maskrcnn-resnet50", "maskrcnn-resnet101", "maskrcnn-resnext101"])
def test_mask_rcnn_finds_vehicles_only_with_features(name: str) -> None:
    torch.manual_seed(0)
    config = DetectorConfig(name=name, weights="none", score_threshold=0.0, min_size=128, max_size=224, nms_iou=0.9)
    detector = create_detector(config, device="cpu")
    assert isinstance(detector, MaskRcnn)
    with torch.no_grad():  # a random network seldom says "vehicle": make it
        detector._network.roi_heads.box_predictor.cls_score.bias[VEHICLES] = 3.0
    found = detector.detect(_pictures())
    assert len(found) == 2
    everything = Detections.concatenate(found)
    assert len(everything) > 0
    assert np.isin(everything.classes, VEHICLES).all()
    assert everything.features is not None
    assert everything.features.shape == (len(everything), detector.feature_size)
    assert np.linalg.norm(everything.features, axis=1) == pytest.approx(np.ones(len(everything)))
    assert (everything.boxes[:, 2:] <= [160, 90]).all()


def test_mask_rcnn_runs_a_checkpoint_of_ones_own(tmp_path: Path) -> None:
    torch.manual_seed(1)
    network = build_network("maskrcnn-resnet50")
    torch.save({"model": network.state_dict()}, tmp_path / "own.pth")
    config = DetectorConfig(**(vars(SMALL) | {"weights": str(tmp_path / "own.pth")}))
    detector = create_detector(config, device="cpu")
    assert isinstance(detector, MaskRcnn)
    # The backbone's convolutions have taken its normalisation into themselves; the heads are as they came.
    loaded, heads = detector._network.state_dict(), ("rpn.", "roi_heads.")
    of_heads = {name: value for name, value in network.state_dict().items() if name.startswith(heads)}
    assert len(of_heads) > 10
    assert all(torch.equal(value, loaded[name]) for name, value in of_heads.items())
    assert len(detector_checksum(config)) == 64
    with pytest.raises(UserError) as refused:
        create_detector(DetectorConfig(name="maskrcnn-resnet101", weights=str(tmp_path / "own.pth")))
    assert refused.value.code == "weights-unreadable"


def test_mask_rcnn_starts_from_an_imagenet_backbone(tmp_path: Path) -> None:
    from torchvision.models import resnet50

    classifier = resnet50()
    torch.save(classifier.state_dict(), tmp_path / "resnet50.pth")
    network = build_network("maskrcnn-resnet50", backbone=tmp_path / "resnet50.pth")
    assert torch.equal(network.backbone.body.layer3[0].conv1.weight, classifier.layer3[0].conv1.weight)


def test_mask_rcnn_without_weights_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CROSSTRACK_WEIGHTS", str(tmp_path))
    with pytest.raises(UserError, match="python -m ml weights fetch maskrcnn-resnet50") as refused:
        create_detector(DetectorConfig(name="maskrcnn-resnet50"))
    assert refused.value.code == "weights-missing"


def test_mask_rcnn_refuses_what_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "text.pth").write_text("not weights")
    with pytest.raises(UserError) as refused:
        create_detector(DetectorConfig(name="maskrcnn-resnet50", weights=str(tmp_path / "text.pth")))
    assert refused.value.code == "weights-unreadable"
