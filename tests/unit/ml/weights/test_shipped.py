"""What is said of the embedding, its scatter and the heads for type and colour that come with the project is true of
them.
"""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ml.reid
from ml.config import config_from, read_yaml
from ml.datasets.reid import read_reid
from ml.reid.config import ATTRIBUTES, LEVELS, SCATTER
from ml.reid.models.heads import fit_together, load_heads
from ml.reid.models.weights import load_network, read_card
from ml.reid.training.adapting import prior_of
from ml.reid.training.attributes import AttributesRecipe
from ml.reid.training.recipe import ReidRecipe
from ml.types import Double1D, Double2D
from ml.weights import card, checksum, resolve
from ml.weights.store import committed_folder

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
RECIPES = Path(ml.reid.__file__).parent / "recipes"
RECIPE = RECIPES / "levels.yaml"
LIMITS = {LEVELS: 10e6, ATTRIBUTES: 1e6, SCATTER: 5e6}


def said_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((committed_folder() / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    return said_of(LEVELS)


@pytest.mark.parametrize("name", LIMITS)
def test_the_file_is_the_one_that_is_spoken_of(name: str) -> None:
    said, path = said_of(name), resolve(name)
    assert path.name == said["weights"] == card(name).file_name
    assert checksum(path) == said["sha256"] == card(name).sha256
    assert path.stat().st_size == card(name).size
    assert path.stat().st_size < LIMITS[name]


def test_the_heads_were_made_by_the_recipe_beside_them_for_the_embedding() -> None:
    path = RECIPES / "attributes.yaml"
    recipe = config_from(AttributesRecipe, read_yaml(path), str(path))
    assert config_from(AttributesRecipe, said_of(ATTRIBUTES)["recipe"], "card") == recipe
    network, embedding = load_network(resolve(LEVELS))
    assert fit_together(network, embedding.input_size, load_heads(resolve(ATTRIBUTES))[1])


def test_the_scatter_is_of_what_the_embedding_pools() -> None:
    """In the directions that it compares by vehicles differ more than pictures of one vehicle do; in any others not."""
    path = RECIPES / "scene-adapt.yaml"
    recipe = config_from(ReidRecipe, read_yaml(path), str(path))
    network, embedding = load_network(resolve(LEVELS))
    assert recipe.model == embedding.model
    prior = prior_of(network, embedding.input_size, recipe.adapt)

    def between_to_within(directions: Double2D) -> Double1D:
        within = (directions * (prior.scatter.within @ directions)).sum(axis=0)
        ratios: Double1D = np.square(prior.scatter.between @ directions).sum(axis=0) / within
        return ratios

    shipped = network.state_dict()["reduce.weight"].numpy().T * prior.scale[:, None]
    others = np.random.default_rng(0).normal(size=shipped.shape)
    assert between_to_within(shipped).min() > 1
    assert between_to_within(others).max() < 1


def test_it_was_made_by_the_recipe_beside_it(said: dict[str, Any]) -> None:
    recipe = config_from(ReidRecipe, read_yaml(RECIPE), str(RECIPE))
    assert config_from(ReidRecipe, said["recipe"], "card") == recipe
    made = read_card(resolve(LEVELS))
    assert (made.model, made.input_size, made.recipe) == (recipe.model, recipe.input_size, recipe.name)


@pytest.mark.parametrize("name", LIMITS)
def test_they_learned_from_no_vehicle_that_they_are_tested_on(name: str) -> None:
    folder = SHARED / "city_a_reid"
    if not folder.is_dir():
        pytest.skip("the benchmark city's pictures are not beside the repository")
    numbers = said_of(name)["learned"]["numbers"]
    data, learned = read_reid(folder), {part: set(ids) for part, ids in numbers.items()}
    real, rendered = (set(table.identity.tolist()) for table in (data.train, data.synthetic))
    tested = {*data.query.identity.tolist(), *data.gallery.identity.tolist()}

    assert learned == {"real": real, "rendered": rendered}
    assert len(tested) == 141
    assert not tested & (learned["real"] | learned["rendered"])


@pytest.mark.parametrize("name", LIMITS)
def test_they_learned_from_no_vehicle_of_the_benchmark_city_s_videos(name: str) -> None:
    table = SHARED / "city_a" / "vehicles.csv"
    if not table.is_file():
        pytest.skip("the benchmark city's videos are not beside the repository")
    with table.open(encoding="utf-8") as stream:
        driving = {int(row["id"]) for row in csv.DictReader(stream)}

    assert len(driving) == 137
    numbers = said_of(name)["learned"]["numbers"]
    assert not driving & {*numbers["real"], *numbers["rendered"]}


def test_its_score_is_well_above_that_of_plain_imagenet_features(said: dict[str, Any]) -> None:
    page = (committed_folder().parents[1] / "docs" / "benchmarks" / "reid.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| (?P<title>[^|]+) \| (?P<map>[0-9.]+) \|", re.MULTILINE)
    scores = {match["title"]: float(match["map"]) for match in row.finditer(page)}
    (floor,) = (score for title, score in scores.items() if "the floor" in title)
    (shipped,) = (score for title, score in scores.items() if LEVELS in title)

    assert shipped >= floor + 0.2
    assert shipped == pytest.approx(said["test"]["map"], abs=0.003)  # the file's 16 bits move a rank here and there
