"""What fine-tuning the detector on half of the vehicles brings: a section of docs/benchmarks/detection.md.

`python -m tests.benchmarks.detector_tuning [--out DIR] [--epochs N] [--city] [--dry]`. The shipped NanoDet learns by
the recipe `scene-detector` from the benchmark city's first 50 seconds, with the true boxes of every other vehicle; the
boxes of the rest are ignored. Both detectors are measured on what comes after, on vehicles that nothing was learned
from. With `--city` the whole pipeline runs with both, a quarter of an hour each on two cores; stage results come from
$CROSSTRACK_CACHE. Stopped, the same command goes on.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ml.cli.command import StageLines
from ml.config import DEFAULT_PRESET, config_from, load_preset, read_yaml
from ml.datasets.scene import read_scene
from ml.detection import DetectorConfig, detector_checksum
from ml.detection.nanodet import NanoDet
from ml.detection.registry import create_detector
from ml.detection.training.samples import pictures_of
from ml.detection.tuning.from_scene import views_of
from ml.detection.tuning.recipe import TuningRecipe
from ml.detection.tuning.scoring import FoundFrame, found_in, matched
from ml.detection.tuning.trainer import fine_tune
from ml.detection.tuning.views import LabelledView
from ml.evaluation import average_precision
from ml.reid.training.checkpoint import METRICS
from ml.types import Bool1D, Float1D, Float2D, Int1D, Progress
from tests.benchmarks.cross_camera.city_tracklets import CITY, ROOT, TUNE_S, score, tracker_tracklets
from tests.benchmarks.matching import matched as identified

RECIPE = ROOT / "ml" / "detection" / "recipes" / "scene-detector.yaml"
PAGE = ROOT / "docs" / "benchmarks" / "detection.md"
BEGIN, END = "## NanoDet fine-tuned on a scene's own boxes", "## What was tried for it"
EVERY = 10  # frames of the test half that are scored
DRAWS, SEED = 500, 0
LOOKS, LOOKS_FROM_S, LOOKS_HEIGHT = 5, 62.0, 24.0  # frames a camera, one second apart; pixels
FIGURES = {
    "AP50": "AP at IoU 0.5",
    "recall": "share of the vehicles' boxes found, score 0.3 and more",
    "precision": "share of what is found that is a vehicle",
}


class Unit(NamedTuple):
    """What a detector found in five seconds of one camera: scores, right, wrong [k], found [n] of the true boxes."""

    scores: Float1D
    right: Bool1D
    wrong: Bool1D
    found: Bool1D


Units = Mapping[tuple[int, int], tuple[Unit, Unit]]  # of each stretch: all detections, and those that a run keeps


def learned_view(film: LabelledView) -> LabelledView:
    """A view in which people vouch for every other vehicle and nobody for the rest."""
    rows = film.vehicles % 2 == 0
    return replace(
        film,
        **{name: getattr(film, name)[rows] for name in ("frames", "boxes", "classes", "vehicles", "held")},
        ignored_frames=np.concatenate([film.ignored_frames, film.frames[~rows]]),
        ignored=np.concatenate([film.ignored, film.boxes[~rows]]),
    )


def tuned(recipe: TuningRecipe, out: Path, epochs: int, progress: Progress) -> dict[str, Any]:
    """The report of the training in `out`, which goes on where it stopped and ends after so many epochs."""
    films = [learned_view(film) for film in views_of(read_scene(CITY), replace(recipe, until_s=TUNE_S), progress)]
    return fine_tune(films, recipe, out, progress=progress, enough=lambda: epochs_done(out) >= epochs)


def epochs_done(out: Path) -> int:
    """Of the training in `out`."""
    path = out / METRICS
    lines = path.read_text().splitlines() if path.is_file() else []
    return max((json.loads(line).get("epoch", 0) for line in lines), default=0)


def late_frames(config: DetectorConfig, recipe: TuningRecipe, progress: Progress) -> tuple[list[FoundFrame], list[int]]:
    """What is found in the test half on vehicles that nobody vouched for, and the stretch of each frame."""
    films = views_of(read_scene(CITY), recipe, progress)
    frames = [np.flatnonzero(film.start_s + film.index.times_s >= TUNE_S)[::EVERY].astype(np.int32) for film in films]
    found = found_in(films, frames, [film.vehicles % 2 == 1 for film in films], config, progress)
    return found, [int(films[each.view].blocks[each.frame]) for each in found]


def units_of(frames: Sequence[FoundFrame], stretches: Sequence[int], least: float) -> Units:
    """By camera and stretch."""
    parts: dict[tuple[int, int], list[FoundFrame]] = {}
    for frame, stretch in zip(frames, stretches, strict=True):
        parts.setdefault((frame.view, stretch), []).append(frame)
    return {key: (_unit(part), _unit([each.above(least) for each in part])) for key, part in parts.items()}


def _unit(frames: Sequence[FoundFrame]) -> Unit:
    match = matched(frames)
    return Unit(np.concatenate([each.found.scores for each in frames]), match.right, match.wrong, match.found)


def figures_of(units: Sequence[tuple[Unit, Unit]]) -> dict[str, float]:
    """`FIGURES` over stretches, one of which may come several times."""
    whole, kept = (
        Unit(*(np.concatenate(columns) for columns in zip(*side, strict=True))) for side in zip(*units, strict=True)
    )
    counted = whole.right | whole.wrong
    return {
        "AP50": average_precision(whole.scores[counted], whole.right[counted], len(whole.found)),
        "recall": float(kept.found.mean()),
        "precision": float(kept.right.sum() / max(1, kept.right.sum() + kept.wrong.sum())),
    }


def compared(before: Units, after: Units) -> dict[str, dict[str, Any]]:
    """For each figure its values, and the difference with its percentile bootstrap over stretches (Efron, 1979)."""
    keys = sorted(before)
    values = [figures_of([units[key] for key in keys]) for units in (before, after)]
    draw = np.random.default_rng(SEED)
    differences: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(DRAWS):
        chosen = [keys[row] for row in draw.integers(0, len(keys), len(keys))]
        one, two = (figures_of([units[key] for key in chosen]) for units in (before, after))
        for name, of_draw in differences.items():
            of_draw.append(two[name] - one[name])
    return {
        name: {
            "before": values[0][name],
            "after": values[1][name],
            "difference": [values[1][name] - values[0][name], *np.percentile(differences[name], (2.5, 97.5)).tolist()],
        }
        for name in FIGURES
    }


def told_apart(config: DetectorConfig, recipe: TuningRecipe, progress: Progress) -> float:
    """How well the tracker's features tell vehicles apart in the test half: the area under the curve of the cosine
    distances of true boxes one second apart, a vehicle's own against those to others.
    """
    detector = create_detector(config)
    assert isinstance(detector, NanoDet)
    own, others = [], []
    for film in views_of(read_scene(CITY), recipe, progress):
        first = np.searchsorted(film.start_s + film.index.times_s, LOOKS_FROM_S)
        second = round(1 / float(np.median(np.diff(film.index.times_s))))
        looks = list(_looks(detector, film, [int(first) + number * second for number in range(LOOKS)]))
        for (before, one), (after, two) in pairwise(looks):
            distance, same = 1 - one @ two.T, before[:, None] == after[None]
            own.append(distance[same])
            others.append(distance[~same])
    return float((np.concatenate(own)[:, None] < np.concatenate(others)[None]).mean())


def _looks(detector: NanoDet, film: LabelledView, frames: list[int]) -> Iterator[tuple[Int1D, Float2D]]:
    """The vehicles of some size in each frame, and their features."""
    for number, image in pictures_of(film.path, film.index, frames):
        rows = (film.frames == number) & (film.boxes[:, 3] - film.boxes[:, 1] >= LOOKS_HEIGHT)
        yield film.vehicles[rows], detector.appearance(image, film.boxes[rows])


def city_idf1(detector: DetectorConfig, cache: Path) -> dict[str, float]:
    """IDF1 over all cameras of the pipeline with a detector: the whole city, and its test half."""
    config = replace(load_preset(DEFAULT_PRESET), detector=detector)
    found = tracker_tracklets(CITY, cache, config)
    labels = identified(found, config.matcher).labels
    return {name: score(found, labels, half)["idf1"] for name, half in (("whole", None), ("test", "test"))}


def measure(out: Path, recipe: TuningRecipe, epochs: int, city: bool, progress: Progress) -> dict[str, Any]:
    """Everything on the page; what is in `out` already is taken from there."""
    report = kept(out / "training.json", [asdict(recipe), epochs], lambda: tuned(recipe, out, epochs, progress))
    shipped = load_preset(DEFAULT_PRESET).detector
    detectors = {"before": shipped, "after": replace(shipped, weights=str(report["weights"]))}
    sums = [detector_checksum(config) for config in detectors.values()]
    found = kept(out / "figures.json", sums, lambda: late_figures(report, detectors, recipe, progress))
    by_looks = kept(
        out / "looks.json", sums, lambda: {name: told_apart(each, recipe, progress) for name, each in detectors.items()}
    )
    return {
        **found,
        "looks": by_looks,
        "epochs": [min(epochs, recipe.schedule.epochs), recipe.schedule.epochs],
        "idf1": {name: city_idf1(each, cache_of(out)) for name, each in detectors.items()} if city else None,
    }


def kept(path: Path, of: object, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `make` made of `of`, and wrote to `path`."""
    key = json.dumps(of, sort_keys=True)
    if path.is_file():
        found: dict[str, Any] = json.loads(path.read_text())
        if found["of"] == key:
            return dict(found["made"])
    made = make()
    path.write_text(json.dumps({"of": key, "made": made}))
    return made


def late_figures(
    report: Mapping[str, Any], detectors: Mapping[str, DetectorConfig], recipe: TuningRecipe, progress: Progress
) -> dict[str, Any]:
    """What both detectors find in the test half."""
    shipped = detectors["before"]
    frames = {name: late_frames(config, recipe, progress) for name, config in detectors.items()}
    units = {name: units_of(*found, shipped.score_threshold) for name, found in frames.items()}
    return {
        "report": {name: report[name] for name in ("learned", "held", "start", "best", "parameters")},
        "frames": len(frames["before"][0]),
        "boxes": sum(len(each.truth.boxes) for each in frames["before"][0]),
        "stretches": len(units["before"]),
        "figures": compared(units["before"], units["after"]),
    }


def cache_of(out: Path) -> Path:
    """Where stage results are kept."""
    return Path(os.environ.get("CROSSTRACK_CACHE") or out / "cache")


def section(found: Mapping[str, Any]) -> str:
    """The page's section."""
    report, figures = found["report"], found["figures"]
    learned, held = report["learned"], report["held"]
    rows = [
        f"| {name} | {row['before']:.3f} | {row['after']:.3f} | {_with_interval(*row['difference'])} |"
        for name, row in figures.items()
    ]
    rows.append(_row("features", found["looks"]))
    idf1 = found["idf1"] or {}
    rows += [
        _row(f"IDF1 over all cameras, {half}", {name: of[half] for name, of in idf1.items()})
        for half in ("test", "whole")
        if idf1
    ]
    return "\n".join(
        [
            BEGIN,
            "",
            "Recipe [scene-detector](../../ml/detection/recipes/scene-detector.yaml) on the first 50 seconds of the "
            "benchmark city. People vouch for",
            "the true boxes of every other vehicle, those of the rest are ignored. Made by",
            f"`python -m tests.benchmarks.detector_tuning{_options(found)}`.",
            "",
            f"{learned['frames']} frames with {learned['boxes']} boxes are learned from, {report['parameters']:,} "
            f"weights learn. On {held['frames']} frames of held stretches",
            f"AP50 is {report['start']['ap50']:.3f} before and {report['best']['ap50']:.3f} after epoch "
            f"{report['best']['epoch']}, the best of {found['epochs'][0]} (the recipe has {found['epochs'][1]}).",
            "",
            f"The table is of the 50 seconds after those: every {EVERY}th frame, {found['frames']} in all, with "
            f"{found['boxes']} boxes of vehicles that nobody vouched",
            f"for; the others count neither way. Intervals: 95% of {DRAWS} bootstrap draws of {found['stretches']} "
            "stretches (five seconds of a camera), the same",
            "for both detectors.",
            "",
            "| figure | shipped | fine-tuned | difference |",
            "|---|---:|---:|---:|",
            *rows,
            "",
            *(f"- {name}: {what}." for name, what in FIGURES.items()),
            "- features: of the tracker's, how often a vehicle is nearer to itself one second later than to another.",
            "",
            "",
        ]
    )


def _row(name: str, values: Mapping[str, float]) -> str:
    return f"| {name} | {values['before']:.3f} | {values['after']:.3f} | {values['after'] - values['before']:+.3f} |"


def _options(found: Mapping[str, Any]) -> str:
    done, whole = found["epochs"]
    return (f" --epochs {done}" if done < whole else "") + (" --city" if found["idf1"] else "")


def _with_interval(value: float, low: float, high: float) -> str:
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / ".crosstrack" / "detector-tuning", help="training, results")
    parser.add_argument("--epochs", type=int, default=1000, help="end the training after so many")
    parser.add_argument("--city", action="store_true", help="the whole pipeline with both detectors, too")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not CITY.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    recipe = config_from(TuningRecipe, read_yaml(RECIPE), str(RECIPE))
    shown = StageLines()
    try:
        found = measure(options.out, recipe, options.epochs, options.city, shown.stage("detector tuning"))
    finally:
        shown.close()
    if not options.dry:
        head, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(head + section(found) + END + rest.partition(END)[2])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
