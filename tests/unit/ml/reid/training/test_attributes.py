"""Heads that learn painted vehicles' colours from what a network pools."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.datasets.reid import ReidSet, ReidTable
from ml.reid.attributes import VEHICLE_TYPES
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.heads import UNSEEN, load_heads
from ml.reid.models.weights import WeightsCard, save_network
from ml.reid.softmax import LinearHead
from ml.reid.training.attributes import AttributesRecipe, train_attributes
from ml.reid.training.fitting import Directions, Sample, alike_weights, as_module, fit_head
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_table

MODEL = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=3)
RED, BLUE = 5, 6  # VeRi's numbers
VAN, BUS = 3, 7


@pytest.fixture
def recipe(tmp_path: Path) -> AttributesRecipe:
    torch.manual_seed(3)
    save_network(ReidNetwork(MODEL), WeightsCard(MODEL, 32, "tiny", ""), tmp_path / "w.safetensors")
    return AttributesRecipe(network=str(tmp_path / "w.safetensors"), folds=2, penalties=(0.01, 0.1))


def described(table: ReidTable) -> ReidTable:
    """Even vehicles are blue vans, odd ones red buses."""
    even = table.identity % 2 == 0
    return replace(
        table,
        colour=np.where(even, BLUE, RED).astype(np.int32),
        vehicle_type=np.where(even, VAN, BUS).astype(np.int32),
    )


def painted(folder: Path) -> ReidSet:
    """Four vehicles of two hues; the pictures of two of them once more as the test."""
    hues = [painted_table(folder / str(number), range(number % 2, number % 2 + 1), each=1) for number in range(4)]
    own = [replace(table, identity=np.full(len(table), 100 + number)) for number, table in enumerate(hues)]
    joined = ReidTable.of(
        [path for table in own for path in table.paths],
        np.concatenate([table.identity for table in own]),
        domain="own",
    )
    train = described(joined)
    nothing = train.take(np.zeros(len(train), np.bool_))
    return ReidSet("painted", "veri", train, nothing, train.take(train.identity < 102), nothing)


def test_heads_tell_colours_and_types_of_vehicles_that_they_did_not_learn(
    recipe: AttributesRecipe, tmp_path: Path
) -> None:
    report = train_attributes(painted(tmp_path / "set"), recipe, tmp_path / "out", device="cpu")
    for part in ("held", "test"):
        for name in ("vehicle_type", "colour"):
            assert report[part][name]["accuracy"] == 1  # type: ignore[index]  # a mapping, as written
    assert report["learned"] == {"pictures": 8, "numbers": {"real": [100, 101, 102, 103], "rendered": []}}
    heads, card = load_heads(Path(str(report["weights"])))
    assert (card.input_size, card.recipe) == (32, "attributes")
    learned = [VAN - 1, BUS - 1, len(VEHICLE_TYPES) + RED - 1, len(VEHICLE_TYPES) + BLUE - 1]
    never_shown = np.delete(heads.logits.bias.detach().numpy(), learned)
    assert (never_shown == UNSEEN).all()


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"colour": -1}, "no-attributes"), ({"vehicle_type": 13}, "bad-numbers"), ({"identity": -1}, "no-labels")],
)
def test_pictures_that_say_nothing_or_nonsense_are_refused(
    changes: dict[str, int], code: str, recipe: AttributesRecipe, tmp_path: Path
) -> None:
    data = painted(tmp_path / "set")
    wrong = {name: np.full_like(getattr(data.train, name), value) for name, value in changes.items()}
    with pytest.raises(UserError) as error:
        train_attributes(replace(data, train=replace(data.train, **wrong)), recipe, tmp_path / "out", device="cpu")
    assert error.value.code == code


def test_more_parts_than_vehicles_are_refused(recipe: AttributesRecipe, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="5 parts"):
        train_attributes(painted(tmp_path / "set"), replace(recipe, folds=5), tmp_path / "out", device="cpu")


def test_a_set_without_training_pictures_is_refused(recipe: AttributesRecipe, tmp_path: Path) -> None:
    data = painted(tmp_path / "set")
    with pytest.raises(UserError, match="no training pictures"):
        train_attributes(replace(data, train=data.synthetic), recipe, tmp_path / "out", device="cpu")


def test_every_vehicle_counts_the_same() -> None:
    np.testing.assert_allclose(alike_weights(np.array([7, 7, 9, 7, 7])), [0.25, 0.25, 1, 0.25, 0.25])


def test_pictures_that_count_nothing_teach_nothing() -> None:
    """A class of theirs alone has no share to balance by, and is as one that nobody has."""
    features = np.array([[1], [-1], [1.2], [-1.2], [4]] * 2, np.float32)
    first = np.array([True, True, True, True, False] * 2)
    classes, vehicles = np.array([0, 1, 0, 1, 2] * 2), np.arange(10) % 5
    sample = Sample(features, classes, vehicles, first.astype(np.float64), first, count=3, balance=0.5)
    fitted = fit_head(sample, AttributesRecipe(folds=2, penalties=(0.1,), others=0))
    assert np.isfinite(fitted.head.weight).all()
    assert fitted.head.bias[2] == UNSEEN
    assert fitted.score.accuracy == 1


def test_directions_are_those_in_which_pictures_differ_most() -> None:
    """Of columns that vary alike, two in step and one alone, the two in step are the first direction."""
    step, alone = np.array([1, -1, 1, -1]), np.array([1, 1, -1, -1])
    features = np.stack([5 + step, 2 * step, 3 * alone], axis=1).astype(np.float32)
    found = Directions.of(features, np.ones(4, np.bool_), 1)
    np.testing.assert_allclose(found.center, [5, 0, 0])
    np.testing.assert_allclose(np.abs(found.matrix[:, 0]), [0.5**0.5, 0.5**0.5 / 2, 0], atol=1e-6)
    np.testing.assert_allclose(np.abs(found.apply(features)[:, 0]), 2**0.5, rtol=1e-5)


def test_the_layer_gives_the_logits_of_the_heads() -> None:
    random = np.random.default_rng(2)
    directions = Directions(random.normal(size=4).astype(np.float32), random.normal(size=(4, 3)).astype(np.float32))
    made = {
        name: LinearHead(
            random.normal(size=(3, count)).astype(np.float32), random.normal(size=count).astype(np.float32)
        )
        for name, count in (("vehicle_type", 12), ("colour", 11))
    }
    features = random.normal(size=(5, 4)).astype(np.float32)
    moved = directions.apply(features)
    wanted = np.concatenate([made[name].logits(moved) for name in ("vehicle_type", "colour")], axis=1)
    with torch.inference_mode():
        logits = as_module(made, directions).logits(torch.from_numpy(features)).numpy()
    np.testing.assert_allclose(logits, wanted, atol=1e-5)
