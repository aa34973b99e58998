"""`ml style`: a set of the same vehicles in another style, which a training learns from beside another."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from ml.cli.main import main
from ml.datasets.reid import read_picture, read_reid
from ml.datasets.reid.masks import has_mask, read_mask
from ml.reid.style.networks import Generator
from ml.reid.style.weights import StyleCard, save_generator
from ml.types import Image
from tests.unit.ml.datasets.reid.trees import write_vehiclex, write_veri


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = write_vehiclex(tmp_path / "rendered")
    (folder / "sys_mask_train").mkdir()
    mask = np.zeros((6, 8), np.uint8)
    mask[2:4] = 255
    assert cv2.imwrite(str(folder / "sys_mask_train" / "00001_c001_1.png"), mask)
    return folder


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A generator that makes every picture red, whatever it sees."""
    generator = Generator(1, 0)
    last = generator.layers[-2]
    assert isinstance(last, torch.nn.Conv2d)
    with torch.no_grad():
        last.weight.zero_()
        last.bias.copy_(torch.tensor([9.0, -9.0, -9.0]))  # type: ignore[union-attr]  # a layer with a bias
    path = tmp_path / "weights.safetensors"
    save_generator(generator, StyleCard(1, 0, False, 32, "red", ""), path)
    return path


def test_pictures_keep_names_sizes_labels_and_masks(data: Path, weights: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "out", tmp_path / "sheet.png"
    command = ["style", str(data), "--weights", str(weights), "--out", str(out), "--device", "cpu"]
    assert main([*command, "--sheet", str(sheet)]) == 0
    before, after = read_reid(data).train, read_reid(out).train
    assert [path.name for path in after.paths] == [path.name for path in before.paths]
    for name in ("identity", "camera", "colour", "vehicle_type", "orientation_deg"):
        assert np.array_equal(getattr(after, name), getattr(before, name))
    picture = read_picture(after, 0)
    assert picture.shape == read_picture(before, 0).shape
    assert picture.reshape(-1, 3).mean(axis=0) == pytest.approx([255, 0, 0], abs=3)
    assert [has_mask(after, row) for row in range(3)] == [True, False, False]
    assert read_mask(after, 0, picture).sum() == 16
    assert drawn(sheet).shape[0] == 2 * (2 * 126 + 6)  # a band for each of two vehicles


def drawn(path: Path) -> Image:
    image = cv2.imread(str(path))
    assert image is not None
    return np.asarray(image, np.uint8)


def test_a_folder_with_pictures_is_not_written_over(
    data: Path, weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {path: path.read_bytes() for path in (data / "sys_image_train").iterdir()}
    assert main(["style", str(data), "--weights", str(weights), "--out", str(data)]) == 2
    assert "has pictures already" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in there} == there


def test_a_training_takes_them_in_place_of_those_they_were_made_of(data: Path, tmp_path: Path) -> None:
    own, recipe = write_vehiclex(write_veri(tmp_path / "set")), tmp_path / "tiny.yaml"
    recipe.write_text("{kind: style, input_size: 32, width: 1, blocks: 0, steps: 1, threads: 1}")
    for option, count in (("--rendered", 3), ("--beside", 6)):
        out = tmp_path / option
        command = ["train", str(recipe), "--data", str(own), option, str(data), "--out", str(out), "--device", "cpu"]
        assert main(command) == 0
        assert json.loads((out / "report.json").read_text())["learned"] == {"rendered": count, "real": 3}


def test_kinds_without_rendered_pictures_refuse_them(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "detector.yaml"
    recipe.write_text("kind: detector")
    assert main(["train", str(recipe), "--data", "x", "--rendered", str(data), "--out", str(tmp_path / "out")]) == 2
    assert "--rendered goes with recipes of kinds reid and style, not with detector" in capsys.readouterr().err


def test_masks_of_other_pictures_are_not_mixed_with_the_new_ones(
    data: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "out" / "sys_mask_train" / "00009_c001_1.png"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"a mask")
    assert main(["style", str(data), "--weights", str(weights), "--out", str(tmp_path / "out")]) == 2
    assert "sys_mask_train has pictures already" in capsys.readouterr().err
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == [own]


def test_weights_of_another_kind_are_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"nothing")
    for path, said in ((other, "is not a safetensors file"), (tmp_path / "none", "no such file of weights")):
        assert main(["style", str(data), "--weights", str(path), "--out", str(tmp_path / "out")]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_side_that_the_network_cannot_see_is_refused(
    data: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["style", str(data), "--weights", str(weights), "--out", str(tmp_path / "out"), "--side", "50"]
    assert main(command) == 2
    assert "style setting side is 50" in capsys.readouterr().err
