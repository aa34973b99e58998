"""Type and colour: names, heads, and the network that reads them while it embeds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.reid import EmbedderConfig, create_embedder
from ml.reid.attributes import COLOURS, READINGS, VEHICLE_TYPES, most_probable, together
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.heads import (
    AttributeHeads,
    Describing,
    HeadsCard,
    backbone_digest,
    fit_together,
    load_heads,
    save_heads,
)
from ml.reid.models.weights import WeightsCard, halve, load_network, save_network
from ml.types import Float2D, UserError

MODEL = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=3, retrieve="before")
SIDE = 32


@pytest.fixture(scope="module")
def network() -> ReidNetwork:
    torch.manual_seed(5)
    return ReidNetwork(MODEL).eval()


@pytest.fixture(scope="module")
def heads(network: ReidNetwork) -> AttributeHeads:
    torch.manual_seed(6)
    return AttributeHeads(network.backbone.channels).eval()


@pytest.fixture(scope="module")
def files(network: ReidNetwork, heads: AttributeHeads, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("weights")
    save_network(network, WeightsCard(MODEL, SIDE, "own", "data"), folder / "w.safetensors")
    save_heads(heads, HeadsCard(backbone_digest(network), SIDE, "own", "data"), folder / "a.safetensors")
    return folder / "w.safetensors", folder / "a.safetensors"


def test_veri_s_numbers_are_places_in_the_names() -> None:
    """As the benchmark city's README has them: 7 bus, 8 truck, 10 coupe; 4 gray, 7 white, 11 silver."""
    assert [VEHICLE_TYPES[number - 1] for number in (1, 7, 8, 10, 12)] == ["sedan", "bus", "truck", "coupe", "mini"]
    assert [COLOURS[number - 1] for number in (1, 4, 7, 11)] == ["yellow", "grey", "white", "silver"]


def test_a_vehicle_is_what_its_pictures_say_on_average() -> None:
    readings = np.zeros((2, READINGS), np.float32)
    readings[0, [6, 12 + 4]] = 1  # a red bus
    readings[1, [6, 7, 12 + 4, 12 + 1]] = 0.6, 0.4, 0.25, 0.75  # rather an orange one, perhaps a truck
    seen = together(readings)
    (kind, sure), (colour, how_sure) = most_probable(seen)
    assert (kind, colour) == ("bus", "red")
    assert (sure, how_sure) == pytest.approx((0.8, 0.625))


@pytest.mark.parametrize(
    ("readings", "code", "words"),
    [
        (np.full((2, READINGS), np.nan, np.float32), "not-a-number", "picture 1"),
        (np.ones((2, READINGS - 1), np.float32), "wrong-shape", "[2, 22]"),
        (np.ones(READINGS, np.float32), "wrong-shape", "[23]"),
        (np.zeros((0, READINGS), np.float32), "empty-set", "no pictures"),
    ],
)
def test_readings_that_say_nothing_of_a_vehicle_are_refused(readings: Float2D, code: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        together(readings)

    assert refused.value.code == code
    assert words in str(refused.value)


def test_heads_give_a_probability_for_each_type_and_each_colour(heads: AttributeHeads) -> None:
    with torch.inference_mode():
        readings = heads(torch.randn(4, heads.logits.in_features))
    assert readings.shape == (4, READINGS)
    for part in readings.split([len(VEHICLE_TYPES), len(COLOURS)], dim=1):
        torch.testing.assert_close(part.sum(dim=1), torch.ones(4))


def test_one_pass_gives_what_the_network_and_the_heads_give_apart(network: ReidNetwork, heads: AttributeHeads) -> None:
    pictures = torch.randn(1, 3, SIDE, SIDE)
    with torch.inference_mode():
        both = Describing(network, heads)(pictures)
        torch.testing.assert_close(both[:, :3], network.embed(pictures))
        torch.testing.assert_close(both[:, 3:], heads(network.pooled(pictures)))


def test_heads_come_back_from_their_file(heads: AttributeHeads, files: tuple[Path, Path]) -> None:
    again, card = load_heads(files[1])
    assert (card.input_size, card.recipe) == (SIDE, "own")
    torch.testing.assert_close(again.state_dict(), heads.state_dict())


def test_heads_fit_their_network_in_16_bits_too_and_no_other(
    network: ReidNetwork, files: tuple[Path, Path], tmp_path: Path
) -> None:
    card = load_heads(files[1])[1]
    halve(files[0], tmp_path / "half.safetensors")
    halved, _ = load_network(tmp_path / "half.safetensors")
    torch.manual_seed(9)
    assert fit_together(halved, SIDE, card)
    assert not fit_together(network, SIDE + 1, card)
    assert not fit_together(ReidNetwork(MODEL), SIDE, card)


def test_another_neck_s_layers_do_not_change_what_heads_see(network: ReidNetwork) -> None:
    with_other_layer = ReidNetwork(replace(MODEL, size=5))
    with_other_layer.backbone.load_state_dict(network.backbone.state_dict())
    assert backbone_digest(with_other_layer) == backbone_digest(network)


def test_heads_of_another_network_are_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    torch.manual_seed(11)
    save_network(ReidNetwork(MODEL), WeightsCard(MODEL, SIDE, "other", "data"), tmp_path / "other.safetensors")
    config = EmbedderConfig(
        name="trained", weights=str(tmp_path / "other.safetensors"), attribute_weights=str(files[1])
    )
    with pytest.raises(UserError, match="another network") as error:
        create_embedder(config, device="cpu")
    assert error.value.code == "weights-differ"


def test_what_is_no_file_of_heads_is_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing")
    for path, code in (
        (tmp_path / "none", "weights-missing"),
        (tmp_path / "text", "weights-unreadable"),
        (files[0], "weights-unreadable"),
    ):
        with pytest.raises(UserError) as error:
            load_heads(path)
        assert error.value.code == code


def test_an_embedder_that_reads_nothing_takes_no_heads() -> None:
    with pytest.raises(UserError, match="reads no attributes"):
        EmbedderConfig(name="efficientnet-lite0", attribute_weights="a.safetensors")
