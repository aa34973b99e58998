"""Nearest tracklets among a million vectors in PostgreSQL: writes docs/benchmarks/vectors.md.

`python -m tests.benchmarks.vectors [--count N] [--folder DIR] [--walks N ...] [--graph M C] [--dry]`. The simulated
city's looks (`simulated_city`) go into an embedded database of their own, through the tables, the trigger and the index
that production has; queries are those of `backend.search`. A folder that was filled before is measured again at once,
or, with `--graph`, once its index is built anew with so many neighbours and candidates.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.types import Bool1D, Float2D
from tests.benchmarks.look_tables import MORE, SIZE, Columns, build_graph, filled_run
from tests.benchmarks.simulated_city import simulated_city

if TYPE_CHECKING:
    from backend.tracking.models import Run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "vectors.md"
PER_CAMERA, TOP = 1000, 10
SPAN_S = 3600.0
SERVER = "-c max_wal_size=8GB -c max_parallel_maintenance_workers=1"  # else as everywhere
HOLD = {"p95_ms": 50.0, "recall": 0.95}
SHARES = (1.0, 0.2, 0.05, 0.01, 0.001)


@dataclass(frozen=True)
class Place:
    """A filter: the first so many cameras within a span of time, and which tracklets pass it."""

    cameras: int
    from_s: float
    to_s: float
    passing: Bool1D

    @staticmethod
    def keeping(share: float, city: Columns) -> Place:
        """About this share of all: half of it (by logarithm) by the cameras, the rest by time."""
        part = share**0.5
        cameras = max(round(part * city.camera_count), 1)
        middle, half = SPAN_S / 2, SPAN_S * share / (cameras / city.camera_count) / 2
        from_s, to_s = (0.0, 10 * SPAN_S) if share == 1 else (middle - half, middle + half)
        passing = (city.cameras < cameras) & (city.ends_s >= from_s) & (city.starts_s <= to_s)
        return Place(cameras, from_s, to_s, passing)


def measure(count: int, walks: list[int], queries: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(what filling took, a row for each filter and walk)."""
    from backend.search.selectors import graph_rows, walk_among

    city = Columns.of(simulated_city(count, max(count // PER_CAMERA, 10), size=SIZE))
    run, filled = filled_run(city)
    looks = graph_rows(SIZE)
    asked = np.random.default_rng(1).choice(len(city.looks), queries, replace=False)
    rows = []
    for share in SHARES:
        place = Place.keeping(share, city)
        right = [_nearest(city.looks, each, place.passing) for each in asked.tolist()]
        for walk in walks or [walk_among(looks, filtered=share < 1)]:
            row = _asked(run, city, place, asked, right, walk)
            rows.append({"share": float(place.passing.mean()), "rows": int(place.passing.sum()), "walk": walk, **row})
            print(rows[-1], file=sys.stderr, flush=True)
            if row["exact"]:
                break
    return filled, rows


def _asked(run: Run, city: Columns, place: Place, asked: Any, right: list[set[int]], walk: int) -> dict[str, Any]:
    from backend.search.selectors import Filters, nearest_looks

    everywhere = place.passing.all()
    cameras = list(run.scene.cameras.order_by("name").values_list("pk", flat=True)[: place.cameras])
    filters = Filters() if everywhere else Filters(cameras=cameras, from_s=place.from_s, to_s=place.to_s)
    server = Path(f"/proc/{_server_process()}/schedstat")
    taken, used, found, exact = [], [], [], False
    for index, wanted in zip(asked.tolist(), right, strict=True):
        start, before = time.perf_counter(), _processor_ms(server)
        query = {"vector": city.looks[index], "limit": TOP, "filters": filters, "without": [index + 1], "walk": walk}
        answer = nearest_looks(run=run, **query)
        taken.append((time.perf_counter() - start) * 1000)
        used.append(_processor_ms(server) - before)
        found.append(len({hit.tracklet_id - 1 for hit in answer.hits} & wanted) / max(len(wanted), 1))
        exact = answer.exact
    columns = {"": taken, "processor_": used}
    times = {
        f"{name}p{part}_ms": float(np.percentile(each, part)) for name, each in columns.items() for part in (50, 95)
    }
    return {"exact": exact, "recall": float(np.mean(found)), **times}


def _server_process() -> int:
    """The process of PostgreSQL that answers this one."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process: int = cursor.fetchone()[0]
    return process


def _processor_ms(server: Path) -> float:
    """What this process and the server's have used; on a busy machine it says more than a clock does."""
    return time.process_time() * 1000 + int(server.read_text().split()[0]) / 1e6


def _nearest(looks: Float2D, index: int, passing: Bool1D) -> set[int]:
    """The true neighbours among those that pass, without itself."""
    similarity = np.where(passing, looks @ looks[index], -2.0)
    similarity[index] = -2.0
    best = np.argpartition(-similarity, TOP)[:TOP]
    return set(best[similarity[best] > -2.0].tolist())


def page(count: int, filled: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """The figures as a Markdown page."""
    table = [
        f"| {row['rows']:,} | {100 * row['share']:.2f} % | {'one by one' if row['exact'] else row['walk']} "
        f"| {row['recall']:.4f} | {row['p50_ms']:.1f} | {row['p95_ms']:.1f} "
        f"| {row['processor_p50_ms']:.1f} | {row['processor_p95_ms']:.1f} |"
        for row in rows
    ]
    lines = [
        "# Nearest tracklets in PostgreSQL",
        "",
        f"{count:,} looks of {SIZE} values, those of the simulated city (`tests/benchmarks/simulated_city.py`), in the",
        "embedded PostgreSQL, through the tables, the index and the queries that production has (`backend/search`).",
        f"Recall is the share of the {TOP} truly nearest that are found. Made by `python -m tests.benchmarks.vectors`.",
        "",
        f"Rows came in within {filled['rows_s']:.0f} s; two processes built the index",
        f"({filled['neighbours']} neighbours, {filled['candidates']} candidates) in {filled['index_s']:.0f} s",
        f"(beside a load of {filled['load']:.0f} on {os.cpu_count()} cores); {MORE:,} more rows took "
        f"{filled['more_s']:.1f} s with the index in place.",
        f"The table has {filled['table_mib']:.0f} MiB, the index {filled['index_mib']:.0f} MiB.",
        "",
        "| rows that pass the filter | of all | walk | recall@10 | p50 ms | p95 ms | processor p50 ms | p95 ms |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
        *table,
        "",
        f"To be held: p95 under {HOLD['p95_ms']:g} ms and recall over {HOLD['recall']:g}, without filters and with one",
        "by camera and time that keeps 1 %. The walk is the number of candidates that the graph keeps",
        f"(`hnsw.ef_search`). Load while asking: {os.getloadavg()[0]:.0f}.",
        "",
    ]
    return "\n".join(lines)


@contextmanager
def _database(folder: Path) -> Any:
    """Django over an embedded database in `folder`, its tables made."""
    os.environ |= {"CROSSTRACK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "backend.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command
    from django.db import connection

    from backend.config.embedded import postgres

    postgres.start(folder, options=SERVER)
    try:
        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        postgres.stop(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the database is kept; without it, it is thrown away")
    parser.add_argument("--walks", type=int, nargs="+", default=[])
    parser.add_argument("--graph", type=int, nargs=2, metavar=("M", "C"), help="build the index anew with these first")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--dry", action="store_true", help="print only, leave the page as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as fresh:
        folder = (options.folder or Path(fresh)).resolve()
        with _database(folder):
            if options.graph:
                build_graph(*options.graph)
            filled, rows = measure(options.count, options.walks, options.queries)
    text = page(options.count, filled, rows)
    if not options.dry:
        PAGE.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
