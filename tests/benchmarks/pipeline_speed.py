"""Frames a second of the pipeline, by stage and end to end, on the demo scene: writes docs/benchmarks/pipeline.md.

`python -m tests.benchmarks.pipeline_speed [--scene DIR] [--repeats N] [--dry]`. Every repeat starts with an
empty cache; the figures are medians. The networks' loading time counts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

from ml.config import DEFAULT_PRESET, load_preset
from ml.datasets.scene import SceneFolder, read_scene
from ml.pipeline.cache import StageCache
from ml.pipeline.run import run_scene

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "pipeline.md"
HOLD = 10.0  # frames/s end to end on 2 cores (DESIGN, "Numbers to hold")


def measure(scene: SceneFolder) -> tuple[int, dict[str, float]]:
    """(frames, seconds by stage and in all) of one run from an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        done = run_scene(
            scene, Path(folder), config=load_preset(DEFAULT_PRESET), cache=StageCache(Path(folder) / "cache")
        )
        seconds = {**done.seconds, "end to end": time.perf_counter() - started}
    cameras = done.report["cameras"]
    assert isinstance(cameras, dict)
    return sum(camera["frames"] for camera in cameras.values()), seconds


def page(scene: SceneFolder, frames: int, seconds: dict[str, float], repeats: int) -> str:
    """The figures as a Markdown page."""
    rows = [f"| {stage} | {spent:.2f} | {frames / spent:,.0f} |" for stage, spent in seconds.items()]
    return "\n".join(
        [
            "# Speed of the pipeline",
            "",
            f"Preset `{DEFAULT_PRESET}` on scene {scene.name} with {len(scene.cameras)} cameras and {frames} frames,",
            f"median of {repeats} runs from an empty cache, {os.cpu_count()} cores ({platform.machine()}), no GPU.",
            f"To hold: {HOLD:.0f} frames/s end to end. Made by `python -m tests.benchmarks.pipeline_speed`.",
            "",
            "| stage | seconds | frames/s |",
            "|---|---:|---:|",
            *rows,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, default=ROOT / "fixtures" / "demo")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    scene = read_scene(options.scene)
    measured = [measure(scene) for _ in range(options.repeats)]
    frames = measured[0][0]
    seconds = {stage: statistics.median(run[stage] for _, run in measured) for stage in measured[0][1]}
    if not options.dry:
        PAGE.write_text(page(scene, frames, seconds, options.repeats))
    rates = {stage: round(frames / spent, 1) for stage, spent in seconds.items()}
    print(json.dumps({"frames": frames, "frames_per_second": rates, "hold": HOLD}))


if __name__ == "__main__":
    main()
