"""A set of painted vehicles, small enough to train on in a test."""

from __future__ import annotations

import colorsys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ml.datasets.reid import ReidSet, ReidTable
from ml.reid.augment import AugmentConfig
from ml.reid.models import ModelConfig
from ml.reid.training.recipe import BatchConfig, DataConfig, OptimizerConfig, ReidRecipe, ScheduleConfig

CAMERAS = ("c1", "c2")
GOLDEN = 0.618034  # steps of it around the circle of hues keep neighbours apart


def painted_table(
    folder: Path, identities: range, *, each: int = 2, cameras: int = 2, domain: str = "own"
) -> ReidTable:
    """Vehicles of one colour each, seen `each` times by each of `cameras` (1 or 2, the second darker); PNG files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, owners, seen_by = [], [], []
    for identity in identities:
        colour = np.array(colorsys.hsv_to_rgb(identity * GOLDEN % 1, 0.8, 0.9)) * 255
        for camera in range(cameras):
            for number in range(each):
                noise = np.random.default_rng((identity, camera, number)).normal(0, 12, (24, 30, 3))
                picture = np.clip(colour * (1 - 0.3 * camera) + noise, 0, 255).astype(np.uint8)
                paths.append(folder / f"{identity:04d}_{camera}_{number}.png")
                assert cv2.imwrite(str(paths[-1]), picture)
                owners.append(identity)
                seen_by.append(camera)
    return ReidTable.of(paths, owners, domain=domain, cameras=CAMERAS, camera=seen_by)


def painted_set(folder: Path, *, vehicles: int = 6) -> ReidSet:
    """Training pictures of `vehicles` vehicles; queries and gallery of four others; nothing rendered."""
    test = painted_table(folder / "test", range(100, 104))
    first = np.arange(len(test)) % 2 == 0
    nothing = test.take(np.zeros(len(test), np.bool_))
    train = painted_table(folder / "train", range(vehicles))
    return ReidSet("painted", "veri", train, test.take(first), test.take(~first), nothing)


def tiny_recipe(**changes: object) -> ReidRecipe:
    """A few steps of a small network on small pictures."""
    settings: dict[str, Any] = {
        "name": "tiny",
        "start": "none",
        "input_size": 32,
        "model": ModelConfig(backbone="osnet-x0.25", last_stride=2),
        "data": DataConfig(held=0.0),
        "augment": AugmentConfig(pad=2, colour=0.1),
        "batch": BatchConfig(identities=3, pictures=2),
        "optimizer": OptimizerConfig(learning_rate=0.02),
        "schedule": ScheduleConfig(epochs=2, warmup=0.5),
        "checkpoint_every": 1,
        "threads": 1,
        "workers": 0,
    }
    return ReidRecipe(**{**settings, **changes})
