"""Embeddings on the benchmark city's held vehicles: how well each finds them again, and how fast it is on the CPU.

`python -m tests.benchmarks.reid [NAME=WEIGHTS ...]` writes the first part of docs/benchmarks/reid.md; each NAME=WEIGHTS
adds the network that a training left in that file. `python -m tests.benchmarks.reid --small [--out DIR] [--minutes N]`
writes the second part: each recipe in the small form of the papers' tables, whose trainings are kept in DIR.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ml.datasets.reid import ReidSet, read_picture, read_reid
from ml.evaluation.ranking import Labels, RankingScore, score_ranking
from ml.matching.reranking.chain import Views
from ml.pipeline.reid_ranking import PictureFeatures, embedder_config
from ml.reid import create_embedder
from ml.reid.config import LEVELS
from ml.reid.models import ReidNetwork
from ml.reid.models.weights import read_card
from ml.types import Float2D
from ml.weights import resolve
from tests.benchmarks.papers.keeping import measure, most
from tests.benchmarks.papers.recipes import identity_recipes, recipes_table, shown, size, size_of, weights
from tests.benchmarks.papers.table import SMALL
from tests.benchmarks.papers.training import Bench

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(".local") / "papers"  # as of the papers' tables, so that what both train is trained once
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
CITY = DATA.parent / "city_a"
PAGE = ROOT / "docs" / "benchmarks" / "reid.md"
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
    return size_of(ReidNetwork(read_card(resolve(model) if model == LEVELS else Path(model)).model))


def page(lines: Sequence[str], own: Sequence[str]) -> str:
    """The first part of the page, its table's rows being `lines`; `own` are the names that the command was given."""
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
`levels` learns from all 140 real training vehicles, `levels-tuned` from 105 of them. `NAME=WEIGHTS` behind the command
adds what a training wrote. The other recipes are [below](#recipes-in-the-small-form); what `scene` and `scene-adapt`
bring to a scene, with its own labels, is in [loop.md](loop.md).
What was tried for the shipped embedding is in [training.md](../training.md#the-shipped-embedding).
"""


def small_part(bench: Bench, seeds: int) -> str:
    """The second part of the page, of at most so many seeds."""
    table, sizes = recipes_table(), identity_recipes()
    found = most(table, bench, seeds)
    done = min(map(len, found.values()), default=seeds)
    files = {row.key: list(map(str, weights(bench, table, row))) for row in table.rows if row.key in found}
    rows = {key: Entry(key, tuple(models)) for key, models in files.items()}
    speeds = pictures_per_second(list(rows.values()), bench.data)
    lines = []
    for row in table.rows:
        cells = shown(row, table, found.get(row.key, ()))
        full = size([sizes[key] for key in row.combine or (row.key,)])
        own = f"{sum(map(parameters, files[row.key])) / 1e6:.1f} | {speeds[row.key]:.0f}" if row.key in found else " | "
        lines.append(f"{cells} {own} | {full / 1e6:.1f} |")
    return SMALL_INTRO.format(title=table.title, seeds=done) + "\n".join(lines) + f"\n\n{table.note}\n"


SMALL_INTRO = """## {title}

The same queries and gallery. A recipe's own pictures, losses, samplers and stages, but not its network: one with
ImageNet weights that pip carries stands still, sees 64x64 pixels, and a linear layer behind it learns, as in
[papers.md](papers.md), which says it in full. So these figures tell recipes apart, not what their networks would reach
on a GPU. Means over {seeds} seeds, behind mAP the largest less the smallest; *at its own size* is the recipe's own
network's million parameters. Made by `python -m tests.benchmarks.reid --small`.

| recipe | mAP | rank-1 | rank-5 | rank-10 | mINP | million parameters | pictures/s | at its own size |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""


def write(*, first: str | None = None, second: str | None = None) -> None:
    """Put a part of the page in its place and leave the other as it is."""
    before, mark, after = PAGE.read_text(encoding="utf-8").partition("\n## ") if PAGE.is_file() else ("", "", "")
    other = f"\n## {after}" if mark else ""
    text = (first or before) + (f"\n{second}" if second else other)
    PAGE.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("own", nargs="*", metavar="NAME=WEIGHTS", help="trainings to add")
    parser.add_argument("--small", action="store_true", help="the recipes in the small form")
    parser.add_argument("--seeds", type=int, default=3, help="of --small: trainings of each recipe (default 3)")
    parser.add_argument("--out", type=Path, default=OUT, help=f"of --small: keeps trainings (default {OUT})")
    parser.add_argument("--minutes", type=float, default=math.inf, help="of --small: begin no recipe after so many")
    options = parser.parse_args()
    if options.small:
        torch.set_num_threads(1)
        bench = Bench(read_reid(DATA), CITY, options.out, SMALL, device="cpu")
        measure(recipes_table(), bench, options.seeds, time.monotonic() + 60 * options.minutes)
        write(second=small_part(bench, options.seeds))
    else:
        write(first=embeddings([(name, path) for name, _, path in (each.partition("=") for each in options.own)]))


def embeddings(own: Sequence[tuple[str, str]]) -> str:
    """The first part of the page, measured."""
    data, rows = read_reid(DATA), entries(own)
    features = PictureFeatures([data.query, data.gallery], device="cpu")
    speeds = pictures_per_second(rows, data)
    base = speeds[rows[1].title]
    lines = []
    for row in rows:
        found, count = score(features, data, row), sum(parameters(model) for model in row.models)
        ranks = " | ".join(f"{found.cmc[rank]:.3f}" for rank in (1, 5, 10))
        scores = f"{found.map_all:.3f} | {ranks} | {found.minp:.3f} | {count / 1e6:.1f}"
        speed = f"{speeds[row.title] / base:.2f} | {speeds[row.title]:.0f}"
        lines.append(f"| {row.title} | {scores} | {speed} |")
        sys.stdout.write(f"{lines[-1]}\n")
    return page(lines, [name for name, _ in own])


if __name__ == "__main__":
    main()
