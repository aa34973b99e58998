"""The papers' tables of post-processing on city_a_reid: writes docs/benchmarks/reranking.md (another model: -NAME.md).

`python -m tests.benchmarks.post_processing [--model NAME] [--folds N] [--dry]`. Settings are the papers' where they
give them; the others are chosen on training vehicles (`poststeps.tuning`), and the set's own queries are scored once,
with those.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.config import config_from, read_yaml
from ml.datasets.reid import ReidSet, read_reid
from ml.evaluation.ranking import Labels, score_ranking
from ml.matching.reranking.post import Step, apply_post, post_of
from ml.pipeline.reid_ranking import PictureFeatures, known, labels
from ml.reid.config import LEVELS
from ml.reid.training.checkpoint import WEIGHTS
from ml.reid.training.recipe import ReidRecipe
from ml.reid.training.trainer import train_reid
from tests.benchmarks.poststeps.page import Measured, page
from tests.benchmarks.poststeps.tables import BESIDE, TABLES, PaperTable, Row, choices, filled
from tests.benchmarks.poststeps.tuning import Fold, folds_of, score_on_folds

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "city_a_reid"
PAGES = ROOT / "docs" / "benchmarks"
MODELS = ROOT / ".local" / "post-processing"  # which git ignores
RECIPES = {name: ROOT / "ml" / "reid" / "recipes" / f"{name}.yaml" for name in ("camera", "orientation")}
DRAWS = 2000
Precisions = npt.NDArray[np.float64]


def steps_of(row: Row, chosen: dict[str, float], model: str) -> list[tuple[str, Step]]:
    weights = {name: str(MODELS / name / WEIGHTS) for name in RECIPES}
    return post_of({"steps": filled(row.steps, chosen, {"second": BESIDE[model], **weights})}, row.name)


def train_models(data: ReidSet) -> None:
    """The camera and the orientation model, where they were not trained yet."""
    for name, path in RECIPES.items():
        if not (MODELS / name / WEIGHTS).is_file():
            train_reid(data, config_from(ReidRecipe, read_yaml(path), path.name), MODELS / name, device="cpu")


def choose(rows: Sequence[Row], folds: Sequence[Fold]) -> dict[str, float]:
    """The value of each choice with the best mAP on training vehicles, in the row where it first occurs."""
    chosen: dict[str, float] = {}
    for row in rows:
        for choice in choices(row.steps):
            if choice.name not in chosen:
                scores = {
                    value: score_on_folds(folds, steps_of(row, {**chosen, choice.name: value}, folds[0].model))
                    for value in choice.values
                }
                chosen[choice.name] = max(scores, key=lambda value: scores[value])
    return chosen


def measure_table(
    table: PaperTable, data: ReidSet, features: PictureFeatures, chosen: dict[str, float], model: str
) -> list[Measured]:
    """Every row's score, and how it differs from the row that it is compared with."""
    source = features.source(data.query, data.gallery)
    sides, scored = (known(data.query), known(data.gallery)), (labels(data.query), labels(data.gallery))
    found: list[tuple[Row, float, float, Precisions]] = []
    for row in table.rows:
        distances = apply_post(steps_of(row, chosen, model), source, model=model, query=sides[0], gallery=sides[1])
        score = score_ranking(distances, *scored)
        found.append((row, score.map_all, score.cmc[1], precisions(distances, *scored)))
    measured = []
    for number, (row, map_all, rank1, own) in enumerate(found):
        before = found[(number - 1 if table.cumulative else 0) if number else 0][3]
        low, high = interval(own - before, data.query.identity)
        measured.append(Measured(row, 100 * map_all, 100 * rank1, 100 * low, 100 * high))
    return measured


def precisions(distances: npt.NDArray[np.floating], query: Labels, gallery: Labels) -> Precisions:
    """[queries] average precision of each; every query of the set has right answers."""
    rows = range(len(query))
    alone = [Labels(query.identity[row : row + 1], query.camera[row : row + 1]) for row in rows]
    return np.array([score_ranking(distances[row : row + 1], alone[row], gallery).map_all for row in rows])


def interval(differences: Precisions, vehicles: npt.NDArray[np.int64]) -> tuple[float, float]:
    """The middle 95% of the mean difference when the query vehicles are drawn anew, with replacement."""
    rng, numbers = np.random.default_rng(1), np.unique(vehicles, return_inverse=True)[1]
    sums, counts = np.bincount(numbers, differences), np.bincount(numbers)
    drawn = rng.integers(0, len(sums), (DRAWS, len(sums)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def run(model: str, folds: int) -> tuple[list[tuple[PaperTable, list[Measured]]], dict[str, float]]:
    data = read_reid(DATA)
    train_models(data)
    chosen = choose([row for table in TABLES for row in table.rows], folds_of(data, model, folds))
    features = PictureFeatures([data.query, data.gallery], device="cpu")
    return [(table, measure_table(table, data, features, chosen, model)) for table in TABLES], chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", choices=BESIDE, default=LEVELS, help=f"default {LEVELS}")
    parser.add_argument("--folds", type=int, default=3, help="splits of the training vehicles (default 3)")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    measured, chosen = run(options.model, options.folds)
    if not options.dry:
        name = "reranking.md" if options.model == LEVELS else f"reranking-{options.model}.md"
        (PAGES / name).write_text(page(measured, chosen, model=options.model, folds=options.folds))
    figures: dict[str, Any] = {
        table.title: {one.row.name: {"map": round(one.map_all, 2), "rank1": round(one.rank1, 2)} for one in rows}
        for table, rows in measured
    }
    print(json.dumps({**figures, "chosen": chosen}, indent=1))


if __name__ == "__main__":
    main()
