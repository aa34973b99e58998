"""Frames a second of the trackers alone: `python -m tests.benchmarks.tracker_speed`.

20 vehicles cross the picture on straight lines with noisy boxes; every run is repeated and the median printed. In
`broken` each of them is hidden 9 of 40 frames: their tracks end again and again. `detection_tracking` puts
the same on its page.
"""

from __future__ import annotations

import json
import statistics
import sys
import time

import numpy as np

from ml.tracking import TrackerConfig, create_tracker
from ml.tracking.registry import TRACKERS
from ml.types import Detections

OBJECTS, FRAMES, FEATURE_SIZE, REPEATS = 20, 1000, 256, 5
HIDDEN, PERIOD = 9, 40  # frames


def simulated(*, features: bool) -> list[Detections]:
    """FRAMES frames of OBJECTS detections; the galleries are full after a hundred of them."""
    rng = np.random.default_rng(7)
    starts = np.column_stack((rng.uniform(0, 200, OBJECTS), np.linspace(40, 1000, OBJECTS)))
    speed = rng.uniform(0.5, 1.5, OBJECTS)
    looks = rng.normal(size=(OBJECTS, FEATURE_SIZE))
    frames = []
    for frame in range(FRAMES):
        corner = starts + np.column_stack((speed * frame, np.zeros(OBJECTS))) + rng.normal(0, 0.5, (OBJECTS, 2))
        seen = looks + rng.normal(0, 0.1, looks.shape) if features else None
        frames.append(
            Detections(
                np.full(OBJECTS, frame, np.int32),
                np.concatenate((corner, corner + np.array([60, 40])), axis=1).astype(np.float32),
                np.full(OBJECTS, 0.9, np.float32),
                np.full(OBJECTS, 3, np.int32),
                None if seen is None else seen.astype(np.float32),
            )
        )
    return frames


def broken(frames: list[Detections]) -> list[Detections]:
    """The frames less each vehicle's detections in `HIDDEN` of every `PERIOD` of them, at a time of its own."""
    phases = np.random.default_rng(7).integers(0, PERIOD, OBJECTS)
    return [seen.take((number + phases) % PERIOD >= HIDDEN) for number, seen in enumerate(frames)]


def frames_per_second(name: str, frames: list[Detections]) -> dict[str, int]:
    """Medians over the repeats of one pass through `frames`: by the clock, and by processor time.

    Processor time counts every thread's; what else runs on the machine does not change it.
    """
    clocks = {"fps": time.perf_counter, "cpu_fps": time.process_time}
    rates: dict[str, list[float]] = {kind: [] for kind in clocks}
    for _ in range(REPEATS):
        tracker = create_tracker(TrackerConfig.of(name=name))
        starts = {kind: clock() for kind, clock in clocks.items()}
        for number, detections in enumerate(frames):
            tracker.update(number, detections)
        found = tracker.flush()
        for kind, clock in clocks.items():
            rates[kind].append(len(frames) / (clock() - starts[kind]))
        assert len(found) >= OBJECTS
    return {kind: round(statistics.median(listed)) for kind, listed in rates.items()}


def speeds() -> dict[str, dict[str, dict[str, int]]]:
    """Tracker -> input -> its rates."""
    motion_only = simulated(features=False)
    inputs = {"256d": simulated(features=True), "motion_only": motion_only, "broken": broken(motion_only)}
    return {name: {kind: frames_per_second(name, seen) for kind, seen in inputs.items()} for name in TRACKERS}


def main() -> None:
    gallery = TrackerConfig().gallery_size
    json.dump({"objects": OBJECTS, "frames": FRAMES, "gallery": gallery, **speeds()}, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
