"""Fits the weights of the evidence to the benchmark city's first half: writes ml/matching/log_odds.yaml.

`python -m tests.benchmarks.cross_camera.match_weights --cache DIR [--dry]`. Each piece of evidence is fitted by
logistic regression on pairs of tracklets that end before 50 s and whose vehicles are known; transit times are learned
from all pairs, without their labels, as every match does.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import minimize

from ml.matching import MatcherConfig
from ml.matching.columns import Columns
from ml.matching.constrained import all_candidates, ordered_pairs
from ml.matching.evidence import Observed, OrderedPairs, Weights, observe, rival_scores, sigmoid
from ml.matching.motion import HEADING_EDGES, SPEED_EDGES
from ml.matching.strategies import default_links
from ml.matching.transit import transit_scores
from ml.types import Bool1D, Double1D, Double2D
from tests.benchmarks.cross_camera.city_tracklets import CITY, ROOT, TUNE_S, SceneTracklets, tracker_tracklets

PAGE = ROOT / "ml" / "matching" / "log_odds.yaml"
CONFIG = MatcherConfig(strategy="constrained")
HEADING = "# Made by `python -m tests.benchmarks.cross_camera.match_weights`; read by ml/matching/evidence.py"
RIDGE = 1.0
ROUNDS = 12


@dataclass(frozen=True)
class Labelled:
    """Observed pairs, which of them are one vehicle, and which may be fitted to."""

    seen: Observed
    same_vehicle: Bool1D
    fitted: Bool1D


def labelled(found: SceneTracklets) -> Labelled:
    """The scene's candidate pairs; those of the first half with known vehicles may be fitted to."""
    links = found.scene.links or default_links(CONFIG, found.cameras)
    columns = Columns.of(found.matchable)
    pairs = ordered_pairs(columns, all_candidates(found.matchable, links, CONFIG))
    ids = found.identities
    known = (ids[pairs.earlier] > 0) & (ids[pairs.later] > 0)
    seen = observe(columns, pairs, camera_bias=CONFIG.camera_bias)
    return Labelled(seen, known & (ids[pairs.earlier] == ids[pairs.later]), known & in_first_half(columns, pairs))


def in_first_half(columns: Columns, pairs: OrderedPairs) -> Bool1D:
    """[m] both tracklets end before `TUNE_S`."""
    half: Bool1D = (columns.ends_s[pairs.earlier] < TUNE_S) & (columns.ends_s[pairs.later] < TUNE_S)
    return half


def fitted_weights(data: Labelled, *, ground: bool) -> Weights:
    """Appearance and motion first, then what transit times and rivals add."""
    seen = data.seen
    parts = [seen.appearance[:, None], seen.same[:, None].astype(np.float64)]
    if ground:
        parts += [_both_headings(seen), np.eye(len(SPEED_EDGES) + 1)[seen.motion.speed]]
    table = np.column_stack(parts)
    constant, weights = regression(data, table, np.zeros(len(table)))
    base = constant + table @ weights
    gap = np.log1p(np.maximum(seen.gaps_s, 0))
    first_constant, first = regression(data, np.column_stack((gap * ~seen.same, gap * seen.same)), base)
    probabilities = sigmoid(base + first_constant + gap * np.where(seen.same, first[1], first[0]))
    added, later = 0.0, np.array([1.0, 0.0])
    for _ in range(ROUNDS):
        transit = transit_scores(seen.links, seen.gaps_s, probabilities)
        rivals = rival_scores(base + added + later[0] * transit, seen.sides)
        added, later = regression(data, np.column_stack((transit, rivals)), base)
        probabilities = sigmoid(base + added + later[0] * transit + later[1] * rivals)
    headings = len(HEADING_EDGES) + 1
    return Weights(
        constant=constant + added,
        appearance=float(weights[0]),
        same_camera=float(weights[1]),
        heading=tuple(weights[2 : 2 + headings].tolist()) if ground else (0.0,) * headings,
        speed=tuple(weights[2 + headings :].tolist()) if ground else (0.0,) * (len(SPEED_EDGES) + 1),
        transit=float(later[0]),
        rivals=float(later[1]),
        first_constant=first_constant - added,
        first_gap=float(first[0]),
        first_gap_same=float(first[1]),
    )


def regression(data: Labelled, table: Double2D, offset: Double1D) -> tuple[float, Double1D]:
    """(constant, weights) of ridge logistic regression of the labels on the table, over the offset."""
    rows = data.fitted
    inputs = np.column_stack((np.ones(int(rows.sum())), table[rows]))
    signs, start = np.where(data.same_vehicle[rows], 1.0, -1.0), offset[rows]

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = signs * (inputs @ weights + start)
        slope = -(inputs.T @ (signs * sigmoid(-margin)))
        slope[1:] += RIDGE * weights[1:]
        return float(np.logaddexp(0, -margin).sum() + RIDGE * (weights[1:] ** 2).sum() / 2), slope

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return float(found[0]), found[1:]


def _both_headings(seen: Observed) -> Double2D:
    """[m, classes] how many ends are of each class; the class that says nothing left out."""
    classes = np.eye(len(HEADING_EDGES) + 2)[:, :-1]
    both: Double2D = classes[seen.motion.leaving] + classes[seen.motion.arriving]
    return both


def plain(weights: Weights) -> dict[str, Any]:
    """Three decimals are more than the data supports."""
    return {
        name: [round(each, 3) for each in value] if isinstance(value, tuple) else round(value, 3)
        for name, value in asdict(weights).items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, default=CITY)
    parser.add_argument("--cache", type=Path, required=True, help="stage results of an earlier run")
    parser.add_argument("--dry", action="store_true", help="print only, leave the file as it is")
    options = parser.parse_args()
    data = labelled(tracker_tracklets(options.scene, options.cache))
    fitted = {"ground": fitted_weights(data, ground=True), "plain": fitted_weights(data, ground=False)}
    text = yaml.safe_dump({kind: plain(weights) for kind, weights in fitted.items()}, sort_keys=False)
    if not options.dry:
        PAGE.write_text(f"{HEADING}\n{text}")
    print(text)


if __name__ == "__main__":
    main()
