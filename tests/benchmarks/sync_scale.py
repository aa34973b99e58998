"""Seconds and memory of matching simulated cities of growing size: writes docs/benchmarks/sync.md and .svg.

`python -m tests.benchmarks.sync_scale [--sizes N ...] [--dry]`. Each city (`simulated_city`, a thousand tracklets to a
camera) in a process of its own, candidate search included. Processor seconds are those of the match alone; peak memory
is the process's, its imports and the tracklets included.
"""

from __future__ import annotations

import os
import resource
import time

import numpy as np

from ml.matching import MatcherConfig, synchronise
from ml.types import Int1D
from tests.benchmarks.cross_camera.curves import growth_svg
from tests.benchmarks.simulated_city import Rows, simulated_city
from tests.benchmarks.sizes import ROOT, write_page

PAGE = ROOT / "docs" / "benchmarks" / "sync.md"
SIZES = (10_000, 30_000, 100_000)
PER_CAMERA = 1000
HOLD = {"seconds": 60, "mib": 2048, "points": 2.0, "times": 12}


def measure(size: int) -> dict[str, float]:
    """Of a city of about `size` tracklets."""
    city = simulated_city(size, size // PER_CAMERA)
    wall, used = time.perf_counter(), time.process_time()
    result = synchronise(city.tracklets, city.links, config=MatcherConfig())
    wall, used = time.perf_counter() - wall, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    precision, recall = pair_scores(result.labels, city.vehicles)
    return {
        "tracklets": len(city.tracklets),
        "cameras": size // PER_CAMERA,
        "pairs": len(result.pairs.left),
        "seconds": wall,
        "load": os.getloadavg()[0],
        "processor_seconds": used,
        "mib": peak,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
    }


def pair_scores(labels: Int1D, vehicles: Rows) -> tuple[float, float]:
    """(precision, recall) of the pairs of tracklets that are in one group."""
    both = labels.astype(np.int64) * (int(vehicles.max()) + 1) + vehicles
    right = _pair_count(both)
    return right / _pair_count(labels), right / _pair_count(vehicles)


def page(rows: list[dict[str, float]]) -> str:
    """The figures as a Markdown page."""
    table = [
        f"| {row['tracklets']:,.0f} | {row['cameras']:,.0f} | {row['pairs']:,.0f} | {row['seconds']:.1f} "
        f"| {row['load']:.0f} | {row['processor_seconds']:.1f} | {row['mib']:,.0f} "
        f"| {row['f1']:.3f} | {row['precision']:.3f} | {row['recall']:.3f} |"
        for row in rows
    ]
    columns = "tracklets", "cameras", "pairs", "seconds", "load", "processor s", "MiB", "F1", "precision", "recall"
    seconds, mib, points = HOLD["seconds"], HOLD["mib"], HOLD["points"]
    lines = [
        "# Matching at a city's size",
        "",
        "Strategy `constrained` on simulated cities of one hour (`tests/benchmarks/simulated_city.py`), one thread,",
        "candidate search included. F1, precision and recall are those of pairs of tracklets. Looks are as weak as in",
        "the benchmark city, so F1 is far from 1; what counts here is that it stays. Seconds are what a clock shows,",
        f"beside the load of everything else on the machine's {os.cpu_count()} cores. Made by",
        "`python -m tests.benchmarks.sync_scale`.",
        "",
        f"![Seconds and memory against the number of tracklets; dashed: as much for each]({PAGE.stem}.svg)",
        "",
        f"| {' | '.join(columns)} |",
        f"|{'---:|' * len(columns)}",
        *table,
        "",
        f"To be held at 100,000: under {seconds} s and {mib:,} MiB, F1 within {points:g} points of that at 10,000.",
        *_growth(rows),
        "",
    ]
    return "\n".join(lines)


def picture(rows: list[dict[str, float]]) -> str:
    """Seconds and memory against the number of tracklets."""
    costs = {title: [row[name] for row in rows] for title, name in (("seconds", "seconds"), ("MiB", "mib"))}
    return growth_svg([row["tracklets"] for row in rows], costs, across="tracklets")


def _growth(rows: list[dict[str, float]]) -> list[str]:
    """How much longer ten times as many take, where both sizes were measured."""
    by_size = {round(row["tracklets"], -5): row["seconds"] for row in rows}
    if not {100_000, 1_000_000} <= by_size.keys():
        return []
    times = by_size[1_000_000] / by_size[100_000]
    return [f"1,000,000 took {times:.1f} times as long as 100,000; at most {HOLD['times']} is the aim."]


def _pair_count(groups: Int1D | Rows) -> float:
    counts = np.unique(groups, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1) / 2).sum())


if __name__ == "__main__":
    write_page(__doc__, module="sync_scale", sizes=SIZES, measure=measure, page=page, target=PAGE, picture=picture)
