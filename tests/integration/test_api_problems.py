"""What every answer has in common: problems, security headers, the page for all other addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from backend.accounts.services import token_create
from backend.config.spa import NOT_BUILT
from tests.world import World


def test_an_unknown_address_of_the_api_is_a_problem(client: Client) -> None:
    for response in (
        client.get("/api/v1/nothing"),
        client.post("/api/v2/scenes"),
        client.get("/api/"),
        client.get("/api"),
    ):
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "not-found"


def test_a_problem_has_all_its_members(world: World) -> None:
    response = world.client("viewer").get("/api/v1/scenes/999999")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:crosstrack:problem:not-found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such scene, or you may not see it.",
        "code": "not-found",
    }


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[1]", b'"text"', b"null"])
def test_a_body_that_is_no_object_is_refused(world: World, content: bytes) -> None:
    response = world.client("manager").post("/api/v1/scenes", content, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"name":' * 50_000])
def test_a_body_nested_without_end_is_refused(world: World, content: bytes) -> None:
    response = world.client("manager").post("/api/v1/scenes", content, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "parse-error")


@pytest.mark.parametrize("by_token", [False, True])
def test_a_body_that_is_too_large_is_refused(world: World, by_token: bool) -> None:
    content = b'{"name": "' + b"x" * 3_000_000 + b'"}'
    client = Client() if by_token else world.client("manager")
    _, secret = token_create(user=world.people["manager"], name="script")
    headers = {"Authorization": f"Bearer {secret}"} if by_token else {}
    response = client.post("/api/v1/scenes", content, content_type="application/json", headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "request-too-large")


def test_another_sites_host_name_is_refused_in_a_sentence(client: Client) -> None:
    headers = {"Host": "elsewhere.example"}
    for path in ("/api/v1/session", "/scenes"):
        response = client.get(path, headers=headers)
        assert response.status_code == 400
        assert "ALLOWED_HOSTS" in response.content.decode()
    assert client.get("/api/v1/session", headers=headers).json()["code"] == "bad-request"


def test_other_methods_and_media_are_refused(world: World) -> None:
    client = world.client("manager")
    assert client.put("/api/v1/scenes").json()["code"] == "method-not-allowed"
    assert client.post("/api/v1/scenes", {"name": "form"}).json()["code"] == "unsupported-media-type"


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_numbers_beyond_any_row_are_not_found(world: World, number: int) -> None:
    client = world.client("admin")
    for path in ("scenes/{}", "runs/{}", "jobs/{}", "videos/{}/proxy", "cameras/{}/roi", "tracklets/{}/crops/0.jpg"):
        assert client.get(f"/api/v1/{path.format(number)}").status_code == 404
    assert client.get(f"/api/v1/tracklets/{world.tracklets[0].pk}/crops/{number + 5}.jpg").status_code == 404
    assert client.get(f"/api/v1/runs/{world.run.pk}/identities/{number}").status_code == 404


def test_answers_are_for_one_person_and_asked_for_again(world: World) -> None:
    assert world.client("viewer").get("/api/v1/scenes")["Cache-Control"] == "private, no-cache"


def test_every_answer_carries_the_content_security_policy(client: Client) -> None:
    for path in ("/api/v1/nothing", "/", "/admin/login/"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy


def test_every_other_address_is_the_application(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.FRONTEND_DIST = tmp_path
    assert Client().get("/scenes/3").content.decode() == NOT_BUILT
    (tmp_path / "index.html").write_text("<!doctype html>")
    for path in ("/", "/scenes/3", "/jobs?state=failed", "/apiary"):
        response = Client().get(path)
        assert (response.status_code, response.content) == (200, b"<!doctype html>")
        assert response["Cache-Control"] == "no-cache"
    assert Client().post("/scenes/3").status_code == 405


def test_a_page_names_what_the_browser_will_ask_for_first(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "index.html").write_text("<!doctype html>")
    named = {
        path: re.findall("<(.*?)>", Client().get(path)["Link"]) for path in ("/jobs", "/scenes/3x", "/scenes/3/review")
    }
    everywhere = ["/api/v1/session"]
    of_the_scene = [*everywhere, "/api/v1/scenes/3", "/api/v1/scenes/3/cameras"]
    assert named == {"/jobs": everywhere, "/scenes/3x": everywhere, "/scenes/3/review": of_the_scene}


def test_health_tells_what_is_missing(world: World, broker: str) -> None:
    response = Client().get("/api/v1/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok", "broker": "ok"})


def test_health_without_a_broker_is_degraded_within_a_second(world: World, settings: Settings) -> None:
    settings.BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    response = Client().get("/api/v1/health")
    assert response.status_code == 503
    assert response.json() == {"status": "degraded", "database": "ok", "broker": "unreachable"}
