"""Nearest tracklets among a million vectors in PostgreSQL: writes docs/benchmarks/vectors.md.

`python -m tests.benchmarks.vectors [--count N] [--folder DIR] [--walks N ...] [--graph M C] [--dry]`. The simulated
city's looks (`simulated_city`) go into an embedded database of their own, through the tables, the trigger and the index
that production has; queries are those of `backend.search`. A folder that was filled before is measured again at once,
or, with `--graph`, once its index is built anew with so many neighbours and candidates.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.types import Bool1D, Float2D, Int1D
from tests.benchmarks.simulated_city import SimulatedCity, simulated_city

if TYPE_CHECKING:
    from backend.tracking.models import Run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks" / "vectors.md"
PER_CAMERA, SIZE, TOP, BATCH, MORE = 1000, 64, 10, 50_000, 1000
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


@dataclass(frozen=True)
class Columns:
    """The tracklets camera by camera, as workers publish them."""

    cameras: Int1D
    starts_s: Any
    ends_s: Any
    looks: Float2D

    @property
    def camera_count(self) -> int:
        return int(self.cameras.max()) + 1

    @staticmethod
    def of(city: SimulatedCity) -> Columns:
        cameras = np.array([int(each.camera[1:]) for each in city.tracklets], np.int32)
        starts, ends = np.array([(each.start_s, each.end_s) for each in city.tracklets]).T
        looks = np.array([each.mean for each in city.tracklets])
        order = np.lexsort((starts, cameras))
        return Columns(cameras[order], starts[order], ends[order], looks[order])


def measure(count: int, walks: list[int], queries: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(what filling took, a row for each filter and walk)."""
    from backend.search.selectors import graph_rows, walk_among

    city = Columns.of(simulated_city(count, max(count // PER_CAMERA, 10), size=SIZE))
    run, filled = _filled(city)
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


def _filled(city: Columns) -> tuple[Run, dict[str, Any]]:
    """The run that holds the looks, and what bringing them in took."""
    from backend.tracking.models import Run

    found = Run.objects.select_related("scene").first()
    if found is None:
        _fill(city)
        found = Run.objects.select_related("scene").get()
    return found, _noted()


def _fill(city: Columns) -> None:
    from django.db import connection

    from backend.search.models import BUILD_CANDIDATES, NEIGHBOURS

    _drop_graph()
    _make_scene(city)
    more = len(city.looks) - MORE
    rows_s = _timed(lambda: _copy(city, range(more)))
    _note({"rows_s": rows_s, "more_s": 0.0})
    _build_graph(NEIGHBOURS, BUILD_CANDIDATES)
    _note({**_noted(), "more_s": _timed(lambda: _copy(city, range(more, len(city.looks))))})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _drop_graph() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS looks_graph_{SIZE}")


def _build_graph(neighbours: int, candidates: int) -> None:
    """The index over all looks, with these parameters."""
    from django.db import connection

    from backend.search.models import Look, graph

    index = graph(SIZE)
    index.m, index.ef_construction = neighbours, candidates
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '3GB'")
    with connection.schema_editor(atomic=False) as editor:
        seconds = _timed(lambda: editor.add_index(Look, index))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_look")
        cursor.execute("SELECT pg_relation_size('search_look'), pg_relation_size(%s::regclass)", [index.name])
        table, graph_size = cursor.fetchone()
    sizes = {"table_mib": table / 2**20, "index_mib": graph_size / 2**20}
    built = {"neighbours": neighbours, "candidates": candidates, "index_s": seconds, "load": os.getloadavg()[0]}
    _note({**_noted(), **built, **sizes})


def _note(filled: dict[str, Any]) -> None:
    """Kept with the database, as the comment of its table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE search_look IS %s", [json.dumps(filled)])


def _noted() -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('search_look'::regclass)")
        noted: dict[str, Any] = json.loads(cursor.fetchone()[0])
    return noted


def _make_scene(city: Columns) -> None:
    """A scene with a run and its cameras, each with a video, numbered as in the city."""
    from django.utils import timezone

    from backend.media.models import Video
    from backend.scenes.models import Camera, Scene
    from backend.tracking.models import Run

    scene = Scene.objects.create(name="simulated", slug="simulated")
    run = Run.objects.create(scene=scene, number=1, preset="cpu-light", config={}, started_at=timezone.now())
    cameras = [Camera(scene=scene, name=f"c{place:04d}", position=place) for place in range(city.camera_count)]
    made = Camera.objects.bulk_create(cameras)
    Video.objects.bulk_create(
        Video(camera=camera, file=f"{camera.name}.mp4", sha256=camera.name, size=0) for camera in made
    )
    scene.current_run = run
    scene.save()


def _copy(city: Columns, places: range) -> None:
    """Tracklets and mean embeddings, as `embeddings_replace` writes them; the database adds the looks."""
    from backend.media.models import Video
    from backend.tracking.models import Run

    run = Run.objects.get().pk
    videos = list(Video.objects.order_by("camera__position").values_list("pk", "camera"))
    for start in range(places.start, places.stop, BATCH):
        batch = range(start, min(start + BATCH, places.stop))
        _copy_rows("tracking_tracklet", (_tracklet(city, run, videos, place) for place in batch))
        _copy_rows("tracking_embedding", (_embedding(city, place) for place in batch))


def _tracklet(city: Columns, run: int, videos: list[tuple[int, int]], place: int) -> dict[str, Any]:
    video, camera = videos[int(city.cameras[place])]
    times = {"start_s": float(city.starts_s[place]), "end_s": float(city.ends_s[place])}
    packed = {"frames": b"", "boxes": b"", "scores": b""}
    frames = {"number": place + 1, "category": 3, "length": 1, "first_frame": 0, "last_frame": 0, "mean_score": 1.0}
    layer = {"layer": "run", "roots": [], "colour": "", "note": "", "machine_type": "", "machine_colour": ""}
    return {
        "id": place + 1,
        "run_id": run,
        "video_id": video,
        "camera_id": camera,
        **times,
        **frames,
        **packed,
        **layer,
    }


def _embedding(city: Columns, place: int) -> dict[str, Any]:
    vector = "[" + ",".join(f"{value:.6g}" for value in city.looks[place].tolist()) + "]"
    return {
        "id": place + 1,
        "tracklet_id": place + 1,
        "model": "m",
        "kind": "mean",
        "rank": 0,
        "crop": "",
        "vector": vector,
    }


def _copy_rows(table: str, rows: Iterable[dict[str, Any]]) -> None:
    from django.db import connection

    listed = list(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(listed[0])}) FROM STDIN") as copy:
        for row in listed:
            copy.write_row(list(row.values()))


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


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
                _drop_graph()
                _build_graph(*options.graph)
            filled, rows = measure(options.count, options.walks, options.queries)
    text = page(options.count, filled, rows)
    if not options.dry:
        PAGE.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
