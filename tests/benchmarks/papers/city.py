"""A trained network in its place in the whole pipeline."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from ml.config import DEFAULT_PRESET, load_preset
from ml.datasets.scene import read_scene
from ml.pipeline.cache import StageCache
from ml.pipeline.run import run_scene
from ml.reid.config import TRAINED, EmbedderConfig


def city_idf1(weights: Path, city: Path, cache: Path) -> float:
    """IDF1, a share, of the default preset on the scene folder `city` with these weights in place of the embedding.

    cache  what all runs have in common, vehicles found and followed, is kept there
    """
    scene, preset = read_scene(city), load_preset(DEFAULT_PRESET)
    config = replace(preset, embedder=EmbedderConfig(name=TRAINED, weights=str(weights), attributes=False))
    with tempfile.TemporaryDirectory() as folder:
        report = run_scene(scene, Path(folder), config=config, cache=StageCache(cache), device="cpu").report
    score = report["score"]
    assert isinstance(score, dict), report["no_score"]
    return float(score["idf1"])
