"""`ml activation`: boxes that a recipe can name, heatmaps, and what is refused."""

import json
from pathlib import Path

import cv2
import pytest

from ml.cli.main import main
from ml.datasets.reid import read_picture, read_reid
from ml.datasets.reid.cropped import with_cropped
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.weights import WeightsCard, save_network
from tests.unit.ml.reid.training.painted import painted_table


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three painted vehicles in VeRi's layout."""
    folder = tmp_path / "set" / "image_train"
    folder.mkdir(parents=True)
    for path in painted_table(tmp_path / "painted", range(1, 4)).paths:
        identity, camera, number = path.stem.split("_")
        path.rename(folder / f"{identity}_c00{int(camera) + 1}_0000000{number}_0.jpg")
    return folder.parent


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    model = ModelConfig(backbone="osnet-x0.25", last_stride=2)
    path = tmp_path / "weights.safetensors"
    save_network(ReidNetwork(model), WeightsCard(model, 32, recipe="here", data="none"), path)
    return path


def test_boxes_double_the_training_pictures_and_heat_is_drawn(
    data: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes, sheet = tmp_path / "crops.csv", tmp_path / "heat.png"
    command = ["activation", str(data), "--weights", str(weights), "--threshold", "0.5", "--device", "cpu", "--json"]
    assert main([*command, "--boxes", str(boxes), "--sheet", str(sheet)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["pictures"] == 12
    both = with_cropped(read_reid(data).train, boxes)
    assert len(both) == 24
    areas = [read_picture(both, row).size for row in range(24)]
    assert sum(areas[12:]) / sum(areas[:12]) == pytest.approx(said["kept"], abs=0.01)
    assert said["kept"] < 1
    assert cv2.imread(str(sheet)) is not None


def test_nothing_asked_for_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activation", str(data)]) == 2
    assert "--boxes OUT.csv" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--side", "-5"), ("--side", "0"), ("--threshold", "1.5")])
def test_settings_that_cannot_be_are_refused_before_any_picture_is_read(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["activation", str(tmp_path / "nowhere"), "--boxes", str(tmp_path / "crops.csv"), option, value]
    assert main(command) == 2
    assert f"activation setting {option[2:]} is {value}" in capsys.readouterr().err
