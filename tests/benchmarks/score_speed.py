"""Seconds to score 20,000 boxes over 4 cameras, ours beside trackeval: writes docs/benchmarks/scoring.md.

`python -m tests.benchmarks.score_speed [--repeats N] [--dry]`. Both score the same rows in one process, turn about;
the figures are medians. Ours is all of `score_mtmc`: filters, figures over all and of each camera; trackeval's is IDF1,
CLEAR and HOTA over all alone, from similarities computed before (their time is a column of its own).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ml.evaluation import MtmcRows, score_mtmc
from ml.evaluation.filters import challenge_filter
from tests.trackeval_reference import sequence_data, trackeval_figures

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "scoring.md"
COUNTS = {f"c{number:03d}": 500 for number in range(1, 5)}
IN_VIEW = 10
STAY = 100  # frames that a vehicle is in view
HOLD = 1.0  # our time over trackeval's


def traffic(rng: np.random.Generator) -> MtmcRows:
    """20,000 boxes: in every camera 10 vehicles at a time side by side, each for 100 frames, then the next 10.

    The cameras show the same vehicles.
    """
    frames = np.tile(np.repeat(np.arange(500), IN_VIEW), len(COUNTS))
    lanes = np.tile(np.arange(IN_VIEW), 500 * len(COUNTS))
    speeds = rng.uniform(4, 9, len(frames))[lanes]
    places = np.column_stack(
        (speeds * (frames % STAY), lanes * 45.0, np.full(len(frames), 90.0), np.full(len(frames), 60.0))
    )
    numbers = (lanes + IN_VIEW * (frames // STAY)).astype(np.int32)
    return MtmcRows(np.repeat(list(COUNTS), 500 * IN_VIEW), numbers, frames.astype(np.int32), places)


def disturbed(truth: MtmcRows, rng: np.random.Generator) -> MtmcRows:
    """Boxes moved, one in twenty lost, a fifth of the vehicles numbered anew half-way, one in ten under another's."""
    kept = truth.take(rng.random(len(truth)) < 0.95)
    late = kept.frame % STAY > STAY // 2
    numbers = np.where(late & (kept.id % 5 == 0), kept.id + 1000, kept.id)
    numbers = np.where(~late & (kept.id % 10 == 3), numbers + 2000 * (kept.camera == "c002"), numbers)
    return MtmcRows(kept.camera, numbers.astype(np.int32), kept.frame, kept.xywh + rng.normal(0, 4, (len(kept), 4)))


def measure(repeats: int) -> dict[str, float]:
    """Median seconds of either, their ratio, and the largest difference of a figure."""
    rng = np.random.default_rng(1)
    truth = traffic(rng)
    predicted = disturbed(truth, rng)
    scored = challenge_filter(predicted, {})
    seconds: dict[str, list[float]] = {"ours": [], "similarities": [], "trackeval": []}
    for _ in range(repeats):
        marks = [time.perf_counter()]
        ours = score_mtmc(truth, predicted, rois={}, frame_counts=COUNTS)
        marks.append(time.perf_counter())
        data = sequence_data(truth, scored, COUNTS)
        marks.append(time.perf_counter())
        theirs = trackeval_figures(data)
        marks.append(time.perf_counter())
        for name, spent in zip(seconds, np.diff(marks).tolist(), strict=True):
            seconds[name].append(spent)
    found = asdict(ours)
    medians = {name: statistics.median(spent) for name, spent in seconds.items()}
    apart = max(abs(found[name] - value) for name, value in theirs.items())
    return {"boxes": len(truth), **medians, "ratio": medians["ours"] / medians["trackeval"], "apart": apart}


def page(figures: dict[str, float], repeats: int) -> str:
    """The figures as a Markdown page."""
    return "\n".join(
        [
            "# Speed of scoring",
            "",
            f"{figures['boxes']:,.0f} true boxes over {len(COUNTS)} cameras and about as many predicted; median of",
            f"{repeats} runs turn about in one process, {os.cpu_count()} cores ({platform.machine()}).",
            "Made by `python -m tests.benchmarks.score_speed`.",
            "",
            "| | seconds |",
            "|---|---:|",
            f"| `score_mtmc`: filters, IDF1, CLEAR, HOTA over all cameras and of each | {figures['ours']:.3f} |",
            f"| trackeval: IDF1, CLEAR, HOTA over all cameras | {figures['trackeval']:.3f} |",
            f"| the similarities that trackeval is given | {figures['similarities']:.3f} |",
            "",
            f"Ours takes {figures['ratio']:.2f} of trackeval's time, similarities left out; hold: below {HOLD:.0f}.",
            f"The figures of both differ by {figures['apart']:.0e} at most.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    figures = measure(options.repeats)
    if not options.dry:
        PAGE.write_text(page(figures, options.repeats))
    print(json.dumps({name: round(value, 4) for name, value in figures.items()} | {"hold": HOLD}))


if __name__ == "__main__":
    main()
