"""Embeddings on the benchmark city's held vehicles: how well each finds them again, and how fast it is on the CPU.

`python -m tests.benchmarks.reid [NAME=WEIGHTS ...]` writes docs/benchmarks/reid.md; each NAME=WEIGHTS adds the network
that a training left in that file.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, read_picture, read_reid
from ml.evaluation.ranking import Labels, RankingScore, score_ranking
from ml.matching.reranking.chain import Views
from ml.pipeline.reid_ranking import PictureFeatures, embedder_config
from ml.reid import create_embedder
from ml.reid.config import LEVELS
from ml.reid.models import ReidNetwork
from ml.reid.models.weights import read_card
from ml.reid.training.recipe import IDENTITY, ReidRecipe
from ml.types import Float2D
from ml.weights import resolve

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
PAGE = ROOT / "docs" / "benchmarks" / "reid.md"
RECIPES = ROOT / "ml" / "reid" / "recipes"
FLOOR, PROJECTED = "efficientnet-lite0", "efficientnet-lite0-lda"
BODY = 3_371_008  # parameters of EfficientNet-Lite0 without its classifier
CROPS, ROUNDS = 64, 9
PLAIN, FLIPPED = Views(), Views(flip=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: the models whose features are concatenated, and how their pictures are seen."""

    title: str
    models: tuple[str, ...]
    views: Views = PLAIN


def entries(own: Sequence[tuple[str, str]]) -> list[Entry]:
    """The rows that are measured; `own` (name, file of weights) are other trainings."""
    shipped = [
        Entry("ImageNet features (the floor)", (FLOOR,)),
        Entry("ImageNet features, projected (`efficientnet-lite0-lda`)", (PROJECTED,)),
        Entry("recipe `levels`, shipped (`efficientnet-lite0-levels`)", (LEVELS,)),
        Entry("the same, picture and mirror image averaged", (LEVELS,), FLIPPED),
        Entry("ensemble: both projections side by side", (PROJECTED, LEVELS)),
    ]
    return shipped + [
        Entry(f"recipe `{name}`{said}", (path,), views)
        for name, path in own
        for said, views in (("", PLAIN), (", picture and mirror image averaged", FLIPPED))
    ]


def score(features: PictureFeatures, data: ReidSet, entry: Entry) -> RankingScore:
    """Cosine distance over the set's own queries and gallery."""
    source = features.source(data.query, data.gallery)
    pairs = [source(model, entry.views) for model in entry.models]
    query, gallery = (_joined([pair[side] for pair in pairs]) for side in (0, 1))
    labels = [Labels(table.identity, table.camera_names()) for table in (data.query, data.gallery)]
    return score_ranking(1 - query @ gallery.T, *labels)


def _joined(parts: Sequence[Float2D]) -> Float2D:
    joined: Float2D = np.concatenate(parts, axis=1) / np.sqrt(len(parts))
    return joined


def pictures_per_second(rows: Sequence[Entry], data: ReidSet) -> dict[str, float]:
    """Median pictures a second of processor time of each row, the rows turn about in one process."""
    embedders = {model: create_embedder(embedder_config(model), device="cpu") for row in rows for model in row.models}
    pictures = [read_picture(data.query, number) for number in range(CROPS)]
    spent: dict[str, list[float]] = {model: [] for model in embedders}
    for _ in range(ROUNDS + 1):
        for model, embedder in embedders.items():
            started = time.process_time()
            embedder.embed(pictures)
            spent[model].append(time.process_time() - started)
    seconds = {model: statistics.median(times[1:]) for model, times in spent.items()}
    looks = {row.title: 2 if row.views.flip else 1 for row in rows}
    return {row.title: CROPS / (looks[row.title] * sum(seconds[model] for model in row.models)) for row in rows}


def parameters(model: str) -> int:
    """Numbers that a model's vectors come from."""
    if model == FLOOR:
        return BODY
    if model == PROJECTED:
        with np.load(resolve(PROJECTED)) as stored:
            return BODY + sum(int(stored[name].size) for name in stored.files)
    return _size(ReidNetwork(read_card(resolve(model) if model == LEVELS else Path(model)).model))


def _size(network: ReidNetwork) -> int:
    return sum(weight.numel() for weight in network.parameters())


def not_trained(done: Sequence[str]) -> list[str]:
    """A row for every recipe of an embedding that nobody trained here, with the size of its network alone."""
    rows = []
    for path in sorted(RECIPES.glob("*.yaml")):
        settings = read_yaml(path)
        if not isinstance(settings, Mapping) or settings.get("kind") != "reid":
            continue
        recipe = config_from(ReidRecipe, settings, str(path))
        if recipe.data.classes == IDENTITY and recipe.name not in (*done, "levels"):
            with torch.device("meta"):  # shapes without numbers
                size = _size(ReidNetwork(recipe.model))
            rows.append(f"| recipe `{recipe.name}`: not trained here | | | | | | {size / 1e6:.1f} | | |")
    return rows


def page(lines: Sequence[str], own: Sequence[str]) -> str:
    """The whole page, its table's rows being `lines`; `own` are the names that the command was given."""
    command = " ".join(["python -m tests.benchmarks.reid", *(f"{name}=WEIGHTS" for name in own)])
    return INTRO.format(command=command, rounds=ROUNDS) + "\n".join(lines) + "\n" + NOTE


INTRO = """# Re-identification

Queries and gallery of `city_a_reid`: 250 queries, 1,361 pictures of 141 vehicles; no row has learned from any of them;
same vehicle and same camera is junk. Cosine distance, no re-ranking. Pictures a second: of processor
time, which other work on the machine hardly changes, medians of {rounds} rounds turn about; speed: their ratio to the
second row's.
Made by `{command}`.

| embedding | mAP | rank-1 | rank-5 | rank-10 | mINP | million parameters | speed | pictures/s |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""

NOTE = """
`levels` learns from all 140 real training vehicles, `levels-tuned` from 105 of them.
The other recipes have not been trained: those with other backbones begin with ImageNet weights that are not on this
machine and want a GPU. `NAME=WEIGHTS` behind the command adds what a training wrote.
In a small form, behind a backbone that stands still, they are compared in [papers.md](papers.md).
What was tried for the shipped embedding is in [training.md](../training.md#the-shipped-embedding).
"""


def main() -> None:
    own = [(name, path) for name, _, path in (argument.partition("=") for argument in sys.argv[1:])]
    data, rows = read_reid(DATA), entries(own)
    features = PictureFeatures([data.query, data.gallery], device="cpu")
    speeds = pictures_per_second(rows, data)
    base = speeds[rows[1].title]
    lines = []
    for row in rows:
        found, size = score(features, data, row), sum(parameters(model) for model in row.models)
        ranks = " | ".join(f"{found.cmc[rank]:.3f}" for rank in (1, 5, 10))
        shown = f"{found.map_all:.3f} | {ranks} | {found.minp:.3f} | {size / 1e6:.1f}"
        speed = f"{speeds[row.title] / base:.2f} | {speeds[row.title]:.0f}"
        lines.append(f"| {row.title} | {shown} | {speed} |")
        sys.stdout.write(f"{lines[-1]}\n")
    names = [name for name, _ in own]
    PAGE.write_text(page([*lines, *not_trained(names)], names), encoding="utf-8")


if __name__ == "__main__":
    main()
