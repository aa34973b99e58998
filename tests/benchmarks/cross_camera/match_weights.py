"""Fits the weights of the evidence to the benchmark city's first half: writes ml/matching/log_odds.yaml.

`python -m tests.benchmarks.cross_camera.match_weights --cache DIR [--dry]`. Each piece of evidence is fitted by
logistic regression on pairs of tracklets that end before 50 s and whose vehicles are known: those of the whole city,
and those of scenes of two cameras and few vehicles cut out of it, which count half as much. Transit times are learned
from all pairs, without their labels, as every match does.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import minimize

from ml.matching import MatcherConfig
from ml.matching.appearance import Usual, camera_bias_removed
from ml.matching.blocks import block_pairs, links_between, ordered_pairs
from ml.matching.columns import Columns
from ml.matching.evidence import Observed, Weights, observe, rival_scores, sigmoid
from ml.matching.motion import HEADING_EDGES, SPEED_EDGES, Motion
from ml.matching.strategies import default_links
from ml.matching.transit import transit_scores
from ml.types import Bool1D, CameraLink, Double1D, Double2D, Int1D
from tests.benchmarks.cross_camera.city_tracklets import (
    CITY,
    ROOT,
    TUNE_S,
    SceneTracklets,
    tracker_tracklets,
    without_places,
)
from tests.benchmarks.cross_camera.small_scenes import small_scenes

PAGE = ROOT / "ml" / "matching" / "log_odds.yaml"
CONFIG = MatcherConfig(strategy="constrained")
HEADING = "# Made by `python -m tests.benchmarks.cross_camera.match_weights`; read by ml/matching/evidence.py"
RIDGE = 1.0
ROUNDS = 12
COMPARISONS = 30.0  # that the usual look counts for
SMALL_SIZES, SMALL_SEEDS = (1, 2, 3, 5, 10), range(1000, 1005)  # others than those that figures are of
SMALL_SHARE = 0.5  # of what the whole city's true pairs count for


@dataclass(frozen=True)
class Judged:
    """Of each pair whether it is one vehicle, and what it counts for in a fit: 0 where that is not known."""

    same_vehicle: Bool1D
    weights: Double1D


@dataclass(frozen=True)
class Labelled(Judged):
    """With what is observed of the pairs."""

    seen: Observed


def labelled(found: SceneTracklets, usual: Usual) -> Labelled:
    """The scene's candidate pairs; only those of the first half with known vehicles count."""
    columns = Columns.of(found.matchable)
    links = found.scene.links or default_links(CONFIG, found.cameras)
    parts = list(_observed(columns, links, usual))
    earlier, later = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    ids = found.identities
    used = (ids[earlier] > 0) & (ids[later] > 0) & (columns.ends_s[earlier] < TUNE_S) & (columns.ends_s[later] < TUNE_S)
    return Labelled(ids[earlier] == ids[later], used.astype(np.float64), joined([part[0] for part in parts]))


def with_small_scenes(whole: Labelled, found: SceneTracklets, usual: Usual) -> Labelled:
    """The pairs of the whole and those of small scenes cut out of it."""
    scenes = [labelled(small, usual) for small in small_scenes(found, SMALL_SIZES, SMALL_SEEDS)]
    true = sum(float(small.weights[small.same_vehicle].sum()) for small in scenes)
    share = SMALL_SHARE * float(whole.weights[whole.same_vehicle].sum()) / true
    return Labelled(
        np.concatenate([whole.same_vehicle, *(small.same_vehicle for small in scenes)]),
        np.concatenate([whole.weights, *(share * small.weights for small in scenes)]),
        joined([whole.seen, *(small.seen for small in scenes)]),
    )


def usual_look(found: SceneTracklets) -> Usual:
    """Of different vehicles in different cameras of the first half."""
    columns, ids = Columns.of(found.matchable), found.identities
    looks = camera_bias_removed(columns, CONFIG.camera_bias)
    used = np.flatnonzero((ids > 0) & (columns.ends_s < TUNE_S))
    apart = (ids[used, None] != ids[used]) & (columns.cameras[used, None] != columns.cameras[used])
    cosines = (looks[used] @ looks[used].T)[apart]
    return Usual(round(float(cosines.mean()), 3), round(float(cosines.std()), 3), COMPARISONS)


def joined(parts: Sequence[Observed]) -> Observed:
    """Pairs of several blocks as if they were one: links and sides are numbered on."""
    motions = [part.motion for part in parts]
    return Observed(
        appearance=np.concatenate([part.appearance for part in parts]),
        distances=np.concatenate([part.distances for part in parts]),
        motion=Motion(*(np.concatenate([getattr(each, one.name) for each in motions]) for one in fields(Motion))),
        same=np.concatenate([part.same for part in parts]),
        gaps_s=np.concatenate([part.gaps_s for part in parts]),
        links=_numbered_on([part.links for part in parts]),
        sides=(_numbered_on([part.sides[0] for part in parts]), _numbered_on([part.sides[1] for part in parts])),
    )


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


def regression(data: Judged, table: Double2D, offset: Double1D) -> tuple[float, Double1D]:
    """(constant, weights) of ridge logistic regression of the labels on the table, over the offset."""
    rows = data.weights > 0
    inputs, each = np.column_stack((np.ones(int(rows.sum())), table[rows])), data.weights[rows]
    signs, start = np.where(data.same_vehicle[rows], 1.0, -1.0), offset[rows]

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = signs * (inputs @ weights + start)
        slope = -(inputs.T @ (each * signs * sigmoid(-margin)))
        slope[1:] += RIDGE * weights[1:]
        return float((each * np.logaddexp(0, -margin)).sum() + RIDGE * (weights[1:] ** 2).sum() / 2), slope

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return float(found[0]), found[1:]


def _both_headings(seen: Observed) -> Double2D:
    """[m, classes] how many ends are of each class; the class that says nothing left out."""
    classes = np.eye(len(HEADING_EDGES) + 2)[:, :-1]
    both: Double2D = classes[seen.motion.leaving] + classes[seen.motion.arriving]
    return both


def _observed(
    columns: Columns, links: Sequence[CameraLink], usual: Usual
) -> Iterator[tuple[Observed, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """(what is seen, rows of the earlier tracklets, of the later ones) of each block."""
    rows = columns.rows()
    for names, between in sorted(links_between(columns.names, links).items()):
        here = np.concatenate([rows[name] for name in names])
        part = columns.take(here)
        pairs = ordered_pairs(part, *block_pairs(part, between, CONFIG))
        seen = observe(part, pairs, camera_bias=CONFIG.camera_bias, usual=usual)
        yield seen, here[pairs.earlier], here[pairs.later]


def _numbered_on(parts: Sequence[Int1D]) -> Int1D:
    counts = np.cumsum([0, *(int(part.max(initial=-1)) + 1 for part in parts)])
    return np.concatenate([part + count for part, count in zip(parts, counts[:-1], strict=True)]).astype(np.int32)


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
    found = tracker_tracklets(options.scene, options.cache)
    usual, fitted = usual_look(found), {}
    for kind, scene in {"ground": found, "plain": without_places(found)}.items():
        data = with_small_scenes(labelled(scene, usual), scene, usual)
        fitted[kind] = plain(fitted_weights(data, ground=kind == "ground"))
    text = yaml.safe_dump({**fitted, "usual": asdict(usual)}, sort_keys=False)
    if not options.dry:
        PAGE.write_text(f"{HEADING}\n{text}")
    print(text)


if __name__ == "__main__":
    main()
