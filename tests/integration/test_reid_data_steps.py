"""Steps that make data for a training, as commands: masks by a detector, and rendered pictures in another style."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import yaml
from django.conf import settings
from safetensors.torch import save_file

from ml.cli.main import main
from ml.datasets.reid import read_picture, read_reid
from ml.detection.classes import CAR
from ml.detection.networks import build_network
from ml.types import Image
from tests.services import wait_for
from tests.unit.ml.reid.training.painted import painted_table

pytestmark = pytest.mark.slow


def drawn_vehicle(shade: tuple[int, int, int], generator: np.random.Generator) -> Image:
    """A dark block before a ground of this shade."""
    picture = np.clip(generator.normal(shade, 6, (32, 32, 3)), 0, 255).astype(np.uint8)
    left, top = generator.integers(4, 12, 2)
    picture[top : top + 14, left : left + 16] = 30
    return picture


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real vehicles before a red ground, rendered ones before a blue one."""
    folder, generator = tmp_path_factory.mktemp("set"), np.random.default_rng(3)
    for part, shade, names in (
        ("image_train", (200, 90, 60), [f"{n // 2 + 1:04d}_c{n % 2 + 1:03d}_00000001_0.jpg" for n in range(16)]),
        ("sys_image_train", (60, 90, 200), [f"{n // 2 + 501:05d}_c{n % 2 + 1:03d}_1.png" for n in range(16)]),
    ):
        (folder / part).mkdir()
        for name in names:
            picture = cv2.cvtColor(drawn_vehicle(shade, generator), cv2.COLOR_RGB2BGR)
            assert cv2.imwrite(str(folder / part / name), picture)
    return folder


def recipe_file(folder: Path) -> Path:
    small = {"input_size": 32, "width": 6, "blocks": 1, "steps": 60, "batch": 4, "learning_rate": 0.004}
    path = folder / "style.yaml"
    path.write_text(yaml.safe_dump({"kind": "style", "name": "tiny", **small, "checkpoint_every": 7, "threads": 1}))
    return path


def test_a_style_is_learned_over_a_kill_and_given_to_rendered_pictures(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, parts, styled = tmp_path / "whole", tmp_path / "parts", tmp_path / "styled"
    train = ["train", str(recipe_file(tmp_path)), "--data", str(data), "--device", "cpu", "--out"]
    assert main([*train, str(whole)]) == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "ml", *train, str(parts)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    metrics = parts / "metrics.jsonl"
    wait_for(lambda: metrics.is_file() and metrics.read_text().count("\n") >= 10, seconds=120, what="ten steps")
    process.kill()
    process.wait()
    assert main([*train, str(parts)]) == 0
    assert (parts / "weights.safetensors").read_bytes() == (whole / "weights.safetensors").read_bytes()
    assert metrics.read_text() == (whole / "metrics.jsonl").read_text()

    capsys.readouterr()
    command = ["style", str(data), "--weights", str(whole / "weights.safetensors"), "--out", str(styled), "--json"]
    assert main([*command, "--device", "cpu"]) == 0
    assert json.loads(capsys.readouterr().out)["pictures"] == 16
    real, before, after = read_reid(data).train, read_reid(data).synthetic, read_reid(styled).train
    means = [
        np.mean([read_picture(table, row).reshape(-1, 3).mean(axis=0) for row in range(16)], axis=0)
        for table in (real, before, after)
    ]
    assert np.abs(means[2] - means[0]).sum() < 0.5 * np.abs(means[1] - means[0]).sum()


def sees_cars() -> dict[str, torch.Tensor]:
    """Weights of a Mask R-CNN."""
    network = build_network("maskrcnn-resnet50")
    with torch.no_grad():
        network.roi_heads.box_predictor.cls_score.bias[CAR] += 20
        network.roi_heads.mask_predictor.mask_fcn_logits.bias[CAR] += 20
    return {name: value.contiguous() for name, value in network.state_dict().items()}


def test_masks_of_a_detector_lie_beside_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its weights are random but for one thing, that all it looks at is a car throughout."""
    for path in painted_table(tmp_path / "painted", range(1, 3), each=1).paths:
        identity, camera, _ = path.stem.split("_")
        target = tmp_path / "set" / "image_train" / f"{identity}_c00{int(camera) + 1}_00000001_0.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    weights = tmp_path / "weights.safetensors"
    save_file(sees_cars(), weights)
    command = ["mask", str(tmp_path / "set"), "--weights", str(weights), "--side", "64", "--device", "cpu"]
    sheet = tmp_path / "masks.png"
    assert main([*command, "--json", "--sheet", str(sheet)]) == 0
    assert cv2.imread(str(sheet)) is not None
    said = json.loads(capsys.readouterr().out)
    masks = sorted((tmp_path / "set" / "mask_train").glob("*.png"))
    assert (said["pictures"], said["masks"], len(masks)) == (4, 4, 4)
    for path in masks:
        mask = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert mask is not None
        assert mask.shape == (24, 30)
        assert set(np.unique(mask).tolist()) <= {0, 255}
    masks[0].write_bytes(b"by hand")
    assert main(command) == 0
    assert masks[0].read_bytes() == b"by hand"


def test_a_detector_without_a_file_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mask", str(data), "--weights", str(data / "none.safetensors")]) == 2
    assert "there is no such file of weights" in capsys.readouterr().err
