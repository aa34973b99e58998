from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml.reid.fit_projection import read_labels
from ml.reid.projection import LabelledFeatures, Projection, fit_projection
from ml.types import UserError


def domain(rng: np.random.Generator, vehicles: int, *, shift: float = 0) -> LabelledFeatures:
    """Vehicles differ along the first axis; what varies most, along the second, says nothing of the vehicle."""
    identity = np.repeat(np.arange(vehicles), 10)
    features = np.column_stack(
        (
            identity + rng.normal(0, 0.1, len(identity)),
            rng.normal(0, 50, len(identity)),
            rng.normal(0, 1, len(identity)),
        )
    )
    return LabelledFeatures((features + shift).astype(np.float32), identity)


def test_the_direction_that_tells_vehicles_apart_is_found() -> None:
    rng = np.random.default_rng(4)

    projection = fit_projection([domain(rng, 8), domain(rng, 8, shift=100)], size=1, shrinkage=1e-6)

    direction = np.abs(projection.matrix[:, 0]) / np.linalg.norm(projection.matrix[:, 0])
    assert direction[0] > 0.99
    assert projection.size == 1


def test_projection_by_hand() -> None:
    projection = Projection(np.array([1, 0], np.float32), np.array([[3, 0], [0, 2]], np.float32))

    # (2, 2) - (1, 0) = (1, 2) -> (3, 4) -> (0.6, 0.8)
    np.testing.assert_allclose(projection.apply(np.array([[2, 2]], np.float32)), [[0.6, 0.8]])


def test_stored_projection_is_read_back_unchanged(tmp_path: Path) -> None:
    stored = fit_projection([domain(np.random.default_rng(1), 5)], size=2, shrinkage=0.1)

    stored.save(tmp_path / "projection.npz")
    read = Projection.load(tmp_path / "projection.npz")

    np.testing.assert_array_equal(read.mean, stored.mean)
    np.testing.assert_array_equal(read.matrix, stored.matrix)


def test_more_directions_than_images_are_refused() -> None:
    few = LabelledFeatures(np.ones((3, 5), np.float32), np.arange(3))

    with pytest.raises(UserError, match="3 images"):
        fit_projection([few], size=4, shrinkage=0.1)


def test_labels_are_read_whatever_the_encoding_says(tmp_path: Path) -> None:
    path = tmp_path / "train_label.xml"
    path.write_bytes(
        b'<?xml version="1.0" encoding="gb2312"?>\n<TrainingImages Version="1.0">\n<Items number="2">'
        b'<Item cameraID="c026" imageName="000001.jpg" vehicleID="0347"/>\n'
        b'<Item imageName="000002.jpg" vehicleID="0012" cameraID="c001" />\n</Items></TrainingImages>'
    )

    assert read_labels(path) == [("000001.jpg", 347), ("000002.jpg", 12)]

    path.write_text("<Items/>")
    with pytest.raises(UserError, match="lists no Item"):
        read_labels(path)


def test_an_image_counts_by_its_domain_s_weight() -> None:
    rng = np.random.default_rng(6)
    one, other = domain(rng, 8), domain(rng, 8)
    twice = LabelledFeatures(
        np.concatenate([other.features, other.features]), np.concatenate([other.vehicles, other.vehicles])
    )

    weighted = fit_projection([one, replace(other, weight=2.0)], size=2, shrinkage=0.1)
    repeated = fit_projection([one, twice], size=2, shrinkage=0.1)

    np.testing.assert_allclose(np.abs(weighted.matrix), np.abs(repeated.matrix), rtol=1e-4)


def test_a_direction_counts_by_what_of_it_lies_between_vehicles() -> None:
    # Two vehicles. First axis: -2, -2, 2, 2, each 1 off to either side: S_w 1, S_t 1 + 4 = 5. Second axis: all of it
    # within, S_w = S_t = 1. Without shrinkage lambda is 5 and 1, w is (1, 0) and (0, 1); the weights are
    # sqrt(1 - 1/5) = sqrt(0.8) and 0.
    features = np.array([[-3, 1], [-1, 1], [-3, -1], [-1, -1], [1, 1], [3, 1], [1, -1], [3, -1]], np.float32)
    labelled = LabelledFeatures(features, np.repeat([0, 1], 4))

    found = fit_projection([labelled], size=2, shrinkage=0.0, weighed=True)

    np.testing.assert_allclose(np.abs(found.matrix), [[np.sqrt(0.8), 0], [0, 0]], atol=1e-3)
