"""Type and colour as the shipped heads read them: how right, how far to be believed, and what they cost.

`python -m tests.benchmarks.attributes [--cache DIR]` writes docs/benchmarks/attributes.md. Vehicles are those of the
rendered set's gallery, none of which was learned from; every vehicle counts the same. DIR keeps stage results of the
benchmark city, on which it is tried whether they help to tell vehicles apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ml.datasets.reid import ReidSet, ReidTable, read_picture, read_reid
from ml.evaluation.classes import ClassScore, score_classes
from ml.matching.reranking.post import post_of
from ml.pipeline.reid_ranking import PictureFeatures, score_pair
from ml.reid import Embedder, EmbedderConfig, create_embedder
from ml.reid.attributes import VEHICLE_TYPES
from ml.reid.config import ATTRIBUTES, LEVELS
from ml.reid.registry import described
from ml.reid.training.fitting import NAMES, alike_weights, numbered
from ml.types import Float2D, Image
from ml.weights.store import committed_folder
from tests.benchmarks.cross_camera.attribute_term import Term, attribute_terms
from tests.benchmarks.cross_camera.city_tracklets import CITY, tracker_tracklets

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
PAGE = ROOT / "docs" / "benchmarks" / "attributes.md"
BATCH, CROPS, ROUNDS = 64, 64, 15
PENALTIES = (0.0, 0.05, 0.1, 0.2, 0.4)
TITLES = {"vehicle_type": "type", "colour": "colour"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="stage results of the benchmark city, kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        measure(options.cache or Path(passing))


def measure(cache: Path) -> None:
    """Write the page."""
    data = read_reid(DATA)
    table = data.gallery
    reading = create_embedder(EmbedderConfig(), device="cpu")
    plain = create_embedder(replace(EmbedderConfig(), attributes=False), device="cpu")
    readings = readings_of(table, reading)
    told = page(table, readings, cost(table, plain, reading))
    terms = attribute_terms(tracker_tracklets(CITY, cache))
    PAGE.write_text(told + use(constraint_rows(data), terms), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


def readings_of(table: ReidTable, embedder: Embedder) -> Float2D:
    """[n, 23] of every picture."""
    parts = []
    for start in range(0, len(table), BATCH):
        rows = range(start, min(start + BATCH, len(table)))
        readings = described(embedder, [read_picture(table, row) for row in rows])[1]
        assert readings is not None
        parts.append(readings)
    return np.concatenate(parts)


def cost(table: ReidTable, plain: Embedder, reading: Embedder) -> tuple[float, float]:
    """Milliseconds a picture (without heads, with them), medians of rounds that take turns."""
    crops = [read_picture(table, row) for row in range(CROPS)]
    taken: dict[str, list[float]] = {"plain": [], "reading": []}
    for _ in range(ROUNDS):
        for name, embedder in (("plain", plain), ("reading", reading)):
            taken[name].append(_milliseconds(embedder, crops))
    return statistics.median(taken["plain"]), statistics.median(taken["reading"])


def _milliseconds(embedder: Embedder, crops: Sequence[Image]) -> float:
    started = time.perf_counter()
    described(embedder, crops)
    return 1000 * (time.perf_counter() - started) / len(crops)


def scores(table: ReidTable, readings: Float2D) -> dict[str, ClassScore]:
    """Of the two attributes, each picture by itself."""
    weights = alike_weights(table.identity)
    parts = dict(zip(NAMES, np.split(readings, [len(VEHICLE_TYPES)], axis=1), strict=True))
    return {name: score_classes(parts[name], numbered(table, name), weights) for name in NAMES}


def by_tracklet(table: ReidTable, readings: Float2D) -> tuple[ReidTable, Float2D]:
    """One row a vehicle and camera: its first picture, and the mean of its pictures' readings."""
    keys = np.stack([table.identity, table.camera], axis=1)
    _, firsts, owner, counts = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(firsts), readings.shape[1]))
    np.add.at(sums, owner.reshape(-1), readings)
    return table.take(firsts), (sums / counts[:, None]).astype(np.float32)


def constraint_rows(data: ReidSet) -> list[str]:
    """mAP and rank-1 of the attribute constraint by whose types and colours it goes, for each penalty."""
    features = PictureFeatures([data.query, data.gallery], device="cpu")
    read = (features.described(data.query, LEVELS), features.described(data.gallery, LEVELS))
    rows = []
    for penalty in PENALTIES:
        steps = post_of(
            {"steps": [{"attribute_constraint": {"vehicle_type": penalty, "colour": penalty}}]}, "benchmark"
        )
        scored = (score_pair(features, *pair, model=LEVELS, steps=steps) for pair in (read, (data.query, data.gallery)))
        cells = " | ".join(f"{score.map_all:.3f} | {score.cmc[1]:.3f}" for score in scored)
        rows.append(f"| {penalty} | {cells} |")
    return rows


def use(constraint: Sequence[str], terms: Sequence[Term]) -> str:
    """What they are worth where vehicles are told apart."""
    added = [
        f"| {term.title} | {term.tune:.1f} | {term.test:.1f} | {', '.join(f'{each:+.2f}' for each in term.weights)} |"
        for term in terms
    ]
    return f"""
## Attribute constraint (A5)

A penalty of the cosine distance where types and one where colours differ, for the set's queries in its gallery; by what
the heads read of each single picture, and by the set's own labels, which no network knows. 0 is without.

| penalty | read: mAP | rank-1 | labels: mAP | rank-1 |
|---|---|---|---|---|
{chr(10).join(constraint)}

## Beside the looks, in matching

The log loss of whether two tracklets of the benchmark city are one vehicle, summed over pairs, by looks and motion
and a term for what the readings have in common; weights are fitted to the first half (tune), the second (test) is the
check.

| term | tune | test | weights |
|---|---|---|---|
{chr(10).join(added)}

The vectors that are compared come from the same pooled values as the readings, so little is left for these to add: a
type term lowers the log loss of the first half by {terms[0].tune - terms[1].tune:.1f}. A colour term's weight is
{terms[2].weights[0]:+.2f}; below zero it would call two vehicles less likely one for a colour that they share, which
corrects how sure the looks are and is no evidence that a person could be told. The matcher has neither.
"""


def page(table: ReidTable, readings: Float2D, milliseconds: tuple[float, float]) -> str:
    held: dict[str, Any] = json.loads((committed_folder() / f"{ATTRIBUTES}.json").read_text(encoding="utf-8"))["held"]
    pictures, tracklets = scores(table, readings), scores(*by_tracklet(table, readings))
    plain, reading = milliseconds
    rows = [
        *(_row(f"{TITLES[name]}, a picture, vehicles held in cross-validation", held[name]) for name in NAMES),
        *(_row(f"{TITLES[name]}, a picture, test vehicles", pictures[name].as_dict()) for name in NAMES),
        *(_row(f"{TITLES[name]}, a tracklet, test vehicles", tracklets[name].as_dict()) for name in NAMES),
    ]
    confusions = "\n\n".join(
        f"### {TITLES[name].capitalize()}\n\n{_confusion(tracklets[name], NAMES[name])}" for name in NAMES
    )
    return f"""# Type and colour

Made by `python -m tests.benchmarks.attributes`. The heads that come with the project (recipe
[attributes.yaml](../../ml/reid/recipes/attributes.yaml)) on the {len(table)} gallery pictures of `city_a_reid`:
{len(np.unique(table.identity))} vehicles, none of which was learned from. Every vehicle counts the same. Nothing was
chosen on them: penalty and temperature come from the training vehicles, each held once.

| | accuracy | macro-F1 | log loss | calibration error |
|---|---|---|---|---|
{chr(10).join(rows)}

A tracklet is one vehicle in one camera; its reading is the mean over its pictures. The calibration error is the mean
gap between how sure the heads are and how often they are right, by tenths of sureness. A single picture's figure can be
believed; a tracklet is more often right than its mean says, for its pictures err in different ways.

With the heads embedding takes {reading:.2f} ms a picture, without them {plain:.2f} ms
({100 * (reading / plain - 1):+.1f}%; medians of {ROUNDS} rounds of {CROPS} pictures that take turns, on a busy
machine: what lies within its noise is nothing). The network has run already, and they are one more matrix.

## What is taken for what

Shares of each true class (rows), tracklets; classes that nobody has are left out.

{confusions}

White, silver and grey differ by how bright a surface is, which sun and shade change more than paint does; orange,
green, brown and beige are one to three vehicles each in training.
"""


def _row(title: str, figures: dict[str, float]) -> str:
    shown = " | ".join(f"{figures[name]:.3f}" for name in ("accuracy", "macro_f1", "log_loss", "ece"))
    return f"| {title} | {shown} |"


def _confusion(score: ClassScore, names: Sequence[str]) -> str:
    """A table in shares of each row."""
    shares = score.confusion / np.maximum(score.confusion.sum(axis=1, keepdims=True), 1e-12)
    true = np.flatnonzero(score.confusion.sum(axis=1) > 0).tolist()
    said = np.flatnonzero((score.confusion.sum(axis=0) > 0) | (score.confusion.sum(axis=1) > 0)).tolist()
    lines = [f"| true | {' | '.join(names[column] for column in said)} |", f"|{'---|' * (len(said) + 1)}"]
    for row in true:
        cells = (f"{shares[row, column]:.2f}".replace("0.00", "") for column in said)
        lines.append(f"| {names[row]} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
