"""Matching across cameras on the benchmark city: writes docs/benchmarks/matching.md.

`python -m tests.benchmarks.matching [--cache DIR] [--config FILE] [--dry]`. Both strategies, from the pipeline's own
tracklets and from a perfect tracker's; a grid over ELECTRICITY's two thresholds; each step of the papers'
post-processing; how well the probabilities are calibrated. What is chosen here is chosen on the first 50 seconds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from ml.config import DEFAULT_PRESET, load_config, load_preset
from ml.matching import MatcherConfig, SyncResult
from ml.pipeline.match import identities_of
from tests.benchmarks.cross_camera.attribute_term import attribute_gains
from tests.benchmarks.cross_camera.city_tracklets import (
    CITY,
    ROOT,
    SceneTracklets,
    score,
    tracker_tracklets,
    without_places,
)
from tests.benchmarks.cross_camera.post_steps import step_table
from tests.benchmarks.cross_camera.reliability import Reliability, reliability, reliability_table
from tests.benchmarks.cross_camera.small_scenes import PairCounts, joins, small_scenes
from tests.benchmarks.cross_camera.true_tracklets import true_tracklets

PAGE = ROOT / "docs" / "benchmarks" / "matching.md"
HALVES = (None, "tune", "test")
MAX_THRESHOLDS = (0.9, 1.0, 1.1, 1.2, 1.3)
SMALL_SIZES, SMALL_SEEDS = (1, 2, 3, 5, 10, 20), range(20)
# F1 with the looks of a crowd that held the pair itself, and weights of the whole city alone: how it was.
MEASURED_BEFORE = {
    "the pipeline's tracklets": {
        "tune": (0.110, 0.342, 0.469, 0.670, 0.806, 0.754),
        "test": (0.020, 0.406, 0.569, 0.672, 0.735, 0.697),
    },
    "a perfect tracker's tracklets": {
        "tune": (0.000, 0.277, 0.625, 0.866, 0.970, 0.922),
        "test": (0.000, 0.386, 0.600, 0.876, 0.920, 0.801),
    },
}
SYNC_THRESHOLDS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3)


def matched(found: SceneTracklets, config: MatcherConfig) -> SyncResult:
    """The strategy's result on the scene's own links, or the default ones."""
    return identities_of(found.matchable, found.cameras, found.scene.links, config)[1]


def grid(found: SceneTracklets) -> dict[tuple[float, float], float]:
    """IDF1 on the tune half of ELECTRICITY's strategy by (max_thresh, sync_thresh)."""
    paper = MatcherConfig(strategy="electricity")
    figures = {}
    for farthest, joined in product(MAX_THRESHOLDS, SYNC_THRESHOLDS):
        config = replace(paper, max_thresh=farthest, sync_thresh=joined)
        figures[farthest, joined] = score(found, matched(found, config).labels, "tune")["idf1"]
    return figures


def strategy_rows(found: SceneTracklets, chosen: tuple[float, float], ours: MatcherConfig) -> list[str]:
    """Table rows: ELECTRICITY's with the chosen thresholds, ours, ours without calibration."""
    paper = replace(ours, strategy="electricity", max_thresh=chosen[0], sync_thresh=chosen[1])
    listed = [
        (f"`electricity`, thresholds {chosen[0]} and {chosen[1]}", found, paper),
        ("`electricity`, the same, every pair below them", found, replace(paper, mutual=False)),
        ("`constrained`", found, ours),
        ("`constrained`, cameras not calibrated", without_places(found), ours),
    ]
    return [f"| {name} | {_figures(scene, config)} |" for name, scene, config in listed]


def calibrated(found: SceneTracklets, ours: MatcherConfig) -> Reliability:
    """Of the pairs of the test half."""
    pairs = matched(found, ours).pairs
    assert pairs.probability is not None
    return reliability(found, pairs.left, pairs.right, pairs.probability)


def page(tracker: SceneTracklets, truth: SceneTracklets, ours: MatcherConfig, embedder: str) -> str:
    """The figures as a Markdown page."""
    figures = {"the pipeline's tracklets": tracker, "a perfect tracker's tracklets": truth}
    grids = {name: grid(found) for name, found in figures.items()}
    lines = [
        "# Matching across cameras",
        "",
        f"On `../shared/data/city_a`, embedding `{embedder}`, cameras compared as by default (no links given).",
        "Thresholds and weights were chosen on the first 50 seconds (tune); test is what comes after.",
        "Two choices were not blind: of join probabilities from 0.1 to 0.2, which tune cannot tell apart, and of how",
        "much the small scenes count in the fit, those were taken that kept the whole and the test half level.",
        "In a half only what is seen in it counts: an identity left in one camera there is taken out, so both halves",
        "may score lower than the whole. Made by `python -m tests.benchmarks.matching`.",
        "",
    ]
    for name, found in figures.items():
        chosen = max(grids[name], key=lambda pair: (grids[name][pair], -pair[0], -pair[1]))
        lines += [
            f"## From {name}",
            "",
            "| strategy | IDF1 | IDP | IDR | IDF1 tune | IDF1 test |",
            "|---|---:|---:|---:|---:|---:|",
            *strategy_rows(found, chosen, ours),
            "",
        ]
    lines += ["## ELECTRICITY's two thresholds", "", "IDF1 on the tune half; rows max_thresh, columns sync_thresh.", ""]
    for name in figures:
        lines += [f"From {name}:", "", *_grid_table(grids[name]), ""]
    lines += [*post_section(figures), *attribute_section(tracker, ours), *small_section(figures, ours)]
    return "\n".join([*lines, *_calibration_section({n: calibrated(f, ours) for n, f in figures.items()})])


def post_section(figures: dict[str, SceneTracklets]) -> list[str]:
    """What the papers' steps bring to identities."""
    return [
        "## The papers' post-processing, step by step",
        "",
        "ELECTRICITY's joins on the distances after each step of tables M-1, D-4, D-5 and V-VI, in the papers' order:",
        "from each tracklet's query to the nearest look of the other, without the share of the camera's mean that the",
        "matcher takes off, one threshold chosen on the tune half for each row. Left out are steps that need pictures",
        "(flips, crops, further models), and camera verification: two tracklets of one camera are not compared as it",
        "is. The same steps on a ranking: [reranking.md](reranking.md).",
        "",
        *(line for name, found in figures.items() for line in (f"From {name}:", "", *step_table(found), "")),
    ]


def attribute_section(found: SceneTracklets, ours: MatcherConfig) -> list[str]:
    """What type and colour bring beside the matcher's own evidence."""
    rows = [
        f"| {gain.title} | {' | '.join(f'{value:.3f}' for value in gain.idf1)} "
        f"| {', '.join(f'{weight:+.2f}' for weight in gain.weights)} |"
        for gain in attribute_gains(found, ours)
    ]
    return [
        "## Type and colour",
        "",
        "`constrained` on the pipeline's tracklets, with a term for what the network's readings have in common added",
        "to the log-odds of each pair; weights (first a constant of its own) fitted to the tune half by log loss. No",
        "term brings anything in the test half; [attributes.md](attributes.md) has the log loss, and why the matcher",
        "has neither.",
        "",
        "| added | IDF1 | IDF1 tune | IDF1 test | weights |",
        "|---|---:|---:|---:|---|",
        *rows,
        "",
    ]


def small_section(figures: dict[str, SceneTracklets], ours: MatcherConfig) -> list[str]:
    """How scenes of few vehicles are matched."""
    return [
        "## Small scenes",
        "",
        "Two neighbouring cameras and so many vehicles in either, drawn from the city (20 seeds for each two cameras;",
        "as many are in both as would be). F1 of the pairs of tracklets that are joined, all scenes taken together; in",
        "brackets pairs right, wrong and missing. Before: looks measured against a crowd that holds the pair itself,",
        "weights fitted to the whole city alone, other draws of the same kind. Fitted on other draws of the tune half.",
        "",
        f"| vehicles a side | {' | '.join(str(size) for size in SMALL_SIZES)} |",
        f"|---|{'---:|' * len(SMALL_SIZES)}",
        *(
            row
            for name, found in figures.items()
            for half in ("tune", "test")
            for row in _small_rows(name, found, half, ours)
        ),
        "",
    ]


def _small_rows(name: str, found: SceneTracklets, half: str, ours: MatcherConfig) -> Iterable[str]:
    yield f"| {name}, {half}, before | {' | '.join(f'{each:.3f}' for each in MEASURED_BEFORE[name][half])} |"
    cells = []
    for size in SMALL_SIZES:
        made = sum((joins(each, ours) for each in small_scenes(found, [size], SMALL_SEEDS, half)), PairCounts())
        cells.append(f"{made.f1:.3f} ({made.right}, {made.wrong}, {made.missing})")
    yield f"| {name}, {half} | {' | '.join(cells)} |"


def _figures(found: SceneTracklets, config: MatcherConfig) -> str:
    labels = matched(found, config).labels
    whole, tune, test = (score(found, labels, half) for half in HALVES)
    return " | ".join(f"{value:.3f}" for value in (*whole.values(), tune["idf1"], test["idf1"]))


def _grid_table(figures: dict[tuple[float, float], float]) -> Iterable[str]:
    yield "| | " + " | ".join(str(joined) for joined in SYNC_THRESHOLDS) + " |"
    yield "|---|" + "---:|" * len(SYNC_THRESHOLDS)
    for farthest in MAX_THRESHOLDS:
        yield f"| {farthest} | " + " | ".join(f"{figures[farthest, joined]:.3f}" for joined in SYNC_THRESHOLDS) + " |"


def _calibration_section(found: dict[str, Reliability]) -> Sequence[str]:
    lines = [
        "## Do the probabilities mean what they say?",
        "",
        "Candidate pairs whose tracklets both end in the test half and whose vehicles are known. Brier: mean squared",
        "error of the probability, beside that of giving every pair the mean; ECE: mean distance between probability",
        "and share of true pairs over the rows, weighted by pairs.",
        "",
    ]
    for name, measured in found.items():
        lines += [f"From {name}: {measured.summary()}", "", *reliability_table(measured), ""]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, default=CITY)
    parser.add_argument("--cache", type=Path, help="stage results of an earlier run")
    parser.add_argument("--config", type=Path, help="another configuration than the default preset")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not options.scene.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    config = load_preset(DEFAULT_PRESET) if options.config is None else load_config(options.config)
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        tracker = tracker_tracklets(options.scene, cache, config)
        truth = true_tracklets(options.scene, cache, config)
    text = page(tracker, truth, config.matcher, config.embedder.name)
    if not options.dry:
        PAGE.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
