"""The renderer against its prototype, and what a COCO detector finds on its pictures: docs/benchmarks/synth.md.

`python -m tests.benchmarks.synth --models DIR --prototype DIR --prototype-cache FILE [--rounds N] [--dry]`. DIR has the
vehicle models (see docs/synthesis.md) and the prototype's Python files; FILE is where the prototype keeps the models
it has built. Both renderers draw the same models in the same places at one size, by turns.
"""

from __future__ import annotations

import argparse
import math
import os
import pickle
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("LP_NUM_THREADS", "1")  # one process a camera, as scenes are made

from ml.boxes import pairwise_iou
from ml.detection import DetectorConfig, create_detector
from ml.synthesis.backdrop import Scenery
from ml.synthesis.camera import Camera
from ml.synthesis.film import ground_ahead
from ml.synthesis.gl import context
from ml.synthesis.light import WEATHERS, light_of
from ml.synthesis.looks import drawn_looks
from ml.synthesis.mesh import Surface, box, quad
from ml.synthesis.models.catalogue import of_kind
from ml.synthesis.models.library import Library, load_library
from ml.synthesis.placing import Standing
from ml.synthesis.renderer import Renderer
from ml.synthesis.scenery.town import town
from ml.synthesis.sensor import Sensor, SensorLook
from ml.synthesis.truth import Surveyor, TruthBox
from ml.synthesis.world import SceneOptions, World, make_world
from ml.types import UserError

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "synth.md"
PROTOTYPE = ROOT.parent / "shared" / "prototypes" / "city"
SIZE, EYE, TARGET, FIELD = (960, 540), (36.0, -8.9, 7.0), (0.0, 1.0, 0.3), 60.0
PARTS = ("picture", "truth", "sensor")
GROUPS = {"small (below 32 x 32)": (0, 32**2), "medium": (32**2, 96**2), "large (above 96 x 96)": (96**2, math.inf)}
SEEDS, TIMES = (31, 32, 33), (2.0, 5.0, 8.0, 11.0)

Work = dict[str, Callable[[], object]]


def ours(library: Library, models: list[str]) -> Work:
    """The parts of one frame with `models` in two lanes."""
    flat = quad([(-300, -300, 0), (300, -300, 0), (300, 300, 0), (-300, 300, 0)], (0.15,) * 3, Surface.ASPHALT)
    block = box((-60, -30, 0), (-50, -20, 8), (0.3,) * 3, Surface.PLAIN)
    light = light_of("sun", np.random.default_rng(1))
    scenery = Scenery(flat, block, np.zeros((0, 3)), library.layers)
    vehicles = [Standing(drawn_looks(21, k + 1, model), *place(k)) for k, model in enumerate(models)]
    with context():
        renderer = Renderer(library, scenery, Camera(EYE, TARGET, FIELD, SIZE), light, (0.0, 0.0))
        surveyor, sensor = Surveyor(renderer), Sensor(SensorLook(), SIZE, [1])
        picture = renderer.picture(vehicles)
    return {
        "picture": lambda: renderer.picture(vehicles),
        "truth": lambda: surveyor.survey(vehicles),
        "sensor": lambda: sensor(picture, 1),
    }


def place(number: int) -> tuple[float, float, float]:
    """x, y and heading of a vehicle: two lanes, one in each direction."""
    return 20.0 - number // 2 * 9, (-1.6, 1.9)[number % 2], 0.0 if number % 2 else math.pi


def prototype(folder: Path, cache: Path, models: list[str]) -> tuple[Work, Any]:
    """The same frame by the prototype, and its OpenGL context."""
    sys.path.insert(0, str(folder))
    import cameras as old_cameras
    import identity
    import make_synthetic
    import models as old_models
    import render

    data = pickle.loads(cache.read_bytes())
    ground_map, walls = make_synthetic.backdrop(np.random.default_rng(1))
    corners = [
        [x, y, 0, 0, 0, 1, 0, 0, 0.3, 0.3, 0.3, 10, -1] for x, y in ((-300, -300), (300, -300), (300, 300), (-300, 300))
    ]
    ground = (np.array(corners, np.float32), np.array([0, 1, 2, 0, 2, 3], np.int32))
    maps = ((ground_map, -40.0, -40.0, 80.0),) * 2
    renderer = render.Renderer(*SIZE, data["vehicles"], old_models.PARTS, data["textures"], (ground, walls), maps)
    renderer.setup(EYE, TARGET, FIELD, old_cameras.CITIES["city_a"]["light"], (0, 0))
    look = old_cameras.CITIES["city_a"]["cameras"]["c001"]["look"]
    sensor = old_cameras.Sensor(look, SIZE, [1, 1])
    by_folder = {folder.lower(): name for name, (folder, *_) in old_models.VEHICLES.items()}
    names = [by_folder[entry.model.lower()] for model in models for entry in of_kind("vehicles") if entry.name == model]
    cars = [renderer.place(identity.make(21, k + 1, name), *place(k)) for k, name in enumerate(names)]
    picture = renderer.frame(cars)
    parts: Work = {
        "picture": lambda: renderer.frame(cars),
        "truth": lambda: renderer.ground_truth(cars),
        "sensor": lambda: sensor(picture),
    }
    return parts, renderer.c


def speed(library: Library, folder: Path, cache: Path, rounds: int, vehicles: int) -> dict[str, dict[str, float]]:
    """Who -> part -> median processor milliseconds a frame; the two take turns."""
    generator = np.random.default_rng(1)
    entries = of_kind("vehicles")
    shares = np.array([entry.share for entry in entries])
    models = [entries[k].name for k in generator.choice(len(entries), vehicles, p=shares / shares.sum())]
    old, old_context = prototype(folder, cache, models)
    new = ours(library, models)
    taken: dict[str, dict[str, list[float]]] = {"prototype": defaultdict(list), "ours": defaultdict(list)}
    for _ in range(rounds):
        for name, work, gl in (("prototype", old, old_context), ("ours", new, context())):
            with gl:
                for part in PARTS:
                    started = time.process_time()
                    work[part]()
                    taken[name][part].append((time.process_time() - started) * 1000)
    return {name: {part: statistics.median(parts[part]) for part in PARTS} for name, parts in taken.items()}


def pictures_of(world: World, library: Library) -> list[tuple[np.ndarray, list[TruthBox]]]:
    """Delivered pictures of a world's first two cameras with their truth."""
    found = []
    scenery = town(world.network, library, [view.camera for view in world.views], np.random.default_rng(9))
    for view in world.views:
        renderer = Renderer(library, scenery, view.camera, world.light, ground_ahead(view))
        surveyor, sensor = Surveyor(renderer), Sensor(view.sensor, view.camera.size, [1])
        for number, moment in enumerate(TIMES):
            vehicles, people = world.vehicles(moment), world.people(moment)
            picture = sensor(view.camera.bent(renderer.picture(vehicles, people)), number)
            found.append((picture, surveyor.survey(vehicles, people)[1]))
    return found


def recall(library: Library) -> dict[str, dict[str, tuple[int, int]]]:
    """Weather -> size -> (found, all) vehicles; and "precision" -> (right, all) detections."""
    detector = create_detector(DetectorConfig(threads=1))
    table: dict[str, dict[str, tuple[int, int]]] = {}
    for weather in WEATHERS:
        counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(2, np.int64))
        for seed in SEEDS:
            world = make_world(SceneOptions(seed, cameras=2, seconds=TIMES[-1] + 1, weather=weather), library)
            for picture, boxes in pictures_of(world, library):
                _count(counts, boxes, detector.detect([picture])[0].boxes)
        table[weather] = {name: (int(found), int(every)) for name, (found, every) in counts.items()}
        print(weather, table[weather], flush=True)
    return table


def _count(counts: dict[str, np.ndarray], boxes: list[TruthBox], detected: np.ndarray) -> None:
    every = np.array([truth.box for truth in boxes], np.float32).reshape(-1, 4)
    overlap = pairwise_iou(every, detected)
    for row, truth in enumerate(boxes):
        if truth.visibility < 0.5 or truth.inside < 0.8 or truth.pixels < 150:
            continue
        left, top, right, bottom = truth.box
        area = (right - left) * (bottom - top)
        name = next(name for name, (low, high) in GROUPS.items() if low <= area < high)
        counts[name] += (bool(len(detected) and overlap[row].max() >= 0.5), 1)
    right = int((overlap.max(0) >= 0.5).sum()) if len(boxes) and len(detected) else 0
    counts["precision"] += (right, len(detected))


def page(
    speeds: dict[int, dict[str, dict[str, float]]], table: dict[str, dict[str, tuple[int, int]]], rounds: int
) -> str:
    """The figures as a Markdown page."""
    lines = ["# The data factory: speed, and what a detector recognises", ""]
    if speeds:
        lines += [
            f"{SIZE[0]}x{SIZE[1]}, one thread of the software renderer ({context().info['GL_RENDERER']}),",
            "the same models in the same places, the same camera; processor milliseconds a frame, medians of",
            f"{rounds} rounds in which both take turns.",
            "The machine was busy: compare rows only. Made by `python -m tests.benchmarks.synth`.",
            "",
            "| vehicles | who | picture | truth | sensor | together | times faster |",
            "|---:|---|---:|---:|---:|---:|---:|",
        ]
        for vehicles, both in speeds.items():
            sums = {name: sum(parts.values()) for name, parts in both.items()}
            for name, parts in both.items():
                cells = " | ".join(f"{parts[part]:.0f}" for part in PARTS)
                lines.append(
                    f"| {vehicles} | {name} | {cells} | {sums[name]:.0f} | {sums['prototype'] / sums[name]:.2f} |"
                )
    frames = len(SEEDS) * 2 * len(TIMES)
    lines += [
        "",
        "## What NanoDet finds",
        "",
        "The COCO detector of the default preset (NanoDet, score 0.3), never trained on rendered pictures; recall at",
        "IoU 0.5 of vehicles at least half visible, 80% inside the picture, 150 visible pixels or more;",
        f"{frames} pictures of {len(SEEDS)} scenes for each weather, before the codec. Precision counts every",
        "detection; one on a vehicle that is left out above is right too.",
        "",
        "| weather | " + " | ".join(GROUPS) + " | precision |",
        "|---|" + "---:|" * (len(GROUPS) + 1),
    ]
    for weather, counts in table.items():
        cells = [_share(counts.get(name, (0, 0))) for name in (*GROUPS, "precision")]
        lines.append(f"| {weather} | {' | '.join(cells)} |")
    missing = [weather for weather in WEATHERS if weather not in table]
    lines += ["", f"Not measured in this run: {', '.join(missing)}."] if missing else []
    return "\n".join(lines) + "\n"


def _share(counts: tuple[int, int]) -> str:
    right, every = counts
    return f"{right / every:.2f} ({every})" if every else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--prototype", type=Path, default=PROTOTYPE)
    parser.add_argument("--prototype-cache", type=Path, default=Path("models.pkl"))
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--dry", action="store_true", help="print the page instead of writing it")
    options = parser.parse_args()
    try:
        library = load_library(options.models)
    except UserError as error:
        print(f"nothing measured: {error}")
        return
    speeds = {}
    if options.prototype_cache.is_file() and options.prototype.is_dir():
        for vehicles in (6, 14, 24):
            speeds[vehicles] = speed(library, options.prototype, options.prototype_cache, options.rounds, vehicles)
            print(vehicles, speeds[vehicles], flush=True)
    with context():
        text = page(speeds, recall(library), options.rounds)
    print(text)
    if not options.dry and speeds:
        PAGE.write_text(text)


if __name__ == "__main__":
    main()
