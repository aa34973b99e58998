"""A linear layer that begins as a discriminant projection."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.datasets.reid import ReidTable
from ml.datasets.reid.table import UNKNOWN
from ml.reid.models import ModelConfig, ReidNetwork
from ml.reid.training.checkpoint import WEIGHTS
from ml.reid.training.projecting import pooled_features, project
from ml.reid.training.recipe import ProjectionConfig, ReidRecipe, ScheduleConfig
from ml.reid.training.trainer import train_reid
from ml.types import UserError
from tests.unit.ml.reid.training.painted import painted_set, painted_table, tiny_recipe

CPU = torch.device("cpu")
MODEL = ModelConfig(backbone="osnet-x0.25", last_stride=2, neck="vehiclenet", size=3, retrieve="before")
FITTED = ProjectionConfig(fit=True)


def closed_form(**changes: object) -> ReidRecipe:
    return tiny_recipe(**{"model": MODEL, "projection": FITTED, "schedule": ScheduleConfig(epochs=0), **changes})


@pytest.fixture
def network() -> ReidNetwork:
    torch.manual_seed(3)
    return ReidNetwork(MODEL).eval()


def test_pictures_are_followed_by_their_mirror_images(network: ReidNetwork, tmp_path: Path) -> None:
    table = painted_table(tmp_path, range(2), each=1)
    found = pooled_features(network, table, side=32, device=CPU)
    assert found.shape == (8, network.backbone.channels)
    assert not np.allclose(found[:4], found[4:])


def test_views_of_a_vehicle_lie_close_after_it(network: ReidNetwork, tmp_path: Path) -> None:
    table = painted_table(tmp_path, range(6))

    def spread() -> float:
        """Mean distance within a vehicle, in mean distances between any two pictures."""
        with torch.inference_mode():
            made = network.reduce(torch.from_numpy(pooled_features(network, table, side=32, device=CPU)[: len(table)]))
        distances = torch.cdist(made, made).numpy()
        same = table.identity[:, None] == table.identity[None, :]
        return float(distances[same].mean() / distances.mean())

    before = spread()
    project(network, table, FITTED, side=32, device=CPU)
    assert spread() < before / 2


def test_domains_after_the_first_count_by_their_share(network: ReidNetwork, tmp_path: Path) -> None:
    real = painted_table(tmp_path / "real", range(4))
    both = ReidTable.union([real, painted_table(tmp_path / "rendered", range(20, 24), domain="rendered")])

    def layer(table: ReidTable, others: float) -> torch.Tensor:
        project(network, table, replace(FITTED, others=others), side=32, device=CPU)
        assert isinstance(network.reduce, torch.nn.Linear)
        return network.reduce.weight.detach().abs().clone()

    torch.testing.assert_close(layer(both, 0.0), layer(real, 0.2), rtol=1e-3, atol=1e-4)
    assert not torch.allclose(layer(both, 1.0), layer(real, 0.2), rtol=1e-2)


def test_a_neck_without_a_linear_layer_is_refused(tmp_path: Path) -> None:
    plain = ReidNetwork(replace(MODEL, neck="plain"))
    with pytest.raises(UserError, match="vehiclenet"):
        project(plain, painted_table(tmp_path, range(2)), FITTED, side=32, device=CPU)


def test_training_without_epochs_writes_the_projection_and_says_whom_it_saw(tmp_path: Path) -> None:
    data = painted_set(tmp_path)
    report = train_reid(data, closed_form(), tmp_path / "out", device="cpu")
    assert (tmp_path / "out" / WEIGHTS).is_file()
    assert report["learned"] == {
        "pictures": 24,
        "vehicles": 6,
        "numbers": {"real": [0, 1, 2, 3, 4, 5], "rendered": []},
        "mined": 0,
    }
    assert report["test"] is not None


def test_a_set_that_keeps_its_vehicles_back_has_no_score(tmp_path: Path) -> None:
    """All its pictures are of vehicle -1, which would make every ranking right."""
    data = painted_set(tmp_path)
    nobody = np.full(len(data.gallery), UNKNOWN)
    hidden = replace(data, gallery=replace(data.gallery, identity=nobody), query=replace(data.query, identity=nobody))
    assert train_reid(hidden, closed_form(), tmp_path / "out", device="cpu")["test"] is None


def test_no_epochs_and_nothing_fitted_is_refused() -> None:
    with pytest.raises(UserError, match="epochs"):
        closed_form(projection=ProjectionConfig())
