"""The embedding network itself: export, agreement, and what its distances are worth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.reid import EmbedderConfig, create_embedder, weights_checksum
from ml.reid.efficientnet import checksum, feature_module, network_input
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.backbones import build_backbone
from ml.reid.models.heads import AttributeHeads, HeadsCard, backbone_digest, save_heads
from ml.reid.models.weights import WeightsCard, load_network, save_network
from ml.reid.projection import Projection
from ml.reid.registry import described
from ml.reid.trained import network_input as pictures_for_network
from ml.reid.trained import stretched
from ml.types import Image, UserError
from ml.weights import checksum as file_checksum
from ml.weights import resolve

pytestmark = pytest.mark.slow


def noise(seed: int, height: int, width: int) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


def test_exported_network_agrees_with_torch(tmp_path: Path) -> None:
    import torch

    config = EmbedderConfig(name="efficientnet-lite0", batch=2)
    crops = [noise(1, 40, 60), noise(2, 90, 30), noise(3, 144, 144)]

    vectors = create_embedder(config, device="cpu", export_folder=tmp_path).embed(crops)

    with torch.inference_mode():
        expected = feature_module()(torch.from_numpy(network_input(crops, config.input_size))).numpy()
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, expected, atol=1e-5)
    assert vectors.shape == (3, 1280)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_export_is_kept_and_used_again(tmp_path: Path) -> None:
    create_embedder(EmbedderConfig(name="efficientnet-lite0", input_size=64), device="cpu", export_folder=tmp_path)
    (model,) = tmp_path.iterdir()
    written = model.stat().st_mtime_ns

    embedder = create_embedder(
        EmbedderConfig(name="efficientnet-lite0", input_size=64), device="cpu", export_folder=tmp_path
    )

    assert checksum()[:12] in model.name
    assert model.stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [model]
    assert embedder.embed([]).shape == (0, 1280)


def test_checksum_is_that_of_the_published_weights() -> None:
    # The package's own file name carries the first digits of the sum, as torch's model zoo does.
    assert weights_checksum(EmbedderConfig(name="efficientnet-lite0")).startswith("57934424")


def test_projected_features_are_the_projection_of_the_network_s() -> None:
    crops = [noise(1, 40, 60), noise(2, 90, 30)]
    plain = create_embedder(EmbedderConfig(name="efficientnet-lite0"), device="cpu").embed(crops)

    embedder = create_embedder(EmbedderConfig(name="efficientnet-lite0-lda"), device="cpu")

    vectors = embedder.embed(crops)
    assert vectors.shape == (2, embedder.size) == (2, 64)
    np.testing.assert_allclose(vectors, Projection.load(resolve(embedder.name)).apply(plain), atol=1e-5)
    published = weights_checksum(EmbedderConfig(name="efficientnet-lite0"))
    assert weights_checksum(EmbedderConfig(name=embedder.name)) != published


def test_shipped_network_gives_what_torch_gives(tmp_path: Path) -> None:
    import torch

    config = EmbedderConfig(name="efficientnet-lite0-levels", batch=2)
    crops = [noise(1, 40, 60), noise(2, 90, 30), noise(3, 144, 144)]

    embedder = create_embedder(config, device="cpu", export_folder=tmp_path)

    vectors = embedder.embed(crops)
    network, card = load_network(resolve(config.name))
    pictures = np.stack([stretched(crop, card.input_size) for crop in crops])
    inputs = pictures_for_network(pictures, network.backbone.mean, network.backbone.std)
    with torch.inference_mode():
        expected = torch.nn.functional.normalize(network.embed(torch.from_numpy(inputs))).numpy()
    np.testing.assert_allclose(vectors, expected, atol=1e-4)
    assert (embedder.name, embedder.size) == (config.name, 64)
    assert weights_checksum(config) == file_checksum(resolve(config.name))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    import torch

    torch.manual_seed(0)
    model = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=8)
    path = tmp_path / "own.safetensors"
    save_network(ReidNetwork(model), WeightsCard(model=model, input_size=32, recipe="tiny", data=""), path)
    return path


def test_exported_network_of_our_own_gives_what_torch_gives(weights: Path, tmp_path: Path) -> None:
    import torch

    config = EmbedderConfig(name="trained", weights=str(weights), batch=2)
    crops = [np.random.default_rng(side).integers(0, 256, (side, 40, 3)).astype(np.uint8) for side in (20, 32, 90)]

    vectors = create_embedder(config, device="cpu", export_folder=tmp_path / "exports").embed(crops)

    network, card = load_network(weights)
    pictures = np.stack([stretched(crop, card.input_size) for crop in crops])
    with torch.inference_mode():
        features = network.embed(
            torch.from_numpy(pictures_for_network(pictures, network.backbone.mean, network.backbone.std))
        )
    expected = torch.nn.functional.normalize(features).numpy()
    np.testing.assert_allclose(vectors, expected, atol=1e-4)
    assert vectors.shape == (3, 8)
    (export,) = (tmp_path / "exports").iterdir()
    assert weights_checksum(config)[:12] in export.name


def test_an_embedder_with_heads_embeds_as_without_and_reads_type_and_colour(weights: Path, tmp_path: Path) -> None:
    network, card = load_network(weights)
    heads, own = AttributeHeads(network.backbone.channels), tmp_path / "heads.safetensors"
    save_heads(heads, HeadsCard(backbone_digest(network), card.input_size, "own", ""), own)
    config = EmbedderConfig(name="trained", weights=str(weights), attribute_weights=str(own), batch=2)
    crops = [noise(side, side, 40) for side in (20, 32, 90)]

    reading = create_embedder(config, device="cpu", export_folder=tmp_path / "exports")
    plain = create_embedder(replace(config, attributes=False), device="cpu", export_folder=tmp_path / "exports")

    vectors, readings = described(reading, crops)
    np.testing.assert_allclose(vectors, plain.embed(crops), atol=1e-6)
    np.testing.assert_allclose(reading.embed(crops), vectors)
    assert readings is not None
    np.testing.assert_allclose(readings.sum(axis=1), [2, 2, 2], atol=1e-5)
    assert described(plain, crops)[1] is None
    assert len(list((tmp_path / "exports").iterdir())) == 2


def test_backbones_of_timm() -> None:
    import torch

    pytest.importorskip("timm", reason="timm is an extra")
    backbone = build_backbone("timm/resnet10t", published=False, last_stride=2).eval()
    assert backbone(torch.zeros(1, 3, 64, 64)).shape == (1, backbone.channels, 2, 2)
    for name in ("timm/nothing_of_the_kind", "timm/vit_tiny_patch16_224"):
        with pytest.raises(UserError) as error:
            build_backbone(name, published=False, last_stride=2)
        assert error.value.code == "unknown-backbone"
