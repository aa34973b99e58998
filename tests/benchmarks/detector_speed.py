"""Pictures a second of the light detector by threads and batch, and what its looks cost: docs/benchmarks/detection.md.

`python -m tests.benchmarks.detector_speed [--rounds N] [--dry]`. All settings take turns in every round, so that a
busy machine slows all of them alike; figures are medians over the rounds, with the processors' time beside the clock's.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import onnxruntime

from ml.detection import Detector, DetectorConfig, create_detector
from ml.types import Image
from ml.video import index_frames, read_frames

ROOT = Path(__file__).resolve().parents[2]
VIDEO = ROOT / "fixtures" / "demo" / "S01" / "c001" / "vdo.mp4"
PAGE = ROOT / "docs" / "benchmarks" / "detection.md"
PICTURES = 8
PLAIN = DetectorConfig(second_look=0.0, features=False)
LOOKS = {
    "one look": PLAIN,
    "one look, features": replace(PLAIN, features=True),
    "two looks, features (the default)": DetectorConfig(),
    "one look at the whole and at 2 x 2 tiles": replace(PLAIN, tiles=2),
}

Seconds = tuple[float, float]  # a picture: on the clock, of the processors


def timed(detector: Detector, pictures: Sequence[Image], batch: int) -> Seconds:
    """Seconds a picture when `pictures` are given `batch` at a time."""
    clock, processors = time.perf_counter(), time.process_time()
    for start in range(0, len(pictures), batch):
        detector.detect(pictures[start : start + batch])
    taken = time.perf_counter() - clock, time.process_time() - processors
    return taken[0] / len(pictures), taken[1] / len(pictures)


def measure(pictures: Sequence[Image], rounds: int) -> dict[str, Seconds]:
    """Setting -> median seconds a picture."""
    by_threads = {threads: create_detector(replace(DetectorConfig(), threads=threads)) for threads in (1, 2)}
    settings = {f"{t} | {batch}": (by_threads[t], batch) for t in (1, 2) for batch in (1, 2, 4, 8)}
    settings |= {name: (create_detector(replace(config, threads=1)), 4) for name, config in LOOKS.items()}
    found: dict[str, list[Seconds]] = defaultdict(list)
    for round_ in range(rounds + 1):
        for name, (detector, batch) in settings.items():
            seconds = timed(detector, pictures, batch)
            if round_:  # the first round warms up
                found[name].append(seconds)
    return {name: _median(values) for name, values in found.items()}


def _median(values: Sequence[Seconds]) -> Seconds:
    return statistics.median(clock for clock, _ in values), statistics.median(used for _, used in values)


def page(seconds: dict[str, Seconds], rounds: int) -> str:
    """The figures as a Markdown page."""
    threads = [f"| {name} | {_cells(value)} |" for name, value in seconds.items() if name not in LOOKS]
    looks = [f"| {name} | {_cells(seconds[name])} |" for name in LOOKS]
    return "\n".join(
        [
            "# Speed of the detectors",
            "",
            f"NanoDet at 416x736 on {PICTURES} pictures (960x540) of the demo scene, ONNX Runtime "
            f"{onnxruntime.__version__}, 2 cores ({platform.machine()}), no GPU;",
            f"medians of {rounds} rounds in which all settings take turns. The machine was busy: compare rows only.",
            "Made by `python -m tests.benchmarks.detector_speed`.",
            "",
            "| threads | batch | ms a picture | processor ms a picture |",
            "|---:|---:|---:|---:|",
            *threads,
            "",
            "| looks (1 thread, batch of 4) | ms a picture | processor ms a picture |",
            "|---|---:|---:|",
            *looks,
            "",
        ]
    )


def _cells(seconds: Seconds) -> str:
    return f"{1000 * seconds[0]:.0f} | {1000 * seconds[1]:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="print the page, do not write it")
    options = parser.parse_args()
    frames = read_frames(VIDEO, index=index_frames(VIDEO), stride=30, stop=30 * PICTURES)
    text = page(measure([image for _, image in frames], options.rounds), options.rounds)
    print(text)
    if not options.dry:
        kept = PAGE.read_text().partition("\n## ") if PAGE.is_file() else ("", "", "")
        PAGE.write_text(f"{text}{kept[1]}{kept[2]}")


if __name__ == "__main__":
    main()
