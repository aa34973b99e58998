"""What a match after a match takes: writes docs/benchmarks/match-again.md.

`python -m tests.benchmarks.match_again [--sizes N ...] [--dry]`. Simulated cities (`simulated_city`, a thousand
tracklets to a camera, one hour). First a match without the second half hour of one camera, then with it, then once
more, then under one decision more. What is kept lies on the disk, as in the pipeline's cache, and every result is that
of a match of everything, to the last bit.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ml.matching import MatcherConfig, SyncResult, constrained_sync
from ml.matching.blocks import MatchStore, nothing_kept
from ml.matching.graph import NO_PAIRS, IndexPairs
from ml.pipeline.blocks import StoredBlocks
from ml.pipeline.cache import StageCache
from ml.types import CameraTracklet
from tests.benchmarks.simulated_city import SimulatedCity, simulated_city
from tests.benchmarks.sizes import ROOT, write_page
from tests.benchmarks.sync_scale import PER_CAMERA

PAGE = ROOT / "docs" / "benchmarks" / "match-again.md"
SIZES = (10_000, 100_000)
REPEATS = {10_000: 3}
CAMERA, FROM_S = "c0004", 1800.0
WHAT = {
    "everything": "everything, nothing kept",
    "first": "everything but the new half hour, kept for the next",
    "video": "with one camera's new half hour",
    "again": "nothing new",
    "decision": "one new decision",
}


def measure(size: int) -> dict[str, Any]:
    """Processor seconds of each match of a city of about `size` tracklets, medians."""
    city = simulated_city(size, size // PER_CAMERA)
    measured = [_once(city) for _ in range(REPEATS.get(size, 1))]
    medians = {name: median(each[name] for each in measured) for name in WHAT}
    return {"tracklets": len(city.tracklets), "cameras": size // PER_CAMERA, **medians}


def _once(city: SimulatedCity) -> dict[str, float]:
    before = [one for one in city.tracklets if one.camera != CAMERA or one.start_s < FROM_S]
    seconds: dict[str, float] = {}

    def match(name: str, scene: list[CameraTracklet], store: MatchStore, cannot: IndexPairs = NO_PAIRS) -> SyncResult:
        used = time.process_time()
        result = constrained_sync(scene, city.links, config=MatcherConfig(), cannot_links=cannot, store=store)
        seconds[name] = time.process_time() - used
        return result

    with tempfile.TemporaryDirectory() as folder:
        cache = StageCache(Path(folder))
        whole = match("everything", city.tracklets, nothing_kept)
        match("first", before, StoredBlocks(cache, "city"))
        for name in ("video", "again"):
            _require_same(match(name, city.tracklets, StoredBlocks(cache, "city")), whole)
        match("decision", city.tracklets, StoredBlocks(cache, "city"), _one_joined(whole))
    return seconds


def _one_joined(result: SyncResult) -> IndexPairs:
    """[1, 2] the joined pair in the middle: as good as surely one of the largest component."""
    joined = np.flatnonzero(result.pairs.joined)
    row = joined[len(joined) // 2]
    return np.array([[result.pairs.left[row], result.pairs.right[row]]])


def _require_same(one: SyncResult, other: SyncResult) -> None:
    if one.labels.tobytes() != other.labels.tobytes():
        raise AssertionError("a match after a match gave another result than a match of everything")


def page(rows: list[dict[str, Any]]) -> str:
    """The figures as a Markdown page."""
    lines = [
        "# A match after a match",
        "",
        "Processor seconds of strategy `constrained` on simulated cities of one hour, candidate search included, one",
        "thread; in brackets the share of a match of everything. What is kept between matches lies on the disk. Every",
        "result is that of a match of everything, to the last bit. Made by `python -m tests.benchmarks.match_again`.",
        "",
        f"| match | {' | '.join(_size(row) for row in rows)} |",
        f"|---|{'---:|' * len(rows)}",
        *(f"| {words} | {' | '.join(_cell(row, name) for row in rows)} |" for name, words in WHAT.items()),
        "",
        "Compared are the camera's own pairs and those with the four cameras that it is linked with. Groups grow anew",
        "in the components that have changed, and a component is as large as the streets on which every vehicle has a",
        "candidate that resembles it: here each road of ten cameras is nearly one, so that the city of ten cameras",
        "grows anew and of the one of a hundred a tenth.",
        "",
    ]
    return "\n".join(lines)


def _size(row: dict[str, Any]) -> str:
    return f"{row['tracklets']:,} tracklets, {row['cameras']} cameras"


def _cell(row: dict[str, Any], name: str) -> str:
    share = "" if name == "everything" else f" ({row[name] / row['everything']:.0%})"
    return f"{row[name]:.2f}{share}"


if __name__ == "__main__":
    write_page(__doc__, module="match_again", sizes=SIZES, measure=measure, page=page, target=PAGE)
