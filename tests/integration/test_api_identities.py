"""Identities of a run over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from backend.identities.services import identities_assign
from backend.tracking.models import Tracklet
from backend.tracking.services import embeddings_replace, tracklets_replace
from tests.world import MODEL, World, embedding_row, tracklet_row


def listed(world: World, **query: Any) -> list[dict[str, Any]]:
    answer = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/identities", query)
    assert answer.status_code == 200, answer.content
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def many_identities(world: World, count: int) -> None:
    """`count` vehicles, each in c001 alone; pictures of all."""
    rows = [tracklet_row(number, number % 80) for number in range(1, count + 1)]
    tracklets_replace(run=world.run, video=world.videos[0], rows=rows)
    tracklets_replace(run=world.run, video=world.videos[1], rows=[])
    pictures = [embedding_row(number, [number % 80 + 1]) for number in range(1, count + 1)]
    embeddings_replace(run=world.run, video=world.videos[0], model=MODEL, rows=pictures)
    tracklets = Tracklet.objects.filter(run=world.run).values_list("number", "pk")
    identities_assign(run=world.run, groups={number: [pk] for number, pk in tracklets})


def test_an_identity_has_its_tracklets_in_the_order_of_time(world: World) -> None:
    first, second = listed(world)
    assert (first["number"], first["camera_count"], first["tracklet_count"]) == (1, 2, 2)
    assert [each["camera"] for each in first["tracklets"]] == [camera.pk for camera in world.cameras]
    # c001 frames 10..19 at 10 frames/s; c002 frames 20..29, two seconds later.
    assert [(each["start_s"], each["end_s"]) for each in first["tracklets"]] == [(1.0, 1.9), (4.0, 4.9)]
    assert (first["start_s"], first["end_s"]) == (1.0, 4.9)
    assert (second["number"], second["camera_count"]) == (2, 1)


def test_pictures_come_best_first(world: World) -> None:
    tracklet = listed(world)[0]["tracklets"][0]
    urls = [f"/api/v1/tracklets/{tracklet['id']}/crops/{rank}.jpg" for rank in (0, 1)]
    assert tracklet["crop_urls"] == urls
    assert world.client("viewer").get(urls[0]).status_code == 200


def test_identities_are_found_by_cameras(world: World) -> None:
    assert [each["number"] for each in listed(world, min_cameras=2)] == [1]
    assert [each["number"] for each in listed(world, camera=world.cameras[0].pk)] == [1, 2]
    assert [each["number"] for each in listed(world, camera=world.cameras[1].pk)] == [1]
    assert listed(world, min_cameras=3) == []


@pytest.mark.parametrize(
    ("ordering", "numbers"),
    [("number", [1, 2]), ("-number", [2, 1]), ("start_s", [1, 2]), ("-start_s", [2, 1]), ("-camera_count", [1, 2])],
)
def test_identities_are_sorted_as_asked(world: World, ordering: str, numbers: list[int]) -> None:
    assert [each["number"] for each in listed(world, ordering=ordering)] == numbers


def test_an_unknown_order_is_refused(world: World) -> None:
    response = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/identities?ordering=colour")
    assert list(response.json()["fields"]) == ["ordering"]


def test_one_identity_is_found_by_its_number(world: World) -> None:
    client, url = world.client("viewer"), f"/api/v1/runs/{world.run.pk}/identities"
    assert client.get(f"{url}/1").json() == listed(world)[0]
    assert client.get(f"{url}/3").status_code == 404


@pytest.mark.parametrize("ordering", ["-camera_count", "-start_s", "number"])
def test_pages_hold_every_identity_once_in_any_order(world: World, ordering: str) -> None:
    many_identities(world, 60)
    client, seen = world.client("viewer"), []
    url = f"/api/v1/runs/{world.run.pk}/identities?limit=7&ordering={ordering}"
    while url:
        page = client.get(url).json()
        seen += [each["number"] for each in page["results"]]
        url = page["next"]
    assert sorted(seen) == list(range(1, 61))


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "WzAsMSwyLDNd", "WzAsIngiXQ", "WzAsbnVsbF0", "WzAsMWUzMDld"])
def test_a_cursor_from_elsewhere_is_refused(world: World, cursor: str) -> None:
    response = world.client("viewer").get(f"/api/v1/runs/{world.run.pk}/identities?cursor={cursor}")
    assert (response.status_code, response.json()["code"]) == (400, "bad-cursor")


def test_a_page_takes_the_same_queries_however_long(
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, url = world.client("viewer"), f"/api/v1/runs/{world.run.pk}/identities"
    with django_assert_max_num_queries(8) as few:
        client.get(url)
    many_identities(world, 40)
    with django_assert_num_queries(len(few)):
        assert len(client.get(url).json()["results"]) == 40
