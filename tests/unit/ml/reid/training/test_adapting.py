"""A projection fitted to few labelled pictures and to what was learned before."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.datasets.reid import ReidSet
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.models.heads import backbone_digest
from ml.reid.models.weights import WeightsCard, load_network, save_network
from ml.reid.projection import Projection
from ml.reid.scatter import Prior, PriorCard, Scatter, save_prior
from ml.reid.training.adapting import Fit, Labelled, held_scores, prior_alone, prior_of
from ml.reid.training.checkpoint import METRICS, WEIGHTS
from ml.reid.training.projecting import pooled_features, value_scale
from ml.reid.training.recipe import AdaptConfig, ProjectionConfig, ReidRecipe, ScheduleConfig
from ml.reid.training.trainer import train_reid
from ml.types import Float2D, UserError
from tests.unit.ml.reid.training.painted import painted_set, painted_table, tiny_recipe

CPU = torch.device("cpu")
MODEL = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=3, retrieve="before")
TRIED = (0.0, 1.0)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights and, beside them, the prior of six other vehicles."""
    folder = tmp_path_factory.mktemp("start")
    torch.manual_seed(3)
    network = ReidNetwork(MODEL).eval()
    save_network(network, WeightsCard(MODEL, 32, "start", "none"), folder / "start.safetensors")
    table = painted_table(folder / "known", range(50, 56))
    pooled = pooled_features(network, table, side=32, device=CPU)
    scale = value_scale(pooled, np.zeros(len(pooled), np.int32))
    scatter = Scatter.of(pooled / scale, np.tile(table.identity, 2), np.ones(len(pooled)))
    card = PriorCard(backbone_digest(network), 32, "known", scatter.weight)
    save_prior(Prior(scatter, (pooled / scale).mean(axis=0), scale, card), folder / "prior.safetensors", rank=20)
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> ReidSet:
    return painted_set(tmp_path_factory.mktemp("painted"))


def recipe(start: Path, **changes: object) -> ReidRecipe:
    adapt = AdaptConfig(prior=str(start / "prior.safetensors"), weights=TRIED, folds=3)
    settings = {"start": str(start / "start.safetensors"), "model": MODEL, "adapt": adapt}
    return tiny_recipe(**{**settings, "schedule": ScheduleConfig(epochs=0), **changes})


def test_what_comes_out_is_fitted_to_both_and_says_how_each_weight_did(
    data: ReidSet, start: Path, tmp_path: Path
) -> None:
    report = train_reid(data, recipe(start), tmp_path, device="cpu")
    lines = [json.loads(line) for line in (tmp_path / METRICS).read_text().splitlines()]
    assert [(line["step"], line["weight"]) for line in lines] == [(0, 0.0), (1, 1.0)]
    found = [line["held"]["map"] for line in lines]
    assert report["weight"] == TRIED[int(np.argmax(found))]
    before, after = (load_network(path)[0].state_dict() for path in (start / "start.safetensors", tmp_path / WEIGHTS))
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert changed == {"reduce.weight", "reduce.bias"}


def test_done_again_it_is_the_same_to_the_last_bit(data: ReidSet, start: Path, tmp_path: Path) -> None:
    made = []
    for _ in range(2):  # the second time on top of what the first has left
        train_reid(data, recipe(start), tmp_path, device="cpu")
        made.append([(tmp_path / name).read_bytes() for name in (WEIGHTS, METRICS)])
    assert made[0] == made[1]


def labelled(data: ReidSet, start: Path) -> tuple[Labelled, Prior, AdaptConfig]:
    network, config = load_network(start / "start.safetensors")[0], recipe(start).adapt
    prior = prior_of(network, 32, config)
    return Labelled.of(pooled_features(network, data.train, side=32, device=CPU), data.train, prior), prior, config


def test_pictures_that_count_nothing_leave_what_the_prior_says(data: ReidSet, start: Path) -> None:
    pictures, prior, config = labelled(data, start)
    alone = prior_alone(prior, config, 3)
    np.testing.assert_array_equal(alone.matrix, prior.scatter.directions(3, ridge=config.shrinkage * prior.variance))
    fit = Fit(pictures, np.ones(len(data.train), np.bool_), prior, config)
    assert fit.projection(0.0, alone) is alone
    hardly = fit.projection(1e-9, alone)
    np.testing.assert_array_equal(hardly.mean, prior.mean)
    np.testing.assert_allclose(cosines(hardly, pictures), cosines(alone, pictures), atol=1e-3)


def test_nearly_all_is_kept_of_what_the_prior_and_the_fit_to_both_say(data: ReidSet, start: Path) -> None:
    """Five values beside the ten of the two side by side."""
    pictures, prior, config = labelled(data, start)
    alone = prior_alone(prior, config, 5)
    features, vehicles = pictures.features, np.tile(pictures.table.identity, 2)
    own = Scatter.of(features, vehicles, np.ones(len(features)))
    both = Scatter.united([prior.scatter, own.times(2.0)]).directions(5, ridge=config.shrinkage * prior.variance)
    side_by_side = (features - prior.mean) @ np.concatenate((alone.matrix, both), axis=1)
    found = Fit(pictures, np.ones(len(data.train), np.bool_), prior, config).projection(2.0, alone)
    kept = np.linalg.norm((features - prior.mean) @ found.matrix) / np.linalg.norm(side_by_side)
    assert 0.95 < kept <= 1


def test_a_vehicle_of_one_camera_is_told_apart_but_not_looked_for(data: ReidSet, start: Path) -> None:
    """Its pictures change the fit, and no score counts it."""
    pictures, prior, config = labelled(data, start)
    lone = np.where(data.train.identity == 0, data.train.camera[0], data.train.camera)
    pictures = replace(pictures, table=replace(pictures.table, camera=lone))
    alone = prior_alone(prior, config, 3)
    with_it, without = (
        Fit(pictures, rows, prior, config).projection(1.0, alone).matrix
        for rows in (np.ones(len(lone), np.bool_), data.train.identity > 0)
    )
    assert not np.array_equal(with_it, without)
    assert [score.scored for score in held_scores(pictures, prior, config, size=3)] == [10, 10]


def test_asked_to_stop_when_only_vehicles_of_one_camera_had_their_turn_nothing_was_tried(
    data: ReidSet, start: Path
) -> None:
    pictures, prior, config = labelled(data, start)
    config = replace(config, folds=100)  # each vehicle has a turn of its own
    shuffled = np.random.default_rng(config.seed).permutation(np.unique(data.train.identity))
    lone = np.where(data.train.identity == shuffled[0], data.train.camera[0], data.train.camera)
    pictures, asked = replace(pictures, table=replace(pictures.table, camera=lone)), iter([False])
    assert held_scores(pictures, prior, config, size=3, enough=lambda: next(asked, True)) == []


def cosines(projection: Projection, pictures: Labelled) -> Float2D:
    made = projection.apply(pictures.plain())
    return made @ made.T


def test_no_vehicle_is_looked_for_by_what_learned_from_it(data: ReidSet, start: Path) -> None:
    """With a fold for each vehicle, what a vehicle's own pictures look like does not change how the others' fit."""
    pictures, prior, config = labelled(data, start)
    own, alone = data.train.identity == 0, prior_alone(prior, config, 3)
    fits = []
    for shift in (0.0, 100.0):
        moved = replace(pictures, features=pictures.features + shift * np.tile(own, 2)[:, None])
        fits.append(Fit(moved, ~own, prior, config).projection(1.0, alone).matrix)
    np.testing.assert_array_equal(fits[0], fits[1])
    scores = held_scores(pictures, prior, replace(config, folds=100), size=3)
    assert [score.scored for score in scores] == [12, 12]  # six vehicles in two cameras


@pytest.mark.parametrize(("folds", "lines"), [(0, 0), (1, 2)])
def test_asked_to_stop_it_keeps_the_best_of_what_was_tried(
    data: ReidSet, start: Path, tmp_path: Path, folds: int, lines: int
) -> None:
    asked = iter([False] * folds)
    report = train_reid(data, recipe(start), tmp_path, device="cpu", enough=lambda: next(asked, True))
    tried = (tmp_path / METRICS).read_text().splitlines() if (tmp_path / METRICS).exists() else []
    assert len(tried) == lines
    before, after = (load_network(path)[0].state_dict() for path in (start / "start.safetensors", tmp_path / WEIGHTS))
    if lines:
        found = [json.loads(line)["held"]["map"] for line in tried]
        assert report["weight"] == TRIED[int(np.argmax(found))]
    else:
        assert report["weight"] == 0.0
        assert all(torch.equal(value, before[name]) for name, value in after.items())


def test_pictures_are_held_in_32_bits(data: ReidSet, start: Path) -> None:
    pictures, _, _ = labelled(data, start)
    assert pictures.features.dtype == pictures.plain().dtype == np.float32


def test_a_model_with_another_backbone_is_refused(data: ReidSet, start: Path, tmp_path: Path) -> None:
    torch.manual_seed(4)
    save_network(ReidNetwork(MODEL), WeightsCard(MODEL, 32, "other", "none"), tmp_path / "other.safetensors")
    other = replace(recipe(start), start=str(tmp_path / "other.safetensors"))
    with pytest.raises(UserError, match="begin with the model that comes with Crosstrack") as error:
        train_reid(data, other, tmp_path / "out", device="cpu")
    assert error.value.code == "prior-differs"


def test_settings_that_do_not_go_together_are_refused(start: Path) -> None:
    with pytest.raises(UserError, match=r"schedule\.epochs"):
        recipe(start, schedule=ScheduleConfig(epochs=1))
    with pytest.raises(UserError, match=r"projection\.fit"):
        recipe(start, projection=ProjectionConfig(fit=True))
    for wrong in ({"weights": ()}, {"weights": (-1.0,)}, {"folds": 1}, {"shrinkage": 0.0}):
        with pytest.raises(UserError, match=next(iter(wrong))):
            AdaptConfig(**wrong)
