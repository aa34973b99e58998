from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.search import selectors
from backend.search.models import Look
from backend.search.selectors import Filters, Nearest, few_among, graph_rows, mean_look, nearest_looks, walk_among
from backend.tracking.models import Embedding, HiddenTracklet, Tracklet
from backend.tracking.rows import Reading
from backend.tracking.services import embeddings_replace, tracklets_replace
from tests.world import MODEL, World, tracklet_row

SIZE = 64


@pytest.fixture
def world(world: World) -> World:
    """c001 has T1..T3, whose looks turn away from the first axis by 0, 20, 40 degrees; c002 has T1 at 10 degrees."""
    rows = {0: [0, 20, 40], 1: [10]}
    for place, degrees in rows.items():
        video, numbers = world.videos[place], range(1, len(degrees) + 1)
        tracklets_replace(run=world.run, video=video, rows=[tracklet_row(each, 20 * each) for each in numbers])
        looks = [_embedded(number, angle) for number, angle in zip(numbers, degrees, strict=True)]
        embeddings_replace(run=world.run, video=video, model=MODEL, rows=looks)
    return world


def test_the_most_similar_come_first(world: World) -> None:
    found = nearest_looks(run=world.run, vector=_look(0), limit=3)
    assert _names(found) == ["c001 1", "c002 1", "c001 2"]
    expected = [1.0, np.cos(np.radians(10)), np.cos(np.radians(20))]
    assert [hit.similarity for hit in found.hits] == pytest.approx(expected, abs=2e-3)
    assert found.exact
    first, second, _ = found.hits
    mean = mean_look(run=world.run, tracklet_ids=[first.tracklet_id, second.tracklet_id])
    assert mean is not None
    np.testing.assert_allclose(mean, _look(5), atol=1e-3)
    assert mean_look(run=world.run, tracklet_ids=[]) is None


def test_the_graph_finds_what_comparing_one_by_one_finds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = nearest_looks(run=world.run, vector=_look(38), limit=3)
    _with_graph(monkeypatch)
    with CaptureQueriesContext(connection) as queries:
        walked = nearest_looks(run=world.run, vector=_look(38), limit=3)
    assert (walked.exact, _names(walked)) == (False, _names(one_by_one))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + next(each["sql"] for each in queries if "<#>" in each["sql"]))
        assert "looks_graph_64" in str(cursor.fetchall())


def test_all_are_compared_where_too_few_candidates_of_a_walk_pass(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_graph(monkeypatch)
    everything = nearest_looks(run=world.run, vector=_look(0), limit=9)
    assert (everything.exact, len(everything.hits)) == (True, 4)
    found = nearest_looks(run=world.run, vector=_look(0), limit=2, filters=Filters(cameras=[world.cameras[1].pk]))
    assert (found.exact, _names(found)) == (True, ["c002 1"])


def test_what_a_span_of_time_keeps_is_counted_where_the_planner_expects_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It expects three between 4.1 and 4.2 s, where two are seen."""
    _with_graph(monkeypatch)
    monkeypatch.setattr(selectors, "few_among", lambda looks: 2)
    span = Filters(from_s=4.1, to_s=4.2)
    assert nearest_looks(run=world.run, vector=_look(0), limit=1, filters=span).exact
    monkeypatch.setattr(selectors, "SPANS_TRUSTED", 0.0)
    with CaptureQueriesContext(connection) as queries:
        found = nearest_looks(run=world.run, vector=_look(0), limit=1, filters=span)
    assert (found.exact, _names(found)) == (True, ["c002 1"])
    assert any("COUNT" in each["sql"] for each in queries)


def test_finds_only_what_passes_the_filters_and_is_shown(world: World) -> None:
    def names(filters: Filters) -> list[str]:
        return _names(nearest_looks(run=world.run, vector=_look(0), limit=9, filters=filters))

    # c001 sees its vehicles at 2.0..2.9, 4.0..4.9 and 6.0..6.9 s, c002 starts 2 s later
    assert names(Filters(cameras=[world.cameras[1].pk])) == ["c002 1"]
    assert names(Filters(from_s=4.95)) == ["c001 3"]
    assert names(Filters(to_s=3.9)) == ["c001 1"]
    assert names(Filters(from_s=4.1, to_s=4.2)) == ["c002 1", "c001 2"]
    assert names(Filters(categories=[8])) == names(Filters(colours=["red"])) == []
    assert len(names(Filters(categories=[3], colours=[""]))) == 4
    everything = nearest_looks(run=world.run, vector=_look(0), limit=9).hits
    HiddenTracklet.objects.create(run=world.run, tracklet_id=everything[0].tracklet_id)
    found = nearest_looks(run=world.run, vector=_look(0), limit=9, without=[everything[1].tracklet_id])
    assert found.hits == everything[2:]
    short = np.array([1, 0, 0, 0], np.float32)
    assert nearest_looks(run=world.run, vector=short, limit=9).hits == []


def test_finds_a_type_and_a_colour_that_the_network_read_unless_people_named_another(world: World) -> None:
    """c002's vehicle reads as a red van; people say that it is blue, and its look is written again."""
    rows, video = [_embedded(1, 10)], world.videos[1]

    def names(filters: Filters) -> list[str]:
        return _names(nearest_looks(run=world.run, vector=_look(0), limit=9, filters=filters))

    def written() -> None:
        read = Reading("van", 0.9, "red", 0.8)
        embeddings_replace(run=world.run, video=video, model=MODEL, rows=rows, reading_of=lambda row: read)

    written()
    assert names(Filters(types=["van"])) == names(Filters(colours=["red"])) == ["c002 1"]
    Tracklet.objects.filter(run=world.run, video=video).update(colour="blue")
    written()
    assert names(Filters(types=["van"], colours=["blue"])) == ["c002 1"]
    assert names(Filters(colours=["red"])) == names(Filters(types=["bus"])) == []


def test_a_look_follows_its_embedding(world: World) -> None:
    assert Look.objects.count() == 4
    embeddings_replace(run=world.run, video=world.videos[1], model=MODEL, rows=[_embedded(1, 90)])
    assert _names(nearest_looks(run=world.run, vector=_look(90), limit=1)) == ["c002 1"]
    Embedding.objects.all().delete()
    assert not Look.objects.exists()


def _with_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph is walked however few looks there are, once PostgreSQL has counted them."""
    monkeypatch.setattr(selectors, "COMPARED_MEANWHILE", 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_look")


def _names(found: Nearest) -> list[str]:
    looks = {look.tracklet_id: look for look in Look.objects.select_related("tracklet", "camera")}
    hits = [looks[hit.tracklet_id] for hit in found.hits]
    return [f"{look.camera.name} {look.tracklet.number}" for look in hits]


def _look(degrees: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    look = np.zeros(SIZE, np.float32)
    look[:2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return look


def _embedded(number: int, degrees: float) -> SimpleNamespace:
    look, frames = _look(degrees), np.array([20 * number], np.int32)
    return SimpleNamespace(number=number, frames=frames, views=look[None], mean=look, crops=[])


@pytest.mark.parametrize(
    ("looks", "walk", "filtered", "few"),
    [
        (0, 200, 260, 52_000),
        (100_000, 200, 260, 52_000),
        (200_000, 271, 353, 70_600),
        (1_000_000, 551, 716, 143_200),
        (10**7, 1000, 1000, 200_000),
    ],
)
def test_walks_are_longer_in_larger_graphs_and_under_filters(looks: int, walk: int, filtered: int, few: int) -> None:
    assert (walk_among(looks), walk_among(looks, filtered=True), few_among(looks)) == (walk, filtered, few)


def test_a_graph_says_how_many_looks_it_holds(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_look")
    assert (graph_rows(SIZE), graph_rows(128)) == (4, 0)
