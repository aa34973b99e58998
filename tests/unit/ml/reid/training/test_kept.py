"""A backbone that stands still sees each picture once, and what is learned behind it rests on what it then gave."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.datasets.reid import ReidSet
from ml.reid.augment import AugmentConfig
from ml.reid.models import ReidNetwork
from ml.reid.models.weights import load_network
from ml.reid.training.kept import KeptLooks, KeptPictures
from ml.reid.training.recipe import DataConfig, ReidRecipe, ScheduleConfig
from ml.reid.training.scoring import embedded
from ml.reid.training.trainer import train_reid
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, tiny_recipe

CPU = torch.device("cpu")
UNVARIED = AugmentConfig(flip=0, pad=0, erase=0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    return painted_set(tmp_path_factory.mktemp("painted"))


def kept_recipe(**changes: object) -> ReidRecipe:
    return tiny_recipe(kept_looks=2, schedule=ScheduleConfig(epochs=2, freeze_backbone=2), **changes)


def test_kept_features_embed_as_the_pictures_do(data: ReidSet) -> None:
    network = ReidNetwork(kept_recipe().model).eval()
    kept = KeptLooks(network, kept_recipe(), CPU).plain(data.query)
    np.testing.assert_allclose(kept, embedded(network, data.query, side=32, device=CPU), atol=2e-3)  # 16 bits


def test_looks_are_the_same_wherever_a_picture_stands_and_come_from_the_folder(data: ReidSet, tmp_path: Path) -> None:
    recipe = kept_recipe(kept_in=str(tmp_path))
    network = ReidNetwork(recipe.model).eval()
    whole = KeptLooks(network, recipe, CPU).varied(data.query)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    part = KeptLooks(network, recipe, CPU).varied(data.query.take(np.array([3, 1])))
    np.testing.assert_array_equal(part, whole[[3, 1]])
    assert times == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.npy")}
    assert len(times) == len(data.query)


def test_a_kept_file_that_was_cut_off_is_made_again(data: ReidSet, tmp_path: Path) -> None:
    recipe, one = kept_recipe(kept_in=str(tmp_path)), data.query.take(np.array([0]))
    network = ReidNetwork(recipe.model).eval()
    looks = KeptLooks(network, recipe, CPU).varied(one)
    (path,) = tmp_path.rglob("*.npy")
    for left in (0, 20):
        path.write_bytes(path.read_bytes()[:left])
        np.testing.assert_array_equal(KeptLooks(network, recipe, CPU).varied(one), looks)
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_other_variations_are_other_looks(data: ReidSet) -> None:
    network = ReidNetwork(kept_recipe().model).eval()
    first, second = KeptLooks(network, kept_recipe(augment=UNVARIED), CPU).varied(data.query)[0]
    np.testing.assert_array_equal(first, second)
    varied = KeptLooks(network, kept_recipe(), CPU).varied(data.query)[0]
    assert not np.array_equal(varied[0], varied[1])


def test_an_epoch_draws_among_a_picture_s_own_looks(data: ReidSet) -> None:
    looks = np.arange(len(data.query) * 3, dtype=np.float16).reshape(-1, 3, 1)
    pictures = KeptPictures(data.query, looks, seed=0)
    drawn = {float(pictures[epoch, 0, 1][0]) for epoch in range(20)}
    assert drawn == {3.0, 4.0, 5.0}


def test_training_behind_it_leaves_the_backbone_as_it_was(data: ReidSet, tmp_path: Path) -> None:
    recipe = kept_recipe(data=DataConfig(held=0.3))
    torch.manual_seed(recipe.seed)
    start = ReidNetwork(recipe.model).state_dict()
    report = train_reid(data, recipe, tmp_path, device="cpu")
    network, _ = load_network(tmp_path / "weights.safetensors")
    made = network.state_dict()
    assert all(torch.equal(value, start[name]) for name, value in made.items() if name.startswith("backbone."))
    assert not torch.equal(made["norm.weight"], start["norm.weight"])
    assert report["test"] is not None


def test_kept_looks_need_a_backbone_that_stands_still() -> None:
    with pytest.raises(UserError, match="freeze_backbone"):
        replace(kept_recipe(), schedule=ScheduleConfig(epochs=3, freeze_backbone=2))
