"""Detectors and single-camera trackers, ours and the peers': writes docs/benchmarks/detection-tracking.md and .json.

`python -m tests.benchmarks.detection_tracking [--cache DIR] [--searches DIR] [--mask-rcnn FILE] [--late] [--dry]`.
What is measured, and how, is said on the page. Detections come from the cache where it has them; without, two hours on
two cores. `--mask-rcnn` names the weights of a training by ml/detection/recipes/from-scratch.yaml; without, the rows of
the last such measurement stay. `--late` measures only the detectors of the test half, and those of them that are new.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np

from ml.config import load_preset
from ml.datasets.scene import read_scene
from ml.detection import DetectorConfig, detector_checksum
from ml.pipeline.cache import StageCache
from tests.benchmarks.comparison.contenders import OWN_SPACES, PRESET, Contender, own
from tests.benchmarks.comparison.measure import decoder_cost, detector_cost, embedder_cost, tracker_cost
from tests.benchmarks.comparison.page import page, verdict
from tests.benchmarks.comparison.peers import peer, peer_names, peers_version
from tests.benchmarks.comparison.scenes import (
    CITY,
    DETECTORS,
    FIRST,
    ROOT,
    TRAINED,
    Footage,
    city_halves,
    followable,
    footage,
    late_detectors,
    other_scenes,
    seen_late,
    undetected,
)
from tests.benchmarks.comparison.sequences import Sequence
from tests.benchmarks.comparison.table import ALL, Table, detection_figures, searched, track_figures
from tests.benchmarks.tracker_speed import speeds

PAGE = ROOT / "docs" / "benchmarks" / "detection-tracking.md"
DRAWS, SEED, TIMED_FRAMES = 60, 2, 40
Scenes = Mapping[str, list[Sequence]]
Halves = tuple[list[Sequence], list[Sequence]]  # tune, test


def measure(cache: StageCache, searches: Path, late: Mapping[str, DetectorConfig]) -> Table:
    """The whole table; what `searches` holds of the same search is taken from there, the rest is written there."""
    shots = {name: footage(CITY, config, cache) for name, config in DETECTORS.items()}
    halves = {name: city_halves(of) for name, of in shots.items()}
    scenes = {name: other_scenes(config, cache) for name, config in DETECTORS.items()}
    table = {
        "about": about(),
        "detectors": {name: detector_entry(name, halves[name][1], scenes[name]) for name in DETECTORS},
        "alone": speeds(),
        "stages": stages(shots[FIRST][0], halves[FIRST][1][0]),
        "trackers": {name: tracker_entry(make, halves, scenes, searches) for name, make in contenders().items()},
    }
    return {**table, "late": {name: late_entry(config, table["trackers"], cache) for name, config in late.items()}}


def contenders() -> dict[str, Callable[[], Contender]]:
    """How each tracker is made: in this process to be scored, in one of its own to be measured."""
    ours = {name: partial(own, name) for name in OWN_SPACES}
    return {**ours, **{name: partial(peer, name) for name in peer_names()}}


def search_of(contender: Contender, tune: list[Sequence], path: Path) -> Table:
    """The search of one tracker: what was searched, what it found, the value on the tune half. Kept at `path`."""
    made = search_made(contender)
    if path.is_file() and (kept := json.loads(path.read_text()))["search"] == made:
        return dict(kept)
    found = searched(contender, tune, draws=DRAWS, seed=SEED)
    note(f"{contender.name}, {path.parent.name}: {found.value:.4f} on the tune half with {found.settings}")
    kept = {"search": made, "settings": found.settings, "tune": found.value}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept))
    return kept


def search_made(contender: Contender) -> Table:
    spaces = {name: [entry.low, entry.high] for name, entry in contender.space.items()}
    return {"draws": DRAWS, "seed": SEED, "space": spaces}


def tracker_entry(
    make: Callable[[], Contender], halves: Mapping[str, Halves], scenes: Mapping[str, Scenes], searches: Path
) -> Table:
    """Everything that the table says of one tracker, detector by detector."""
    contender = make()
    search = search_of(contender, halves[FIRST][0], searches / FIRST / f"{contender.name}.json")
    settings = search["settings"]
    on = {
        detector: {
            "test": track_figures(contender, settings, test),
            "scenes": {name: track_figures(contender, settings, of)[ALL] for name, of in scenes[detector].items()},
        }
        for detector, (_, test) in halves.items()
    }
    cost = tracker_cost(make, settings, halves[FIRST][1][0])
    note(f"{contender.name} is in the table")
    found = {"search": search_made(contender), "settings": settings, "tune": search["tune"]}
    return {"peer": contender.peer, **found, "cost": asdict(cost), "on": on}


def detector_entry(name: str, test: list[Sequence], scenes: Scenes) -> Table:
    """Everything that the table says of one detector."""
    video = read_scene(CITY).cameras[0].require_video()
    return {
        "config": asdict(DETECTORS[name]),
        "test": detection_figures(test),
        "scenes": {scene: detection_figures(of)[ALL] for scene, of in scenes.items()},
        "cost": asdict(detector_cost(video, DETECTORS[name], TIMED_FRAMES)),
    }


def late_entry(config: DetectorConfig, trackers: Table, cache: StageCache) -> Table:
    """What the table says of a detector of the test half alone, and of each tracker with its settings on it."""
    shots = [seen_late(shot, config, cache) for shot in undetected(CITY, cache)]
    test = [shot.part(*shot.halves()[1]) for shot in shots]
    shown = [followable(part, config) for part in test]
    makes = {name: make for name, make in contenders().items() if name in trackers}
    followed = {name: track_figures(make(), trackers[name]["settings"], shown)[ALL] for name, make in makes.items()}
    note(
        f"{config.name} at {config.min_size}, {config.input_height}, {config.tiles}: followed by {', '.join(followed)}"
    )
    return {
        "config": {**asdict(config), "weights": config.weights and Path(config.weights).name},
        "model": detector_checksum(config),
        "test": detection_figures(test),
        "trackers": followed,
        "cost": asdict(detector_cost(shots[0].video.path, config, TIMED_FRAMES)),
    }


def with_late(table: Table, late: Mapping[str, DetectorConfig], cache: StageCache) -> Table:
    """The table with the detectors that it has not seen yet, or with other weights."""
    known = table.get("late", {})
    new = {name: of for name, of in late.items() if known.get(name, {}).get("model") != detector_checksum(of)}
    return {**table, "late": {**known, **{name: late_entry(of, table["trackers"], cache) for name, of in new.items()}}}


def stages(shot: Footage, test: Sequence) -> Table:
    """Each stage of the light preset by itself, on the test half of one camera."""
    config = load_preset(PRESET)
    found = own(PRESET).track(test.detections, test.frame_count, {})
    tracklets = [replace(each, frames=each.frames + np.int32(test.first)) for each in found]
    costs = {
        "decode": decoder_cost(shot.video.path, TIMED_FRAMES),
        "detect": detector_cost(shot.video.path, DETECTORS[FIRST], TIMED_FRAMES),
        "track": tracker_cost(partial(own, PRESET), {}, test),
        "embed": embedder_cost(shot.video.path, tracklets, config.embedder),
    }
    return {stage: {"rate": of.frames_per_cpu_second[stage], "mib": of.peak_mib} for stage, of in costs.items()}


def about() -> Table:
    return {
        "draws": DRAWS,
        "seed": SEED,
        "searched_on": FIRST,
        "frames": TIMED_FRAMES,
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), no GPU",
        "version": peers_version(),
    }


def note(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / ".crosstrack" / "cache", help="stage results")
    parser.add_argument("--searches", type=Path, help="folder of searches made before; delete a file to search anew")
    parser.add_argument("--mask-rcnn", type=Path, metavar="FILE", help="weights of a Mask R-CNN trained here")
    parser.add_argument("--late", action="store_true", help="only what is new of the detectors of the test half")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    if not CITY.is_dir():
        print(json.dumps({"skipped": "the benchmark city is not beside the checkout"}))
        return
    cache, late = StageCache(options.cache), late_detectors(options.mask_rcnn)
    before = json.loads(PAGE.with_suffix(".json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        searches = options.searches or Path(folder)
        table = with_late(before, late, cache) if options.late else measure(cache, searches, late)
    table["late"] = {**{name: of for name, of in before.get("late", {}).items() if name == TRAINED}, **table["late"]}
    if not options.dry:
        PAGE.with_suffix(".json").write_text(f"{json.dumps(table, indent=1)}\n")
        PAGE.write_text(page(table))
    print(json.dumps({name: " ".join(verdict(table, name).split()) for name in DETECTORS}))


if __name__ == "__main__":
    main()
