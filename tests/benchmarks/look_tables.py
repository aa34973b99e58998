"""A million looks in PostgreSQL's tables, as workers publish them, and the graph over them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connection

from ml.types import Float2D, Int1D
from tests.benchmarks.simulated_city import SimulatedCity

if TYPE_CHECKING:
    from backend.tracking.models import Run

SIZE, BATCH, MORE = 64, 50_000, 1000


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


def filled_run(city: Columns) -> tuple[Run, dict[str, Any]]:
    """The run that holds the looks, and what bringing them in took."""
    from backend.tracking.models import Run

    found = Run.objects.select_related("scene").first()
    if found is None:
        _fill(city)
        found = Run.objects.select_related("scene").get()
    return found, _noted()


def _fill(city: Columns) -> None:
    from backend.search.models import BUILD_CANDIDATES, NEIGHBOURS

    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX looks_graph_{SIZE}")
    _make_scene(city)
    more = len(city.looks) - MORE
    rows_s = _timed(lambda: _copy(city, range(more)))
    _note({"rows_s": rows_s, "more_s": 0.0})
    build_graph(NEIGHBOURS, BUILD_CANDIDATES)
    _note({**_noted(), "more_s": _timed(lambda: _copy(city, range(more, len(city.looks))))})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def build_graph(neighbours: int, candidates: int) -> None:
    """The index over all looks anew, with these parameters."""
    from backend.search.models import Look, graph

    index = graph(SIZE)
    index.m, index.ef_construction = neighbours, candidates
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {index.name}")
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
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE search_look IS %s", [json.dumps(filled)])


def _noted() -> dict[str, Any]:
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
    listed = list(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(listed[0])}) FROM STDIN") as copy:
        for row in listed:
            copy.write_row(list(row.values()))


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
