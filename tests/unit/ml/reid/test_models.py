"""Networks by name: shapes, necks, IBN, and files that say what they hold."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch
import torchvision
from torch import nn

from ml.reid.models import ModelConfig, ReidNetwork, backbone_names
from ml.reid.models.backbones import build_backbone, with_todays_names
from ml.reid.models.ibn import IBN
from ml.reid.models.network import level_statistics
from ml.reid.models.vit import stretched_positions
from ml.reid.models.weights import WeightsCard, fill, halve, load_network, read_card, save_network
from ml.types import UserError

SMALL = ModelConfig(backbone="osnet-x0.25", last_stride=2)
CARD = WeightsCard(model=SMALL, input_size=64, recipe="here", data="none")


def code_of(error: pytest.ExceptionInfo[UserError]) -> str:
    return error.value.code


@pytest.mark.parametrize(
    ("name", "last_stride", "channels", "side"),
    [
        ("efficientnet-lite0", 2, 1280, 2),
        ("efficientnet-lite0", 1, 1280, 4),
        ("osnet-x0.25", 2, 128, 4),
        ("osnet-x1", 2, 512, 4),
        ("resnet18", 2, 512, 2),
        ("resnet18", 1, 512, 4),
        ("resnet50-ibn-a", 1, 2048, 4),
        ("densenet121", 2, 1024, 2),
    ],
)
def test_feature_map_of_a_backbone(name: str, last_stride: int, channels: int, side: int) -> None:
    backbone = build_backbone(name, published=False, last_stride=last_stride).eval()
    with torch.inference_mode():
        maps = backbone(torch.zeros(1, 3, 64, 64))
    assert maps.shape == (1, channels, side, side)
    assert backbone.channels == channels


def test_a_transformer_gives_its_class_token_whatever_the_picture_s_size() -> None:
    backbone = build_backbone("vit-ti16", published=False, last_stride=2).eval()
    with torch.inference_mode():
        small, wide = backbone(torch.zeros(1, 3, 32, 32)), backbone(torch.zeros(2, 3, 32, 64))
    assert (small.shape, wide.shape) == ((1, 192, 1, 1), (2, 192, 1, 1))


def test_positions_are_stretched_to_the_patches_there_are() -> None:
    grid = torch.arange(4.0).repeat(4, 1).flatten()  # 4x4, rising from left to right
    positions = torch.cat([torch.tensor([9.0]), grid])[None, :, None]
    assert stretched_positions(positions, 4, 4) is positions
    made = stretched_positions(positions, 2, 8)[0, :, 0]
    assert made[0] == 9
    lines = made[1:].reshape(2, 8)
    torch.testing.assert_close(lines[0], lines[1])
    torch.testing.assert_close(lines[0].mean(), torch.tensor(1.5))
    torch.testing.assert_close(lines[0, 2:6].diff(), torch.full((3,), 0.5), atol=0.15, rtol=0)


def test_densenet_s_published_names_are_those_of_today() -> None:
    with torch.device("meta"):
        theirs = torchvision.models.densenet121(weights=None).state_dict()
    old = {re.sub(r"(denselayer\d+\.(?:norm|conv))([12])", r"\1.\2", name): value for name, value in theirs.items()}
    assert len(set(old) - set(theirs)) == 58 * 2 * 5 + 58 * 2  # 58 layers with two norms of five entries, two kernels
    assert list(with_todays_names(old)) == list(theirs)


def test_ibn_normalises_the_first_half_by_picture_and_the_rest_by_batch() -> None:
    maps = torch.stack([torch.tensor([[[0.0, 2.0]], [[0.0, 2.0]]]), torch.tensor([[[10.0, 30.0]], [[10.0, 30.0]]])])
    made = IBN(2).train()(maps)
    # By picture: 0, 2 -> -1, 1 and 10, 30 -> -1, 1. By batch: mean 10.5, deviation sqrt(140.75).
    torch.testing.assert_close(made[:, 0], torch.tensor([[[-1.0, 1.0]], [[-1.0, 1.0]]]), atol=1e-4, rtol=0)
    spread = 140.75**0.5
    by_batch = torch.tensor([[[-10.5, -8.5]], [[-0.5, 19.5]]]) / spread
    torch.testing.assert_close(made[:, 1], by_batch, atol=1e-4, rtol=0)


def test_ibn_takes_the_place_of_a_trained_normalisation() -> None:
    norm = nn.BatchNorm2d(4)
    with torch.no_grad():
        norm.weight.copy_(torch.arange(4.0))
        norm.running_mean = torch.arange(4.0) + 10
    made = IBN(4)
    made.take_over(norm)
    assert made.instance.weight.tolist() == [0, 1]
    assert made.batch.weight.tolist() == [2, 3]
    assert made.batch.running_mean is not None
    assert made.batch.running_mean.tolist() == [12, 13]


def test_ibn_stands_in_the_first_three_stages_alone() -> None:
    found = {
        name.split(".")[1]
        for name, module in build_backbone("resnet18-ibn-a", published=False, last_stride=1).named_modules()
        if isinstance(module, IBN)
    }
    assert found == {"layer1", "layer2", "layer3"}


def test_bnneck_gives_the_classifier_the_normalised_feature() -> None:
    network = ReidNetwork(SMALL).train()
    outputs = network(torch.rand(4, 3, 64, 64))
    assert outputs.metric.shape == outputs.classified.shape == (4, 128)
    torch.testing.assert_close(outputs.classified.mean(dim=0), torch.zeros(128), atol=1e-5, rtol=0)
    assert float(outputs.metric.detach().min()) >= 0
    assert network.classifier(3).bias is None
    assert not [name for name, weight in network.norm.named_parameters() if weight.requires_grad and name == "bias"]


@pytest.mark.parametrize(("neck", "size"), [("plain", 128), ("vehiclenet", 16)])
def test_other_necks_use_one_feature_for_everything(neck: str, size: int) -> None:
    network = ReidNetwork(replace(SMALL, neck=neck, size=16)).eval()
    pictures = torch.rand(2, 3, 32, 32)
    outputs = network(pictures)
    assert outputs.metric.shape == (2, size)
    assert torch.equal(outputs.metric, outputs.classified)
    assert torch.equal(network.embed(pictures), outputs.metric)
    assert network.classifier(3).bias is not None


def test_retrieval_before_or_after_the_neck() -> None:
    pictures = torch.rand(2, 3, 32, 32)
    before = ReidNetwork(replace(SMALL, retrieve="before")).eval()
    outputs = before(pictures)
    assert torch.equal(before.embed(pictures), outputs.metric)
    assert not torch.equal(outputs.metric, outputs.classified)


def test_a_file_gives_the_same_network_back(tmp_path: Path) -> None:
    network, path, pictures = ReidNetwork(SMALL).eval(), tmp_path / "w.safetensors", torch.rand(2, 3, 32, 32)
    save_network(network, CARD, path)
    loaded, card = load_network(path)
    assert card == CARD
    assert torch.equal(loaded.embed(pictures), network.embed(pictures))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_files_that_hold_no_such_network_are_refused(tmp_path: Path) -> None:
    foreign, text = tmp_path / "foreign.safetensors", tmp_path / "text.safetensors"
    safetensors.torch.save_file({"a": torch.zeros(1)}, foreign)
    text.write_text("no weights")
    for path, code in (
        (tmp_path / "none", "weights-missing"),
        (foreign, "weights-unreadable"),
        (text, "weights-unreadable"),
    ):
        with pytest.raises(UserError) as error:
            read_card(path)
        assert code_of(error) == code
        assert str(path) in str(error.value)


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_network(ReidNetwork(SMALL), CARD, path)
    with pytest.raises(UserError, match="another model") as error:
        fill(ReidNetwork(ModelConfig(backbone="osnet-x1", last_stride=2)), path)
    assert code_of(error) == "weights-differ"


@pytest.mark.parametrize(
    ("name", "published", "last_stride", "code"),
    [
        ("resnet51", False, 1, "unknown-backbone"),
        ("densenet121", False, 1, "bad-configuration"),
        ("densenet121", True, 2, "weights-missing"),
        ("resnet18", True, 1, "weights-missing"),
    ],
)
def test_what_a_backbone_cannot_be_is_said(name: str, published: bool, last_stride: int, code: str) -> None:
    with pytest.raises(UserError) as error:
        build_backbone(name, published=published, last_stride=last_stride)
    assert code_of(error) == code


def test_without_timm_its_backbones_say_so_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(UserError, match="pip install timm"):
        build_backbone("timm/resnet18", published=False, last_stride=2)
    assert "resnet50-ibn-a" in backbone_names()


def test_a_wrong_neck_is_refused() -> None:
    with pytest.raises(UserError, match="bnneck"):
        ModelConfig(neck="giraffe")


def test_statistics_of_levels_by_hand() -> None:
    fine = torch.tensor([[[[1.0, 3.0], [1.0, 3.0]], [[5.0, 5.0], [5.0, 5.0]]]])  # means 2, 5; deviations 1, 0
    last = torch.tensor([[[[7.0, 9.0]]]])  # mean 8
    torch.testing.assert_close(level_statistics([fine, last]), torch.tensor([[2.0, 5.0, 8.0, 1.0, 0.0]]))


@pytest.mark.parametrize(("name", "channels"), [("efficientnet-lite0", 2848), ("resnet18", 1536)])
def test_levels_of_a_backbone_end_with_its_feature_map(name: str, channels: int) -> None:
    network = ReidNetwork(ModelConfig(backbone=name, last_stride=2, neck="levels", size=4)).eval()
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        levels = network.backbone.levels(picture)
        assert torch.equal(levels[-1], network.backbone(picture))
        assert network.pooled(picture).shape == (1, channels)
        assert network(picture).metric.shape == (1, 4)
    assert [level.shape[1] for level in levels] == list(network.backbone.level_channels)


def test_a_backbone_without_levels_is_refused_for_them() -> None:
    with pytest.raises(UserError, match="choose another neck"):
        ReidNetwork(replace(SMALL, neck="levels"))


def test_halved_weights_are_half_the_size_and_give_nearly_the_same(tmp_path: Path) -> None:
    torch.manual_seed(2)
    save_network(ReidNetwork(SMALL), CARD, tmp_path / "whole")
    halve(tmp_path / "whole", tmp_path / "half")

    assert (tmp_path / "half").stat().st_size < 0.6 * (tmp_path / "whole").stat().st_size
    assert read_card(tmp_path / "half") == CARD
    picture = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        whole, half = (load_network(tmp_path / name)[0].embed(picture) for name in ("whole", "half"))
    assert torch.nn.functional.cosine_similarity(whole, half).item() > 0.999
    assert half.dtype == torch.float32


def test_numbers_beyond_16_bits_are_refused(tmp_path: Path) -> None:
    network = ReidNetwork(SMALL)
    with torch.no_grad():
        network.norm.weight.fill_(1e6)
    save_network(network, CARD, tmp_path / "whole")
    with pytest.raises(UserError, match=r"norm\.weight"):
        halve(tmp_path / "whole", tmp_path / "half")
    assert not (tmp_path / "half").exists()


def test_signature_of_branches_is_the_vehicle_s_or_all_three_each_of_length_one() -> None:
    torch.manual_seed(5)
    network = ReidNetwork(replace(SMALL, branches=4)).eval()
    picture = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        outputs = network(picture)
        assert outputs.vehicle_type is not None
        assert outputs.colour is not None
        assert (network.size, network.neck_size) == (4, 128)
        assert torch.equal(network.embed(picture), outputs.classified)
        network.signature = "all"
        whole = network.embed(picture)
    assert whole.shape == (2, network.size) == (2, 12)
    for part, branch in zip(
        whole.split(4, dim=1), (outputs.classified, outputs.vehicle_type, outputs.colour), strict=True
    ):
        torch.testing.assert_close(part, torch.nn.functional.normalize(branch))


def test_branches_stand_behind_the_neck() -> None:
    network = ReidNetwork(replace(SMALL, branches=1)).eval()
    with torch.no_grad():
        for number, branch in enumerate(network.branches, start=1):
            branch.weight.zero_()
            branch.weight[0, 0] = number
            branch.bias.zero_()
        network.norm.weight.fill_(0)
        network.norm.bias.fill_(5)  # the neck gives 5 whatever it sees
        outputs = network(torch.rand(1, 3, 64, 64))
    assert [float(part) for part in outputs[1:] if part is not None] == [5, 10, 15]
