"""Personal access tokens: shown once, hashed, limited, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from backend.accounts.models import PersonalAccessToken
from tests.world import World

TOKENS = "/api/v1/tokens"


def make_token(world: World, name: str = "manager", **options: Any) -> dict[str, Any]:
    body = {"name": "script", **options}
    response = world.client(name).post(TOKENS, body, content_type="application/json")
    assert response.status_code == 201, response.content
    made: dict[str, Any] = response.json()
    return made


def use(token: dict[str, Any], method: str = "get", path: str = "/api/v1/scenes", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token['secret']}"}
    send = getattr(Client(enforce_csrf_checks=True), method)
    return send(path, body, content_type="application/json", headers=headers)


def test_a_token_works_as_its_person_without_csrf(world: World) -> None:
    token = make_token(world)
    assert token["secret"].startswith("ct_")
    assert use(token).json()["results"][0]["name"] == "North Road"
    assert use(token, "post", body={"name": "Another"}).status_code == 201


def test_the_secret_is_shown_once_and_not_kept(world: World) -> None:
    secret = make_token(world)["secret"]
    listed = world.client("manager").get(TOKENS).json()["results"]
    assert [token["name"] for token in listed] == ["script"]
    assert "secret" not in listed[0]
    row = PersonalAccessToken.objects.get()
    assert secret not in (row.digest, row.prefix)
    assert secret.startswith(row.prefix)


def test_a_revoked_token_stops_at_once(world: World) -> None:
    token = make_token(world)
    assert world.client("manager").delete(f"{TOKENS}/{token['id']}").status_code == 204
    response = use(token)
    assert response.status_code == 401
    assert "revoked" in response.json()["detail"]
    assert world.client("manager").get(TOKENS).json()["results"] == []


def test_an_expired_token_stops(world: World) -> None:
    token = make_token(world, expires_at=(timezone.now() + timedelta(hours=1)).isoformat())
    assert use(token).status_code == 200
    PersonalAccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert use(token).status_code == 401


def test_an_expiry_in_the_past_is_refused(world: World) -> None:
    body = {"name": "late", "expires_at": "2001-01-01T00:00:00Z"}
    response = world.client("manager").post(TOKENS, body, content_type="application/json")
    assert response.status_code == 400
    assert list(response.json()["fields"]) == ["expires_at"]


def test_a_read_only_token_refuses_every_write(world: World) -> None:
    token = make_token(world, read_only=True)
    assert use(token).status_code == 200
    for method in ("post", "patch", "put", "delete"):
        response = use(token, method, body={"name": "Another"})
        assert response.json()["code"] == "read-only-token"


def test_a_made_up_token_is_unknown(world: World) -> None:
    assert use({"secret": "ct_nonsense"}).status_code == 401
    assert use({"secret": ""}).status_code == 401


def test_nobody_revokes_another_persons_token(world: World) -> None:
    token = make_token(world)
    assert world.client("admin").delete(f"{TOKENS}/{token['id']}").status_code == 404
    assert use(token).status_code == 200


def test_a_token_cannot_make_tokens(world: World) -> None:
    assert use(make_token(world), "post", TOKENS, {"name": "child"}).status_code == 401


def test_the_last_use_is_noted_at_most_once_a_minute(world: World) -> None:
    token = make_token(world)
    use(token)
    first = PersonalAccessToken.objects.get().last_used_at
    use(token)
    assert first is not None
    assert PersonalAccessToken.objects.get().last_used_at == first
