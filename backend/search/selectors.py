"""The nearest tracklets of a run to a vector, among those that people see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable, F
from django.db.models.functions import Cast
from pgvector import HalfVector
from pgvector.django import HalfVectorField, MaxInnerProduct

from backend.search.models import GRAPH_SIZES, Look, graph
from backend.tracking.models import HiddenTracklet, Run

Vector = npt.NDArray[np.float32]

# So many looks are compared one by one in less time than the graph takes to find as many that pass a filter.
ONE_BY_ONE = 50_000
# Candidates that the graph keeps while it walks: more are surer and slower. The same number finds less in a larger
# graph: what 200 find among 100,000 looks takes 800 among a million (docs/benchmarks/vectors.md).
SHORTEST_WALK, LONGEST_WALK = 200, 1000  # the longest is PostgreSQL's own limit
WALKED, GROWTH = 100_000, 0.6


@dataclass(frozen=True, slots=True)
class Filters:
    """What a tracklet must be to be found. Empty or None: any.

    cameras        ids        categories  COCO ids        types  as the network read them
    colours        as people named them, or else as the network read them
    from_s, to_s   scene time; seen at some time between them
    """

    cameras: Collection[int] = ()
    categories: Collection[int] = ()
    types: Collection[str] = ()
    colours: Collection[str] = ()
    from_s: float | None = None
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """similarity: cosine, 1 for the very same look."""

    tracklet_id: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """hits, the most similar first. `exact`: all that pass the filters were compared, not only those of a walk."""

    hits: list[Hit]
    exact: bool


@transaction.atomic
def nearest_looks(
    *,
    run: Run,
    vector: Vector,
    limit: int,
    filters: Filters | None = None,
    without: Collection[int] = (),
    walk: int | None = None,
) -> Nearest:
    """The tracklets of the run that look most like `vector` [d], L2-normalised.

    without  ids of tracklets that shall not be found
    walk     candidates that the graph keeps; None: as many as its size asks for

    Few looks that pass the filters are compared one by one; among many a graph of neighbours is walked (HNSW), which
    now and then misses one.
    """
    rows = _passing(run, filters or Filters(), len(vector)).exclude(tracklet__in=list(without))
    exact = len(vector) not in GRAPH_SIZES or rows[: ONE_BY_ONE + 1].count() <= ONE_BY_ONE
    looks: Combinable = F("vector") if exact else Cast("vector", HalfVectorField(dimensions=len(vector)))
    _tune(walk=0 if exact else max(walk or walk_among(graph_rows(len(vector))), 2 * limit))
    shown = rows.filter(~Exists(HiddenTracklet.objects.filter(tracklet=OuterRef("tracklet"))))
    distance = MaxInnerProduct(looks, HalfVector(vector))
    found = shown.annotate(distance=distance).order_by("distance").values_list("tracklet", "distance")[:limit]
    hits = [Hit(tracklet, -distance) for tracklet, distance in found]
    return Nearest(sorted(hits, key=lambda hit: (-hit.similarity, hit.tracklet_id)), exact)


def walk_among(looks: int) -> int:
    """How many candidates to keep on a walk through a graph of so many looks."""
    growth: float = max(looks / WALKED, 1.0) ** GROWTH
    return min(round(SHORTEST_WALK * growth), LONGEST_WALK)


def graph_rows(size: int) -> int:
    """Looks in the graph over vectors of this length, of all runs, as PostgreSQL last counted them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [graph(size).name])
        (rows,) = cursor.fetchone()
    return max(int(rows), 0)


def mean_look(*, run: Run, tracklet_ids: Collection[int]) -> Vector | None:
    """[d] float32 L2-normalised mean of the looks of these tracklets of the run; None where they have none."""
    rows = Look.objects.filter(run=run, tracklet__in=list(tracklet_ids)).order_by("tracklet")
    vectors = list(rows.values_list("vector", flat=True))
    if not vectors:
        return None
    mean = np.mean(np.array(vectors, np.float32), axis=0)
    normalised: Vector = (mean / max(float(np.linalg.norm(mean)), 1e-6)).astype(np.float32)
    return normalised


def _passing(run: Run, filters: Filters, size: int) -> QuerySet[Look]:
    rows = Look.objects.filter(run=run, size=size).order_by()
    if filters.cameras:
        rows = rows.filter(camera__in=list(filters.cameras))
    if filters.categories:
        rows = rows.filter(category__in=list(filters.categories))
    if filters.types:
        rows = rows.filter(vehicle_type__in=list(filters.types))
    if filters.colours:
        rows = rows.filter(colour__in=list(filters.colours))
    if filters.from_s is not None:
        rows = rows.filter(end_s__gte=filters.from_s)
    return rows if filters.to_s is None else rows.filter(start_s__lte=filters.to_s)


def _tune(*, walk: int) -> None:
    """For the rest of the transaction: how far to walk, and on until enough pass the filters.

    Sorting is what a plan without the graph ends with. Compiling a query takes longer than these.
    """
    settings = {
        "jit": "off",
        "enable_sort": "off" if walk else "on",
        "hnsw.ef_search": str(min(max(walk, 1), LONGEST_WALK)),
        "hnsw.iterative_scan": "strict_order",
    }
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
