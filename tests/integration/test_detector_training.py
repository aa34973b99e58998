"""Mask R-CNN learns a drawn vehicle, finds and follows it, and goes on exactly after it was stopped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import safetensors.torch
import torch
import yaml

from ml.boxes import pairwise_iou
from ml.cli.main import main
from ml.datasets.scene import read_scene
from ml.detection import Detector, DetectorConfig, create_detector
from ml.detection.maskrcnn import MaskRcnn
from ml.detection.networks import build_network, load_state
from ml.detection.training.recipe import DetectorRecipe
from ml.detection.training.trainer import train_detector
from ml.pipeline.track import track_detections
from ml.tracking import TrackerConfig
from ml.types import Detections, UserError
from tests.vehicles import HEIGHT, SIZE, WIDTH, drawn_scene, picture, place

pytestmark = pytest.mark.slow

RECIPE = DetectorRecipe(
    weights="none",
    every=2,
    held_every=2,
    min_size=HEIGHT,
    max_size=WIDTH,
    scale_jitter=(1.0, 1.0),
    steps=30,
    batch=2,
    learning_rate=0.008,
    warmup=5,
    drop_at=(),
    rois=16,
    threads=1,
)
FIRST_HELD = 48  # of 60 frames, the last fifth


@dataclass(frozen=True)
class Trained:
    out: Path
    report: Mapping[str, Any]

    def detector(self, **settings: Any) -> Detector:
        weights = str(self.out / "weights.safetensors")
        config = DetectorConfig(name=RECIPE.name, weights=weights, min_size=HEIGHT, max_size=WIDTH, nms_iou=0.5)
        return create_detector(replace(config, **settings), device="cpu")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("training")
    recipe = folder / "detector.yaml"
    recipe.write_text(yaml.safe_dump(json.loads(json.dumps(vars(RECIPE)))))
    out = folder / "out"
    command = ["train", str(recipe), "--data", str(drawn_scene(folder / "data")), "--out", str(out), "--device", "cpu"]
    assert main(command) == 0
    return Trained(out, json.loads((out / "report.json").read_text()))


def _truth(frame: int) -> list[float]:
    left, top = place(frame)
    return [left, top, left + SIZE[0], top + SIZE[1]]


def test_the_loss_falls_and_held_frames_are_scored(trained: Trained) -> None:
    lines = (trained.out / "metrics.jsonl").read_text().splitlines()
    losses = [json.loads(line)["loss"] for line in lines]
    assert len(losses) == RECIPE.steps
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) / 2
    assert trained.report["started_from"] == "random weights"
    assert trained.report["held"] == {"frames": 6, "vehicles": 6, "ignored": 0, "frames_with_masks": 0}
    assert trained.report["score"]["ap50"] > 0.4


def test_the_vehicle_is_found_on_a_frame_that_was_held_back(trained: Trained) -> None:
    held = [FIRST_HELD, FIRST_HELD + 5, FIRST_HELD + 10]
    found = trained.detector(features=False).detect([picture(frame) for frame in held])
    best = np.array([one.boxes[0] for one in found])
    truth = np.array([_truth(frame) for frame in held])
    assert all(one.classes[0] == 3 and one.features is None for one in found)
    assert np.diag(pairwise_iou(best, truth)).min() > 0.4


def test_its_roi_features_lead_deepsort(trained: Trained) -> None:
    """Appearance alone must tell: by overlap, a vehicle that jumps across the picture would be another."""
    detector = trained.detector(score_threshold=0.5, features=True)
    frames = [0, 1, 2, 3, 4, 5, 6, 7]
    found = [
        replace(one.take(np.arange(len(one)) == 0), frames=np.full(min(len(one), 1), frame, np.int32))
        for frame, one in zip(frames, detector.detect([picture(frame) for frame in frames]), strict=True)
    ]
    together = Detections.concatenate(found)
    assert together.features is not None
    assert together.features.shape[1] == detector.feature_size == 1024
    config = TrackerConfig(name="deepsort", min_score=0.5, min_length=3)
    [tracklet] = track_detections([(0, frames[-1], together)], config=config)
    truth = np.array([_truth(frame) for frame in tracklet.frames])
    assert len(tracklet) >= 6
    assert np.diag(pairwise_iou(tracklet.boxes, truth)).mean() > 0.4


@pytest.mark.parametrize(("features", "tracklets"), [(True, 1), (False, 0)])
def test_a_checkpoint_of_ones_own_runs_the_whole_pipeline_with_deepsort(
    features: bool, tracklets: int, trained: Trained, tmp_path: Path
) -> None:
    """No overlap is enough for the tracker here: only the RoI features can tell that it is the same vehicle."""
    weights = str(trained.out / "weights.safetensors")
    sizes = {"min_size": HEIGHT, "max_size": WIDTH}
    detector = {"name": RECIPE.name, "weights": weights, "score_threshold": 0.6, "nms_iou": 0.1, "features": features}
    tracker = {"name": "deepsort", "min_score": 0.6, "confirm_hits": 1, "max_iou_distance": 0.0, "min_length": 3}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"detector": {**detector, **sizes}, "tracker": {**tracker, "gate": 1000.0}}))
    scene, out = drawn_scene(tmp_path / "data", frames=8), tmp_path / "out"
    assert main(["run", str(scene), "--out", str(out), "--config", str(config), "--device", "cpu"]) == 0
    report = json.loads((out / "report.json").read_text())
    assert report["cameras"]["c001"] == {"frames": 8, "tracklets": tracklets}
    assert report["models"]["detect"]["name"] == RECIPE.name


def _with_masks(root: Path) -> Path:
    """The drawn scene with a mask of every vehicle that leaves out its right half, and one that does not count."""
    drawn_scene(root, frames=20)
    with (root / "S01" / "c001" / "gt" / "gt.txt").open("a") as truth:
        truth.writelines(f"{frame + 1},2,70,0,20,15,0,-1,-1,-1\n" for frame in range(20))
    folder = root / "S01" / "c001" / "gt" / "masks"
    folder.mkdir()
    for frame in range(20):
        numbers = np.zeros((HEIGHT, WIDTH), np.uint8)
        left, top = place(frame)
        numbers[top : top + SIZE[1], left : left + SIZE[0] // 2] = 1
        cv2.imwrite(str(folder / f"{frame + 1:06d}.png"), numbers)
    return root


class Stopped(Exception):
    pass


def _stop_after(steps: int) -> Any:
    def progress(done: int, total: int | None, unit: str) -> None:
        if done == steps:
            raise Stopped

    return progress


def test_a_training_with_masks_that_was_stopped_ends_like_one_that_was_not(tmp_path: Path) -> None:
    recipe = replace(RECIPE, steps=2, rois=8, checkpoint_every=1, colour=0.3, scale_jitter=(0.8, 1.2), held_every=4)
    scene = read_scene(_with_masks(tmp_path / "data"))
    whole = train_detector(scene, recipe, tmp_path / "whole", device="cpu")
    with pytest.raises(Stopped):
        train_detector(scene, recipe, tmp_path / "cut", device="cpu", progress=_stop_after(1))
    with (tmp_path / "cut" / "metrics.jsonl").open("a") as metrics:  # as a kill before the next checkpoint leaves it
        metrics.write('{"step": 1, "loss": 9}\n{"st')
    train_detector(scene, recipe, tmp_path / "cut", device="cpu")
    for name in ("metrics.jsonl", "report.json", "weights.safetensors"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert whole["learned"] == {"frames": 8, "vehicles": 8, "ignored": 8, "frames_with_masks": 8}
    first = json.loads((tmp_path / "whole" / "metrics.jsonl").read_text().splitlines()[0])
    assert first["loss_mask"] > 0
    with pytest.raises(UserError, match="another recipe") as refused:
        train_detector(scene, replace(recipe, seed=1), tmp_path / "cut", device="cpu")
    assert refused.value.code == "training-differs"


def test_squares_anchors_and_scores_on_the_way_end_the_same_after_a_stop_too(tmp_path: Path) -> None:
    """All that a training from random weights needs; the weights say which anchors they belong to."""
    settings: dict[str, Any] = {"optimizer": "adamw", "schedule": "cosine", "bfloat16": True, "proposals": 20}
    squares: dict[str, Any] = {
        "crop": 32,
        "scale_jitter": (0.8, 1.2),
        "anchors": (8.0, 16.0, 32.0, 64.0, 128.0),
        "recalibrate": 1,
    }
    recipe = replace(RECIPE, steps=2, rois=8, checkpoint_every=1, score_every=1, held_every=4, **settings, **squares)
    scene = read_scene(_with_masks(tmp_path / "data"))
    train_detector(scene, recipe, tmp_path / "whole", device="cpu")
    with pytest.raises(Stopped):
        train_detector(scene, recipe, tmp_path / "cut", device="cpu", progress=_stop_after(1))
    train_detector(scene, recipe, tmp_path / "cut", device="cpu")
    for name in ("metrics.jsonl", "report.json", "weights.safetensors"):
        assert (tmp_path / "cut" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    lines = [json.loads(line) for line in (tmp_path / "whole" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [0, 0, 1]
    assert 0 <= lines[1]["held"]["ap50"] <= 1
    network = build_network(RECIPE.name, min_size=HEIGHT, max_size=WIDTH)
    load_state(network, tmp_path / "whole" / "weights.safetensors")
    assert network.rpn.anchor_generator.sizes == ((8,), (16,), (32,), (64,), (128,))
    assert network.rpn.anchor_generator.aspect_ratios[0] == (0.5, 1, 2)


def test_masks_and_features_come_only_when_asked(trained: Trained) -> None:
    detector = trained.detector(masks=True, features=False)
    assert isinstance(detector, MaskRcnn)
    [found] = detector.detect([picture(3)])
    assert found.features is None
    assert found.masks is not None
    assert found.masks.shape == (len(found), 28, 28)
    [bare] = trained.detector(features=False).detect([picture(3)])
    assert bare.masks is None
    assert bare.boxes == pytest.approx(found.boxes)


def test_pictures_together_are_found_like_pictures_alone(trained: Trained) -> None:
    detector = trained.detector(features=True)
    pictures = [picture(0), np.ascontiguousarray(picture(9)[:, ::-1])]
    for one, alone in zip(detector.detect(pictures), [detector.detect([each])[0] for each in pictures], strict=True):
        assert one.boxes == pytest.approx(alone.boxes, abs=0.05)
        assert one.scores == pytest.approx(alone.scores, abs=1e-3)


@pytest.mark.parametrize("name", ["maskrcnn-resnet101", "maskrcnn-resnext101"])
def test_the_larger_backbones_learn_too(name: str, tmp_path: Path) -> None:
    scene = read_scene(drawn_scene(tmp_path / "data", frames=10))
    recipe = replace(RECIPE, name=name, steps=1, rois=8, held_every=4, held_from_s=0.5)
    report = train_detector(scene, recipe, tmp_path / "out", device="cpu")
    assert np.isfinite(json.loads((tmp_path / "out" / "metrics.jsonl").read_text())["loss"])
    assert Path(str(report["weights"])).is_file()
    shutil.rmtree(tmp_path / "out")  # some 900 MB


def test_training_goes_on_from_weights_of_ones_own(trained: Trained, tmp_path: Path) -> None:
    own = trained.out / "weights.safetensors"
    recipe = replace(RECIPE, weights=str(own), steps=1, rois=8, held_every=4, held_from_s=0.5)
    report = train_detector(read_scene(drawn_scene(tmp_path / "data", frames=10)), recipe, tmp_path, device="cpu")
    assert report["started_from"] == "the weights weights.safetensors"
    before, after = (safetensors.torch.load_file(path) for path in (own, tmp_path / "weights.safetensors"))
    frozen, learned = "backbone.body.conv1.weight", "rpn.head.cls_logits.weight"
    assert torch.equal(before[frozen], after[frozen])  # from weights, the first layers stay as they are
    assert not torch.equal(before[learned], after[learned])


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        ("kind: classifier", "`kind` says what is trained; choose from"),
        ("- 1", "`kind` says what is trained"),
        ("{kind: detector, steps: -1}", "steps is -1"),
        ("{kind: detector, weights: /nowhere.pth}", "there is no such file of weights"),
    ],
)
def test_a_recipe_that_cannot_work_gets_a_sentence(
    recipe: str, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(recipe)
    data = str(drawn_scene(tmp_path / "data", frames=10))
    assert main(["train", str(path), "--data", data, "--out", str(tmp_path / "out")]) == 2
    assert reason in capsys.readouterr().err
