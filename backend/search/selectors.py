"""The nearest tracklets of a run to a vector, among those that people see."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import Combinable, F
from django.db.models.functions import Cast
from pgvector import HalfVector
from pgvector.django import HalfVectorField, MaxInnerProduct

from backend.search.models import GRAPH_SIZES, Look, graph
from backend.tracking.models import HiddenTracklet, Run

Vector = npt.NDArray[np.float32]

# So many looks are compared one by one in the time that a walk takes for one candidate (docs/benchmarks/vectors.md).
COMPARED_MEANWHILE = 200
# Counting takes half as long as comparing, and a planner takes spans of time for many times wider than they are.
SPANS_TRUSTED = 2.0
# Candidates that the graph keeps while it walks: more are surer and slower. The same number finds less in a larger
# graph: what 200 find among 100,000 looks takes 550 among a million.
SHORTEST_WALK, LONGEST_WALK = 200, 1000  # the longest is PostgreSQL's own limit
WALKED, GROWTH = 100_000, 0.44
# Fewer than this share of the graph pass: then a walk is longer by this factor, since only some candidates do.
NEARLY_ALL, FILTERED = 0.9, 1.3


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
    now and then misses one. Where too few of the candidates of the walk pass, all are compared after all.
    """
    filters = filters or Filters()
    rows = _passing(run, filters, len(vector)).exclude(tracklet__in=list(without))
    shown = rows.exclude(tracklet__in=HiddenTracklet.objects.filter(run=run).order_by().values("tracklet"))
    looks = graph_rows(len(vector)) if len(vector) in GRAPH_SIZES else 0
    passing = _passing_count(rows, looks, timed=filters.from_s is not None or filters.to_s is not None) if looks else 0
    if passing > few_among(looks):
        walk = walk or walk_among(looks, filtered=passing < NEARLY_ALL * looks)
        hits = _walked(shown, vector, limit, walk)
        if len(hits) == limit:
            return Nearest(hits, exact=False)
    return Nearest(_compared(shown, vector, limit), exact=True)


def walk_among(looks: int, *, filtered: bool = False) -> int:
    """How many candidates to keep on a walk through a graph of so many looks."""
    growth: float = max(looks / WALKED, 1.0) ** GROWTH
    return min(round(SHORTEST_WALK * growth * (FILTERED if filtered else 1)), LONGEST_WALK)


def few_among(looks: int) -> int:
    """How many looks are compared one by one rather than with the graph of so many looks."""
    return COMPARED_MEANWHILE * walk_among(looks, filtered=True)


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


def _passing_count(rows: QuerySet[Look], looks: int, *, timed: bool) -> int:
    """About how many rows pass, of a graph of so many looks, good enough to tell few from many.

    They are counted only where the planner's estimate does not decide, and only until it is clear that they are many.
    """
    [plan] = json.loads(rows.values("pk").explain(format="json"))
    estimate: int = plan["Plan"]["Plan Rows"]
    few = few_among(looks)
    if not timed or estimate <= few or estimate > NEARLY_ALL * looks:
        return estimate
    if estimate <= SPANS_TRUSTED * few:
        return few
    _tune({})
    return rows[: few + 1].count()


def _walked(rows: QuerySet[Look], vector: Vector, limit: int, walk: int) -> list[Hit]:
    # A plan without the graph ends with sorting.
    _tune({"enable_sort": "off", "hnsw.ef_search": str(min(max(walk, 2 * limit), LONGEST_WALK))})
    return _nearest(rows, Cast("vector", HalfVectorField(dimensions=len(vector))), vector, limit)


def _compared(rows: QuerySet[Look], vector: Vector, limit: int) -> list[Hit]:
    _tune({"enable_sort": "on"})
    return _nearest(rows, F("vector"), vector, limit)


def _nearest(rows: QuerySet[Look], looks: Combinable, vector: Vector, limit: int) -> list[Hit]:
    ranked = rows.annotate(distance=MaxInnerProduct(looks, HalfVector(vector))).order_by("distance")
    found = ranked.values_list("tracklet", "distance")[:limit]
    hits = [Hit(tracklet, -distance) for tracklet, distance in found]
    return sorted(hits, key=lambda hit: (-hit.similarity, hit.tracklet_id))


def _tune(settings: dict[str, str]) -> None:
    """For the rest of the transaction: these, and one core, and no compiling of queries that are over before it is."""
    settings = {"jit": "off", "max_parallel_workers_per_gather": "0", **settings}
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", list(chain(*settings.items())))
