"""Heads for type and colour through the command: fitted to a set on disk, and read by an embedder that names them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from ml.cli.main import main
from ml.datasets.reid import read_reid
from ml.reid import EmbedderConfig, create_embedder
from ml.reid.attributes import most_probable, together
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.weights import WeightsCard, save_network
from ml.reid.registry import described
from tests.unit.ml.datasets.reid.trees import veri_item, write_labels
from tests.unit.ml.reid.training.painted import painted_table

pytestmark = pytest.mark.slow
MODEL = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=3)
RED_BUS = {"colorID": "5", "typeID": "7"}
BLUE_VAN = {"colorID": "6", "typeID": "3"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six vehicles to learn from and two others, in VeRi's layout: of each hue one is a bus and the next a van."""
    for part, numbers in (("train", range(1, 7)), ("test", range(11, 13))):
        items = []
        for number in numbers:
            hue = painted_table(tmp_path / f"hue{number}", range(number % 2, number % 2 + 1), each=1)
            for camera, path in enumerate(hue.paths, start=1):
                name = f"{number:04d}_c{camera:03d}_00000001_0.jpg"
                (tmp_path / "set" / f"image_{part}").mkdir(parents=True, exist_ok=True)
                path.rename(tmp_path / "set" / f"image_{part}" / name)  # told by its content, not by its ending
                items.append(veri_item(name, **(RED_BUS if number % 2 else BLUE_VAN)))
        write_labels(tmp_path / "set" / f"{part}_label.xml", items)
    (tmp_path / "set" / "image_query").mkdir()
    return tmp_path / "set"


def test_a_recipe_fits_heads_that_an_embedder_reads_with(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(4)
    weights, recipe, out = tmp_path / "w.safetensors", tmp_path / "attributes.yaml", tmp_path / "out"
    save_network(ReidNetwork(MODEL), WeightsCard(MODEL, 32, "tiny", ""), weights)
    recipe.write_text(yaml.safe_dump({"kind": "attributes", "network": str(weights), "folds": 3, "penalties": [0.01]}))
    command = ["train", str(recipe), "--data", str(folder), "--out", str(out), "--device", "cpu", "--json"]
    assert main(command) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["learned"]["numbers"] == {"real": [1, 2, 3, 4, 5, 6], "rendered": []}
    assert report["test"]["colour"]["accuracy"] == report["test"]["vehicle_type"]["accuracy"] == 1

    config = EmbedderConfig(name="trained", weights=str(weights), attribute_weights=report["weights"])
    gallery = read_reid(folder).gallery
    crops = [_picture(path) for path in gallery.paths]
    readings = described(create_embedder(config, device="cpu"), crops)[1]
    assert readings is not None
    said = {
        int(number): tuple(word for word, _ in most_probable(together(readings[gallery.identity == number])))
        for number in np.unique(gallery.identity)
    }
    assert said == {11: ("bus", "red"), 12: ("van", "blue")}


def _picture(path: Path) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    import cv2

    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8).reshape(24, 30, 3)
