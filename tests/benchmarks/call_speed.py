"""The calls under ours, beside ours: scipy's and lapx's assignment, torchvision's own Mask R-CNN.

`python -m tests.benchmarks.call_speed`. Cost tables are those of tracking: tracks by detections, four pairs in five
inadmissible. Both detectors have the same random network and see the same pictures, at a small size, without a GPU.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from ml.detection import DetectorConfig
from ml.detection.maskrcnn import MaskRcnn
from ml.detection.networks import build_network
from ml.tracking.association import Costs, assign
from tests.benchmarks.comparison.peers import peer_names

SIZES = ((5, 5), (20, 20), (40, 60), (150, 150))
TABLES, REPEATS = 50, 3
LIMIT = 0.7
BATCHES = (1, 2)


def cost_tables(tracks: int, detections: int) -> list[Costs]:
    """Costs 0..1 where a pair is admissible, infinite elsewhere."""
    rng = np.random.default_rng(3)
    costs = rng.uniform(0, 1, (TABLES, tracks, detections))
    return list(np.where(rng.uniform(size=costs.shape) < 0.2, costs, np.inf))


def milliseconds(work: Callable[[], object]) -> float:
    """Median over `REPEATS` of one call of `work`, after one that does not count."""
    work()
    spent = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        spent.append(1e3 * (time.perf_counter() - started))
    return statistics.median(spent)


def by_ours(costs: Costs) -> float:
    tracks, detections = np.arange(costs.shape[0]), np.arange(costs.shape[1])
    found = assign(costs, tracks, detections, limit=LIMIT)
    return float(np.sum(LIMIT - costs[found.tracks, found.detections]))


def by_scipy(costs: Costs) -> float:
    rows, columns = linear_sum_assignment(np.where(costs <= LIMIT, costs, LIMIT))
    return float(np.sum(LIMIT - np.where(costs <= LIMIT, costs, LIMIT)[rows, columns]))


def by_lapx(costs: Costs) -> float:
    _, rows, _ = import_module("lap").lapjv(np.where(costs <= LIMIT, costs, LIMIT), extend_cost=True)
    found = np.flatnonzero(rows >= 0)
    return float(np.sum(LIMIT - np.where(costs <= LIMIT, costs, LIMIT)[found, rows[found]]))


def assignment_figures() -> dict[str, dict[str, float]]:
    """Microseconds a table by size and solver; all must save the same cost below the limit."""
    solvers: dict[str, Callable[[Costs], float]] = {"ours": by_ours, "scipy": by_scipy}
    if peer_names():
        solvers["lapx"] = by_lapx
    figures = {}
    for tracks, detections in SIZES:
        tables = cost_tables(tracks, detections)
        saved = {name: sum(each(solve, tables)) for name, solve in solvers.items()}
        assert max(saved.values()) - min(saved.values()) < 1e-2, saved
        figures[f"{tracks}x{detections}"] = {
            name: round(1e3 * milliseconds(partial(each, solve, tables)) / TABLES, 1) for name, solve in solvers.items()
        }
    return figures


def each(solve: Callable[[Costs], float], tables: list[Costs]) -> list[float]:
    return [solve(table) for table in tables]


def detection_figures() -> dict[str, dict[str, float]]:
    """Milliseconds a picture by batch size: ours with and without features, and torchvision's plain call."""
    torch.manual_seed(0)
    network = build_network("maskrcnn-resnet50", min_size=192, max_size=352).eval()
    device = torch.device("cpu")
    pictures = list(np.random.default_rng(5).integers(0, 256, (max(BATCHES), 180, 320, 3), dtype=np.uint8))
    ours = {
        name: MaskRcnn(network, DetectorConfig(name="maskrcnn-resnet50", features=features), device)
        for name, features in (("ours", False), ("ours with features", True))
    }
    figures = {}
    for size in BATCHES:
        works = {name: partial(detector.detect, pictures[:size]) for name, detector in ours.items()}
        works["torchvision"] = partial(plain, network, pictures[:size])
        figures[f"batch {size}"] = {name: round(milliseconds(work) / size, 1) for name, work in works.items()}
    return figures


@torch.inference_mode()
def plain(network: Any, pictures: list[Any]) -> Any:
    """The call as torchvision's documentation shows it."""
    return network([torch.from_numpy(picture).permute(2, 0, 1).float() / 255 for picture in pictures])


def main() -> None:
    figures = {"assignment_us": assignment_figures(), "mask_rcnn_ms": detection_figures()}
    json.dump(figures, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
