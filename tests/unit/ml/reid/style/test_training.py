"""SPGAN on painted vehicles: what moves when, going on after a stop, and what is refused."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from ml.cli.main import main
from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet
from ml.locks import alone_in
from ml.reid.style.gan import StyleGan, StyleSteps
from ml.reid.style.networks import Critic, Generator, Siamese
from ml.reid.style.pictures import as_input, as_pictures
from ml.reid.style.recipe import StyleRecipe
from ml.reid.style.trainer import train_style
from ml.reid.training.checkpoint import METRICS, WEIGHTS
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, painted_table

RECIPES = Path(__file__).resolve().parents[5] / "ml" / "reid" / "recipes"
TINY = StyleRecipe(name="tiny", input_size=32, width=2, blocks=1, steps=3, batch=2, checkpoint_every=1, threads=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    """Painted vehicles of the set's own, and two others beside them."""
    folder = tmp_path_factory.mktemp("painted")
    return replace(painted_set(folder, vehicles=2), synthetic=painted_table(folder / "rendered", range(50, 52)))


class Stopped(Exception):
    pass


def stop_after(step: int, done: int, unit: str) -> None:
    if done == step:
        raise Stopped


def test_networks_keep_the_size_or_give_what_they_say() -> None:
    pictures = torch.zeros(2, 3, 32, 48)
    assert Generator(2, 1)(pictures).shape == pictures.shape
    assert Critic(2)(torch.zeros(2, 3, 64, 64)).shape == (2, 1, 6, 6)
    embedded = Siamese(2, 32)(torch.rand(2, 3, 32, 32))
    assert embedded.shape == (2, 128)
    assert embedded.norm(dim=1).tolist() == pytest.approx([1, 1], abs=1e-5)


def test_a_residual_generator_changes_what_it_sees() -> None:
    pictures, generator = torch.rand(1, 3, 8, 8), Generator(2, 0, residual=True)
    last = generator.layers[-2]
    assert isinstance(last, torch.nn.Conv2d)
    assert last.bias is not None
    with torch.no_grad():
        last.weight.zero_()
    assert torch.equal(generator(pictures), pictures)
    with torch.no_grad():
        last.bias.fill_(0.5)
    assert torch.allclose(generator(pictures), pictures + math.tanh(0.5))


def test_the_siamese_network_has_the_paper_s_four_convolutions_at_its_size() -> None:
    channels = [layer.out_channels for layer in Siamese(64, 256).layers if isinstance(layer, torch.nn.Conv2d)]
    assert channels == [64, 128, 256, 512]


def test_pictures_go_in_and_come_out_the_same() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (4, 6, 3)).astype(np.uint8)
    seen = as_input([picture])
    assert seen.shape == (1, 3, 4, 6)
    assert -1 <= float(seen.min()) <= float(seen.max()) <= 1
    assert np.array_equal(as_pictures(seen)[0], picture)


def test_each_part_moves_by_its_own_loss_alone() -> None:
    torch.manual_seed(0)
    still = replace(TINY, cycle=0.0, mapped=0.0, similar=0.0)
    gan = StyleGan(still)
    with torch.no_grad():  # scores that do not depend on the picture: nothing to learn for the generators
        for critic in (gan.target_critic, gan.source_critic):
            last = critic.layers[-1]
            assert isinstance(last, torch.nn.Conv2d)
            last.weight.zero_()
    before = {name: value.clone() for name, value in gan.state_dict().items()}
    pictures = torch.rand(2, 2, 3, 32, 32) * 2 - 1
    losses = StyleSteps(gan, still).take(pictures[0], pictures[1], rate=0.01)
    moved = {name.split(".")[0] for name, value in gan.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {"target_critic", "source_critic", "siamese"}
    # a score of 0 everywhere: (0 - 1)^2 of real ones and 0 of made ones, from two critics; and nobody fooled
    assert losses["critics"] == losses["fooling"] == pytest.approx(2)


def test_stopped_and_gone_on_gives_the_same_weights(data: ReidSet, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    report = train_style(data, TINY, whole, device="cpu")
    with pytest.raises(Stopped):
        train_style(data, TINY, parts, device="cpu", progress=lambda done, _, unit: stop_after(2, done, unit))
    assert not (parts / WEIGHTS).exists()
    train_style(data, TINY, parts, device="cpu")
    for name in (WEIGHTS, METRICS, "checkpoint.safetensors"):
        assert (parts / name).read_bytes() == (whole / name).read_bytes()
    assert report["learned"] == {"rendered": 8, "real": 8}


def test_another_recipe_in_the_folder_is_refused(data: ReidSet, tmp_path: Path) -> None:
    train_style(data, replace(TINY, steps=1), tmp_path, device="cpu")
    with pytest.raises(UserError, match="another recipe") as refused:
        train_style(data, replace(TINY, steps=1, cycle=5.0), tmp_path, device="cpu")
    assert refused.value.code == "training-differs"
    with alone_in(tmp_path), pytest.raises(UserError, match="Another training"):
        train_style(data, replace(TINY, steps=1), tmp_path, device="cpu")


@pytest.mark.parametrize(("missing", "code"), [("synthetic", "no-rendered-pictures"), ("train", "no-real-pictures")])
def test_an_empty_domain_is_refused(data: ReidSet, missing: str, code: str, tmp_path: Path) -> None:
    nothing = data.train.take(np.zeros(len(data.train), np.bool_))
    without = replace(data, synthetic=nothing) if missing == "synthetic" else replace(data, train=nothing)
    with pytest.raises(UserError) as refused:
        train_style(without, TINY, tmp_path / "out", device="cpu")
    assert refused.value.code == code
    assert not (tmp_path / "out").exists()


def test_unreadable_pictures_are_listed_before_the_first_step(data: ReidSet, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    table = replace(data.synthetic, paths=(broken, *data.synthetic.paths[1:]))
    with pytest.raises(UserError, match=r"1 of 16 pictures.*broken\.jpg"):
        train_style(replace(data, synthetic=table), TINY, tmp_path / "out", device="cpu")


def test_a_loss_without_an_end_is_refused(data: ReidSet, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lower learning_rate") as refused:
        train_style(data, replace(TINY, learning_rate=1e30), tmp_path, device="cpu")
    assert refused.value.code == "training-diverged"


@pytest.mark.parametrize("name", ["style", "style-small"])
def test_the_recipes_can_be_read(name: str) -> None:
    recipe = config_from(StyleRecipe, read_yaml(RECIPES / f"{name}.yaml"), name)
    assert (recipe.cycle, recipe.mapped, recipe.similar, recipe.margin) == (10, 5, 2, 2)  # the paper's


def test_the_learning_rate_falls_in_a_straight_line_to_the_end() -> None:
    recipe = StyleRecipe(steps=100, learning_rate=0.1, decay_from=0.5)
    assert [recipe.learning_rate_at(step) for step in (0, 50, 75, 99)] == pytest.approx([0.1, 0.1, 0.05, 0.002])
    assert StyleRecipe(steps=100, learning_rate=0.1).learning_rate_at(99) == 0.1


@pytest.mark.parametrize(
    ("setting", "value"),
    [("input_size", 66), ("margin", 3.0), ("batch", 0), ("flip", 2.0), ("learning_rate", 0.0), ("similar", -1.0)],
)
def test_settings_that_cannot_be_are_refused_by_name(
    setting: str, value: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "style.yaml"
    recipe.write_text(yaml.safe_dump({"kind": "style", setting: value}))
    assert main(["train", str(recipe), "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert f"style setting {setting} is {value}" in capsys.readouterr().err
