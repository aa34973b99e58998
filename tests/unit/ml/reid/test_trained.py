"""An embedder that is named by its file of weights."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ml.reid import EmbedderConfig, create_embedder, weights_checksum
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.weights import WeightsCard, save_network
from ml.reid.trained import network_input, stretched
from ml.types import UserError

SIDE = 32


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    model = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=8)
    path = tmp_path / "own.safetensors"
    save_network(ReidNetwork(model), WeightsCard(model=model, input_size=SIDE, recipe="tiny", data=""), path)
    return path


def test_exported_network_gives_what_torch_gives(weights: Path, tmp_path: Path) -> None:
    from ml.reid.models.weights import load_network

    config = EmbedderConfig(name="trained", weights=str(weights), batch=2)
    crops = [np.random.default_rng(side).integers(0, 256, (side, 40, 3)).astype(np.uint8) for side in (20, 32, 90)]

    vectors = create_embedder(config, device="cpu", export_folder=tmp_path / "exports").embed(crops)

    network, card = load_network(weights)
    pictures = np.stack([stretched(crop, card.input_size) for crop in crops])
    with torch.inference_mode():
        features = network.embed(torch.from_numpy(network_input(pictures, network.backbone.mean, network.backbone.std)))
    expected = torch.nn.functional.normalize(features).numpy()
    np.testing.assert_allclose(vectors, expected, atol=1e-4)
    assert vectors.shape == (3, 8)
    (export,) = (tmp_path / "exports").iterdir()
    assert weights_checksum(config)[:12] in export.name


def test_pictures_are_normalised_channel_by_channel() -> None:
    red = np.array([[[[30, 10, 0]]]], np.uint8)
    made = network_input(red, (10.0, 10.0, 10.0), (10.0, 5.0, 2.0))
    np.testing.assert_allclose(made, [[[[2.0]], [[0.0]], [[-5.0]]]])


def test_other_embedders_have_no_such_file() -> None:
    with pytest.raises(UserError, match="for the embedder 'trained'"):
        EmbedderConfig(name="efficientnet-lite0", weights="own.safetensors")


def test_without_a_file_it_is_said_what_is_missing() -> None:
    with pytest.raises(UserError, match="needs `weights`"):
        create_embedder(EmbedderConfig(name="trained"), device="cpu")
    with pytest.raises(UserError, match="check the path") as error:
        weights_checksum(EmbedderConfig(name="trained", weights="/nowhere/w.safetensors"))
    assert error.value.code == "weights-missing"
