"""Files of weights and devices that are not what they should be get a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import safetensors.torch
import torch
from torchvision.ops import FrozenBatchNorm2d

from ml.detection.networks import ANCHORS, Anchors, anchors_of, device_named, fold_normalisation, read_state
from ml.types import UserError


def test_weights_are_read_in_each_form(tmp_path: Path) -> None:
    state = {"layer": torch.arange(4.0)}
    safetensors.torch.save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "b.pth")
    torch.save({"model": state}, tmp_path / "c.pt")
    for name in ("a.safetensors", "b.pth", "c.pt"):
        assert read_state(tmp_path / name)["layer"].tolist() == [0, 1, 2, 3]


def test_a_file_says_which_anchors_it_was_trained_with(tmp_path: Path) -> None:
    state = {"layer": torch.zeros(1)}
    safetensors.torch.save_file(state, tmp_path / "own.safetensors", {ANCHORS: "[[8, 16, 32, 64, 128], [0.5, 1, 2]]"})
    safetensors.torch.save_file(state, tmp_path / "plain.safetensors")
    assert anchors_of(tmp_path / "own.safetensors").sizes == (8, 16, 32, 64, 128)
    assert anchors_of(tmp_path / "plain.safetensors") == anchors_of(tmp_path / "coco.pth") == Anchors()


def test_folded_normalisation_computes_the_same() -> None:
    norm = FrozenBatchNorm2d(5)
    for values in norm.buffers():
        values.copy_(torch.rand(5) + 0.5)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 3, bias=False), norm, torch.nn.ReLU())
    picture = torch.rand(1, 3, 8, 8)
    before = network(picture)
    fold_normalisation(network)
    assert isinstance(network[1], torch.nn.Identity)
    torch.testing.assert_close(network(picture), before)


@pytest.mark.parametrize("name", ["text.safetensors", "text.pth"])
def test_what_is_no_file_of_weights_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("no weights, but long enough to be taken for some")
    with pytest.raises(UserError, match=name) as refused:
        read_state(tmp_path / name)
    assert refused.value.code == "weights-unreadable"


def test_a_list_is_no_state_dictionary(tmp_path: Path) -> None:
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(UserError, match="holds no state dictionary"):
        read_state(tmp_path / "list.pth")


def test_devices_by_name() -> None:
    assert device_named("cpu").type == "cpu"
    assert device_named("auto").type in ("cpu", "cuda")
    with pytest.raises(UserError, match="no device 'gpu'"):
        device_named("gpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match="--device cpu") as refused:
        device_named("cuda")
    assert refused.value.code == "no-such-device"
