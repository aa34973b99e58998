"""Pseudo labels of another domain, each part by hand and all of it on a drawn set."""

from typing import Any

import numpy as np
import pytest

from ml.reid import adaptation
from ml.reid.adaptation import PseudoLabelConfig, pseudo_labels
from ml.types import UserError
from tests.unit.ml.reid.test_mining import directions

BARE = PseudoLabelConfig(camera_bias="mean", alpha=0.0, own=1.0, jaccard=0.0, eps=0.1, least=2)
ALONE = np.full(5, -1)
ONE_CAMERA = np.zeros(5, np.int32)


def changed(**settings: object) -> PseudoLabelConfig:
    names = ("camera_bias", "fusion", "alpha", "own", "k1", "k2", "jaccard", "eps", "least")
    return PseudoLabelConfig(**{**{name: getattr(BARE, name) for name in names}, **settings})


def test_pictures_within_reach_are_of_one_cluster_and_lonely_ones_of_none() -> None:
    # 1 - cos 10 = 0.015 and 1 - cos 5 = 0.004 are within 0.1; 200 is far from all.
    labels = pseudo_labels(directions(0, 10, 90, 95, 200), ONE_CAMERA, ALONE, BARE)
    assert labels.tolist() == [0, 0, 1, 1, -1]


def test_pictures_of_a_tracklet_move_towards_its_mean() -> None:
    # 0 and 80 are one passage, its mean at 40 with length cos 40 = 0.77. At 0.3 of its own each picture is
    # 0.3 sin 40 = 0.19 beside that direction, 14 degrees; so they are 28 apart: 1 - cos 28 = 0.12, as against 0.83.
    features, tracklets = directions(0, 80, 170, 250, 310), np.array([1, 1, -1, -1, -1])
    assert pseudo_labels(features, ONE_CAMERA, tracklets, changed(eps=0.13)).tolist() == [-1] * 5
    assert pseudo_labels(features, ONE_CAMERA, tracklets, changed(eps=0.13, own=0.3)).tolist() == [0, 0, -1, -1, -1]
    assert pseudo_labels(features, ONE_CAMERA, tracklets, changed(eps=0.11, own=0.3)).tolist() == [-1] * 5


def test_what_a_camera_adds_to_all_its_pictures_is_taken_off() -> None:
    # Vehicles at +1 and -1 on the first axis; camera 0 adds 3 on the second, camera 1 on the third. As they are,
    # pictures of a camera are 1 - 8/10 = 0.2 apart and those of a vehicle 1 - 1/10 = 0.9; without the camera's mean 2
    # and 0.
    features = np.array([[1, 3, 0], [-1, 3, 0], [1, 0, 3], [-1, 0, 3]], np.float32)
    cameras, alone = np.array([0, 0, 1, 1], np.int32), np.full(4, -1)
    assert pseudo_labels(features, cameras, alone, changed(eps=0.3)).tolist() == [0, 0, 1, 1]
    assert pseudo_labels(features, cameras, alone, changed(eps=0.3, alpha=1.0)).tolist() == [0, 1, 0, 1]


def test_pictures_compared_in_parts_give_the_same_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    features = (np.repeat(rng.normal(0, 1, (5, 8)), 8, axis=0) + rng.normal(0, 0.3, (40, 8))).astype(np.float32)
    cameras, alone, config = np.tile([0, 1], 20).astype(np.int32), np.full(40, -1), changed(jaccard=0.5, k1=8, eps=0.3)
    whole = pseudo_labels(features, cameras, alone, config)

    monkeypatch.setattr(adaptation, "ROWS", 7)

    assert pseudo_labels(features, cameras, alone, config).tolist() == whole.tolist()
    assert len(set(whole.tolist())) > 2


@pytest.mark.parametrize(
    ("config", "noise"),
    [(PseudoLabelConfig(camera_bias="mean"), 0.3), (PseudoLabelConfig(), 0.003)],
    ids=["mean", "fusion"],
)
def test_vehicles_are_found_again_over_cameras(config: PseudoLabelConfig, noise: float) -> None:
    rng = np.random.default_rng(0)
    vehicles, cameras = np.repeat(np.arange(6), 40), np.tile(np.repeat([0, 1], 20), 6).astype(np.int32)
    looks, places = rng.normal(0, 1, (6, 32)), rng.normal(0, 1, (2, 32))
    features = (looks[vehicles] + places[cameras] + rng.normal(0, noise, (240, 32))).astype(np.float32)

    labels = pseudo_labels(features, cameras, vehicles * 2 + cameras, config)

    pairs = {(label, vehicle) for label, vehicle in zip(labels.tolist(), vehicles.tolist(), strict=True)}
    assert pairs == {(number, number) for number in range(6)}


@pytest.mark.parametrize("settings", [{"camera_bias": "none"}, {"jaccard": 1.1}, {"eps": -0.1}, {"least": 0}])
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(UserError):
        changed(**settings)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"features": np.full((4, 2), np.nan, np.float32)}, "not-a-number"),
        ({"features": np.ones(4, np.float32)}, "wrong-shape"),
        ({"features": np.zeros((0, 2), np.float32)}, "empty-set"),
        ({"cameras": np.zeros(3, np.int32)}, "wrong-shape"),
        ({"cameras": np.full(4, -1, np.int32)}, "unknown-camera"),
        ({"tracklets": np.zeros(3, np.int64)}, "wrong-shape"),
    ],
)
def test_pictures_that_cannot_be_clustered_are_refused(wrong: dict[str, Any], code: str) -> None:
    sound = {"features": np.eye(4, 2, dtype=np.float32), "cameras": np.zeros(4, np.int32), "tracklets": np.arange(4)}

    with pytest.raises(UserError) as refused:
        pseudo_labels(**{**sound, **wrong}, config=PseudoLabelConfig())

    assert refused.value.code == code
