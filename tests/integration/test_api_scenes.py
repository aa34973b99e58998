"""Scenes, cameras, links and members over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from backend.accounts.models import Role
from backend.scenes.models import Scene
from backend.scenes.services import camera_create, member_set, scene_create
from backend.tracking.services import run_create, run_score_set
from tests.world import World, make_video

SCENES = "/api/v1/scenes"


def patch(client: Client, scene: Scene, changes: dict[str, Any], if_match: str | None) -> Any:
    headers = {} if if_match is None else {"If-Match": if_match}
    url = f"{SCENES}/{scene.pk}"
    return client.patch(url, changes, content_type="application/json", headers=headers)


def test_a_scene_is_described_by_what_is_in_it(world: World) -> None:
    run_score_set(run=world.run, score={"idf1": 0.75})
    scene = world.client("analyst").get(SCENES).json()["results"][0]
    assert scene["slug"] == "north-road"
    assert scene["camera_count"] == 2
    assert scene["duration_s"] == 12.0  # c002 starts at 2 s and lasts 10 s
    assert scene["poster_video_id"] == world.videos[0].pk
    assert scene["my_role"] == "analyst"
    assert scene["current_run"]["idf1"] == 0.75
    assert scene["latest_run"]["id"] == world.run.pk


def test_the_latest_run_is_shown_beside_the_current_one(world: World) -> None:
    later = run_create(actor=world.people["manager"], scene=world.scene, preset="cpu-light")
    scene = world.client("viewer").get(f"{SCENES}/{world.scene.pk}").json()
    assert scene["current_run"]["id"] == world.run.pk
    assert (scene["latest_run"]["id"], scene["latest_run"]["state"]) == (later.pk, "queued")


def test_an_empty_scene_has_no_duration_and_no_runs(world: World) -> None:
    response = world.client("manager").post(SCENES, {"name": "Empty"}, content_type="application/json")
    assert response.status_code == 201
    scene = response.json()
    assert (scene["camera_count"], scene["duration_s"], scene["poster_video_id"]) == (0, None, None)
    assert (scene["current_run"], scene["latest_run"], scene["my_role"]) == (None, None, "manager")


def test_slugs_come_from_names_and_stay_unique(world: World) -> None:
    client = world.client("manager")
    made = [client.post(SCENES, {"name": "North Road"}, content_type="application/json").json() for _ in range(2)]
    assert [scene["slug"] for scene in made] == ["north-road-2", "north-road-3"]
    taken = client.post(SCENES, {"name": "X", "slug": "north-road"}, content_type="application/json")
    assert list(taken.json()["fields"]) == ["slug"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "X" * 121}, "name"),
        ({"name": "X", "time_zone": "Mars/Olympus"}, "time_zone"),
        ({"name": "X", "starts_at": "yesterday"}, "starts_at"),
        ({"name": "nul \x00"}, "name"),
    ],
)
def test_bad_scenes_are_refused_by_field(world: World, body: dict[str, Any], field: str) -> None:
    response = world.client("manager").post(SCENES, body, content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == [field]


def test_a_change_needs_the_version_it_is_based_on(world: World) -> None:
    client = world.client("manager")
    tag = client.get(f"{SCENES}/{world.scene.pk}")["ETag"]
    assert patch(client, world.scene, {"name": "New"}, None).status_code == 428
    changed = patch(client, world.scene, {"name": "New"}, tag)
    assert changed.status_code == 200
    assert changed["ETag"] != tag
    assert changed.json()["version"] == 2


def test_a_stale_change_gets_both_versions(world: World) -> None:
    client = world.client("manager")
    tag = client.get(f"{SCENES}/{world.scene.pk}")["ETag"]
    patch(client, world.scene, {"description": "first"}, tag)
    stale = patch(client, world.scene, {"description": "second"}, tag)
    assert stale.status_code == 409
    problem = stale.json()
    assert problem["code"] == "stale-version"
    assert problem["current"]["description"] == "first"
    assert problem["yours"] == {"description": "second", "version": 1}
    assert Scene.objects.get().description == "first"


@pytest.mark.parametrize("tag", ["*", '"abc"', "nonsense", '"99999999999999999999"'])
def test_an_etag_that_is_none_of_ours_is_refused(world: World, tag: str) -> None:
    assert patch(world.client("manager"), world.scene, {"name": "New"}, tag).status_code == 400


def test_a_weak_tag_of_a_compressing_proxy_is_accepted(world: World) -> None:
    client = world.client("manager")
    tag = client.get(f"{SCENES}/{world.scene.pk}")["ETag"]
    assert patch(client, world.scene, {"name": "New"}, f"W/{tag}").status_code == 200


def test_polling_an_unchanged_scene_costs_no_body(world: World) -> None:
    client = world.client("viewer")
    for url in (SCENES, f"{SCENES}/{world.scene.pk}"):
        tag = client.get(url)["ETag"]
        again = client.get(url, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_polling_sees_a_run_change_though_the_scene_did_not(world: World) -> None:
    client = world.client("viewer")
    url = f"{SCENES}/{world.scene.pk}"
    tag = client.get(url)["ETag"]
    run_score_set(run=world.run, score={"idf1": 0.5})
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_cameras_come_with_calibration_and_videos(world: World) -> None:
    first, second = world.client("viewer").get(f"{SCENES}/{world.scene.pk}/cameras").json()
    assert (first["name"], second["name"]) == ("c001", "c002")
    assert first["calibration"]["direction"] == "ground-to-image"
    assert first["calibration"]["homography"] == [1, 0, 0, 0, 1, 0, 0, 0, 1]
    assert second["calibration"] is None
    assert first["roi_url"] == f"/api/v1/cameras/{first['id']}/roi"
    assert second["roi_url"] is None
    video = second["videos"][0]
    assert (video["frame_count"], video["fps"], video["start_s"], video["state"]) == (100, 10.0, 2.0, "ready")
    assert video["proxy_url"] == f"/api/v1/videos/{video['id']}/proxy"


def test_a_video_that_waits_offers_nothing_to_play(world: World, tmp_path: Path) -> None:
    make_video(tmp_path, camera_create(scene=world.scene, name="c003"), ready=False)
    video = world.client("viewer").get(f"{SCENES}/{world.scene.pk}/cameras").json()[2]["videos"][0]
    assert (video["state"], video["proxy_url"], video["frame_times_url"]) == ("pending", None, None)


def test_links_name_cameras_and_windows(world: World) -> None:
    (link,) = world.client("viewer").get(f"{SCENES}/{world.scene.pk}/links").json()
    assert (link["source"], link["target"]) == (world.cameras[0].pk, world.cameras[1].pk)
    assert (link["min_s"], link["max_s"], link["origin"]) == (0.0, 30.0, "manual")


def test_managers_add_change_and_remove_members(world: World) -> None:
    client, url = world.client("manager"), f"{SCENES}/{world.scene.pk}/members"
    body = {"username": "stranger", "role": "viewer"}
    assert client.post(url, body, content_type="application/json").status_code == 201
    assert client.post(url, {**body, "role": "analyst"}, content_type="application/json").status_code == 200
    roles = {member["user"]["username"]: member["role"] for member in client.get(url).json()}
    assert roles == {"manager": "manager", "viewer": "viewer", "analyst": "analyst", "stranger": "analyst"}
    assert world.client("stranger").get(f"{SCENES}/{world.scene.pk}").json()["my_role"] == "analyst"
    assert client.delete(f"{url}/{world.people['stranger'].pk}").status_code == 204
    assert world.client("stranger").get(f"{SCENES}/{world.scene.pk}").status_code == 404


def test_the_last_manager_cannot_leave_the_scene_alone(world: World) -> None:
    url = f"{SCENES}/{world.scene.pk}/members/{world.people['manager'].pk}"
    assert world.client("manager").delete(url).json()["code"] == "last-manager"
    assert world.client("admin").delete(url).status_code == 204


@pytest.mark.parametrize("body", [{"username": "nobody", "role": "viewer"}, {"username": "viewer", "role": "admin"}])
def test_impossible_members_are_refused(world: World, body: dict[str, str]) -> None:
    url = f"{SCENES}/{world.scene.pk}/members"
    assert world.client("manager").post(url, body, content_type="application/json").status_code == 400


def test_more_scenes_take_no_more_queries(
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = world.client("viewer")
    with django_assert_max_num_queries(8) as one_scene:
        client.get(SCENES)
    for number in range(5):
        scene = scene_create(actor=world.people["manager"], name=f"Scene {number}")
        member_set(actor=None, scene=scene, username="viewer", role=Role.VIEWER)
    assert isinstance(one_scene, CaptureQueriesContext)
    with django_assert_num_queries(len(one_scene)):
        assert len(client.get(SCENES).json()["results"]) == 6


def test_more_cameras_take_no_more_queries(
    world: World,
    tmp_path: Path,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, url = world.client("viewer"), f"{SCENES}/{world.scene.pk}/cameras"
    with django_assert_max_num_queries(8) as two_cameras:
        client.get(url)
    for number in range(5):
        make_video(tmp_path, camera_create(scene=world.scene, name=f"more{number}"))
    with django_assert_num_queries(len(two_cameras)):
        assert len(client.get(url).json()) == 7


def test_the_list_pages_forth_and_back(world: World) -> None:
    for number in range(5):
        scene_create(actor=world.people["manager"], name=f"Scene {number}")
    client = world.client("manager")
    pages = [client.get(f"{SCENES}?limit=2").json()]
    while pages[-1]["next"]:
        pages.append(client.get(pages[-1]["next"]).json())
    names = [[scene["name"] for scene in page["results"]] for page in pages]
    assert names == [["North Road", "Scene 0"], ["Scene 1", "Scene 2"], ["Scene 3", "Scene 4"]]
    back = client.get(pages[2]["previous"]).json()
    assert [scene["name"] for scene in back["results"]] == names[1]
    assert client.get(back["previous"]).json()["previous"] is None
