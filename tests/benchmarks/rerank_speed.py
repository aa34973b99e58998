"""k-reciprocal re-ranking, ours beside the published algorithm in plain numpy: writes docs/benchmarks/rerank-speed.md.

`python -m tests.benchmarks.rerank_speed [--queries N] [--gallery N] [--size N] [--threads N]`. Each runs in a process
of its own on the same features, one after the other, ours three times, of which the median is told; peak memory is the
largest resident size of that process, imports and features included. Features are whole numbers, whose distances
float32 holds exactly: neighbours are then the same however sums are ordered, and rankings can be compared by place.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.matching.reranking.k_reciprocal import k_reciprocal
from ml.types import Float2D
from tests.published_reranking import published_k_reciprocal

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "rerank-speed.md"
K1, K2, LAMBDA = 20, 6, 0.3
PICTURES = 20  # of a vehicle, on average
SIDES = {"ours": k_reciprocal, "published": published_k_reciprocal}
NAMES = {"ours": "`ml.matching.reranking.k_reciprocal`", "published": "published algorithm, plain numpy"}
RUNS = {"ours": 3, "published": 1}
TIED = 1e-5  # distances no farther apart are equal
FASTER, SMALLER = 10, 4  # what is to be held


def vehicles(queries: int, gallery: int, size: int) -> tuple[Float2D, Float2D]:
    """Features of vehicles with about 20 pictures each, scattered around their vehicle's own."""
    rng, count = np.random.default_rng(1), queries + gallery
    looks = rng.normal(size=(count // PICTURES + 1, size))
    features = looks[rng.integers(0, len(looks), count)] + 1.2 * rng.normal(size=(count, size))
    whole = np.clip(np.round(16 * features), -63, 63).astype(np.float32)
    return whole[:queries], whole[queries:]


def run_side(side: str, folder: Path) -> dict[str, float]:
    """Seconds, processor seconds and peak memory of one of the two; its distances are left in `folder`."""
    query, gallery = (np.load(folder / f"{name}.npy") for name in ("query", "gallery"))
    started, worked = time.perf_counter(), time.process_time()
    distances = SIDES[side](query, gallery, k1=K1, k2=K2, lambda_=LAMBDA)
    spent = {"seconds": time.perf_counter() - started, "processor_seconds": time.process_time() - worked}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    np.save(folder / f"{side}.npy", distances)
    return {**spent, "peak_mib": peak}


def measure(queries: int, gallery: int, size: int, threads: int) -> dict[str, dict[str, float]]:
    """The figures of both, their ratios, and how far their distances and rankings agree."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for side, features in zip(("query", "gallery"), vehicles(queries, gallery, size), strict=True):
            np.save(folder / f"{side}.npy", features)
        figures = {
            side: _medians([_in_own_process(side, folder, threads) for _ in range(RUNS[side])]) for side in SIDES
        }
        ours, published = (np.load(folder / f"{side}.npy") for side in SIDES)
    ratios = {name: figures["published"][name] / value for name, value in figures["ours"].items()}
    return {**figures, "ratios": ratios, "agreement": agreement(ours, published)}


def _medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _in_own_process(side: str, folder: Path, threads: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.rerank_speed", "--side", side, "--folder", str(folder)]
    chosen = {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ | chosen)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def agreement(ours: npt.NDArray[np.floating], published: npt.NDArray[np.floating]) -> dict[str, float]:
    """The largest difference of a distance, and the share of queries whose rankings are the same.

    Rankings are the same where the published distances, in our order, never fall by more than what counts as a tie.
    """
    sorted_by_ours = np.take_along_axis(published, np.argsort(ours, axis=1, kind="stable"), axis=1)
    same = (np.diff(sorted_by_ours, axis=1) >= -TIED).all(axis=1)
    return {"largest_difference": float(np.abs(ours - published).max()), "same_rankings": float(same.mean())}


def page(figures: dict[str, dict[str, float]], queries: int, gallery: int, size: int, threads: int) -> str:
    """The figures as a Markdown page."""
    ratios, agreed = figures["ratios"], figures["agreement"]
    rows = [
        f"| {NAMES[side]} | {found['seconds']:.1f} | {found['processor_seconds']:.1f} | {found['peak_mib']:,.0f} |"
        for side, found in ((side, figures[side]) for side in SIDES)
    ]
    return "\n".join(
        [
            "# Speed of k-reciprocal re-ranking",
            "",
            f"{queries:,} queries, {gallery:,} gallery pictures, {size} values; k1 {K1}, k2 {K2}, lambda {LAMBDA};",
            f"{os.cpu_count()} cores ({platform.machine()}), numpy with {threads} of them. Each in a process",
            "of its own, one after the other, the features in its memory; ours is the median of three.",
            "The published algorithm is written in plain numpy in `tests/published_reranking.py`, with whole matrices.",
            f"Made by `python -m tests.benchmarks.rerank_speed --threads {threads}`.",
            "",
            "| | seconds | processor seconds | peak MiB |",
            "|---|---:|---:|---:|",
            *rows,
            f"| times less | {ratios['seconds']:.1f} | {ratios['processor_seconds']:.1f} | {ratios['peak_mib']:.1f} |",
            "",
            "Seconds are the clock's; processor seconds are all threads' together, those too in which they wait for",
            "one another, as they do where other work fills the machine.",
            "",
            f"To be held: {FASTER} times faster, a quarter of the memory. Rankings are the same for",
            f"{agreed['same_rankings']:.2%} of the queries, distances within {TIED:g} counting as equal; the largest",
            f"difference of a distance is {agreed['largest_difference']:.0e}. Features are whole numbers here, whose",
            "distances float32 holds exactly. Of others, ours orders neighbours as double precision does; plain numpy",
            "in float32 exchanges some that are nearly equally near.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=1678)
    parser.add_argument("--gallery", type=int, default=11579)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of numpy (default: every core)")
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        print(json.dumps(run_side(options.side, options.folder)))
        return
    shape = options.queries, options.gallery, options.size, options.threads
    figures = measure(*shape)
    if not options.dry:
        PAGE.write_text(page(figures, *shape))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
