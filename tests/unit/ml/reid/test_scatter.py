"""What is kept of many pictures' features, and the projection that is fitted to it."""

from pathlib import Path

import numpy as np
import pytest

from ml.reid.projection import LabelledFeatures, fit_projection
from ml.reid.scatter import Prior, PriorCard, Scatter, load_prior, save_prior
from ml.types import UserError

RNG = np.random.default_rng(5)


def pictures(vehicles: int, each: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    owners = np.repeat(np.arange(vehicles), each)
    return RNG.normal(0, 2, (vehicles, size))[owners] + RNG.normal(0, 1, (len(owners), size)), owners


def prior(size: int = 6) -> Prior:
    features, owners = pictures(9, 4, size)
    scatter = Scatter.of(features, owners, np.ones(len(owners)))
    ones = np.ones(size, np.float32)
    return Prior(scatter, features.mean(axis=0).astype(np.float32), ones, PriorCard("b", 144, "d", scatter.weight))


def test_scatter_by_hand() -> None:
    """Vehicle 0 at 1 and 3, vehicle 1 at 8, which counts twice: means 2 and 8, of all (1 + 3 + 2 * 8) / 4 = 5."""
    found = Scatter.of(np.array([[1.0], [3.0], [8.0]]), np.array([0, 0, 1]), np.array([1.0, 1.0, 2.0]))
    assert found.within.tolist() == [[2.0]]
    np.testing.assert_allclose(found.between, np.sqrt(2) * np.array([[-3.0], [3.0]]))
    assert found.weight == 4


def test_direction_by_hand() -> None:
    """mu = (36 / 4) / (2 / 4 + 0.5) = 9; w of length 1 counts by sqrt(9 / 10)."""
    found = Scatter.of(np.array([[1.0], [3.0], [8.0]]), np.array([0, 0, 1]), np.array([1.0, 1.0, 2.0]))
    np.testing.assert_allclose(np.abs(found.directions(1, ridge=0.5)), [[np.sqrt(0.9)]])


def test_spread_by_hand() -> None:
    """1 and 3 (vehicle 0) and twice 8 (vehicle 1): (2 + 4 * 9) / 4 = 9.5 about 5; in direction 2 four times that."""
    found = Scatter.of(np.array([[1.0], [3.0], [8.0]]), np.array([0, 0, 1]), np.array([1.0, 1.0, 2.0]))
    np.testing.assert_allclose(found.spread(np.array([[1.0, 2.0]], np.float32)), [[9.5, 19], [19, 38]])


def test_what_two_fits_agree_on_counts_twice_as_much_as_what_one_says() -> None:
    """Along x both look, along y and z one each; pictures vary by 1, 2 and 0.5 along these, x counts twice and z is
    what two values have no room for. With the same fit twice nothing but the length changes.
    """
    axes = np.sqrt(2 * np.diag([1.0, 2.0, 0.5]))
    scatter = Scatter.of(np.concatenate((axes, -axes)), np.zeros(6, np.int64), np.full(6, 0.5))
    first, second = np.eye(3, dtype=np.float32)[:, [0, 1]], np.eye(3, dtype=np.float32)[:, [0, 2]]
    found = scatter.averaged(first, second)
    np.testing.assert_allclose(found @ found.T, np.diag([2, 1, 0]), atol=1e-6)
    same = scatter.averaged(first, first)
    np.testing.assert_allclose(same @ same.T, 2 * first @ first.T, atol=1e-6)


@pytest.mark.parametrize("vehicles", [5, 20])
def test_with_hardly_any_ridge_it_is_the_projection_of_the_pictures(vehicles: int) -> None:
    """Whether there are fewer vehicles than values or more."""
    features, owners = pictures(vehicles, 6, 10)
    ours = Scatter.of(features, owners, np.ones(len(owners))).directions(3, ridge=1e-9)
    theirs = fit_projection([LabelledFeatures(features, owners)], size=3, shrinkage=1e-9, weighed=True).matrix
    np.testing.assert_allclose(np.abs(ours / theirs), 1, rtol=1e-4)


def test_pictures_that_count_twice_are_pictures_that_are_there_twice() -> None:
    features, owners = pictures(4, 3, 5)
    ones = np.ones(len(owners))
    twice = Scatter.of(np.tile(features, (2, 1)), np.tile(owners, 2), np.tile(ones, 2))
    for other in (Scatter.of(features, owners, 2 * ones), Scatter.of(features, owners, ones).times(2)):
        np.testing.assert_allclose(other.within, twice.within, rtol=1e-4)
        np.testing.assert_allclose(other.between, twice.between)
        assert other.weight == twice.weight


def test_parts_are_added_each_around_its_own_mean() -> None:
    features, owners = pictures(4, 3, 5)
    one = Scatter.of(features, owners, np.ones(12))
    moved = Scatter.of(features + 100, owners, np.ones(12))
    both = Scatter.united([one, moved])
    np.testing.assert_allclose(both.within, 2 * one.within, rtol=1e-4)
    np.testing.assert_allclose(both.between.T @ both.between, 2 * one.between.T @ one.between)
    assert both.weight == 24


def test_more_directions_than_vehicles_span_are_refused() -> None:
    features, owners = pictures(3, 4, 8)
    with pytest.raises(UserError, match="3 vehicles in 8 values cannot fix 4 directions"):
        Scatter.of(features, owners, np.ones(12)).directions(4, ridge=0.1)


def test_a_prior_is_read_back_from_its_file(tmp_path: Path) -> None:
    """With all directions kept nothing but the 16 bits is lost; with one the variances still are right."""
    known = prior()
    for rank in (6, 1):
        save_prior(known, tmp_path / "prior.safetensors", rank=rank)
        read = load_prior(tmp_path / "prior.safetensors")
        whole = np.allclose(read.scatter.within, known.scatter.within, rtol=0.02, atol=0.5)
        assert whole == (rank == 6)
        np.testing.assert_allclose(np.diag(read.scatter.within), np.diag(known.scatter.within), rtol=0.01)
        np.testing.assert_allclose(read.scatter.between, known.scatter.between, rtol=0.01, atol=0.01)
        assert read.card == known.card
        assert read.variance == pytest.approx(known.variance, rel=0.01)


def test_what_is_no_prior_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="check the path"):
        load_prior(tmp_path / "none")
    (tmp_path / "text").write_text("no tensors")
    with pytest.raises(UserError, match="not a safetensors file"):
        load_prior(tmp_path / "text")
