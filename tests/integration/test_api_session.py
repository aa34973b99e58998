"""Signing in with a browser: CSRF, wrong passwords, slowing down guesses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from backend.accounts.models import Role
from tests.world import PASSWORD, World, person

SESSION = "/api/v1/session"


@pytest.fixture
def browser() -> Client:
    """A browser that is made to keep to CSRF, as a real one is."""
    return Client(enforce_csrf_checks=True)


def sign_in(browser: Client, name: str, password: str = PASSWORD, *, csrf: str | None = None) -> Any:
    token = browser.get(SESSION).json()["csrf_token"] if csrf is None else csrf
    body = {"username": name, "password": password}
    return browser.post(SESSION, body, content_type="application/json", headers={"X-CSRFToken": token})


def test_a_new_browser_is_nobody_and_gets_a_csrf_cookie(world: World, browser: Client) -> None:
    response = browser.get(SESSION)
    assert response.json()["user"] is None
    assert "csrftoken" in response.cookies


def test_signing_in_is_remembered_and_signing_out_forgotten(world: World, browser: Client) -> None:
    response = sign_in(browser, "analyst")
    assert response.status_code == 200
    session = browser.get(SESSION).json()
    assert session["user"]["username"] == "analyst"
    assert session["user"]["role"] == "analyst"
    gone = browser.delete(SESSION, headers={"X-CSRFToken": session["csrf_token"]})
    assert gone.status_code == 204
    assert browser.get(SESSION).json()["user"] is None
    assert browser.get("/api/v1/scenes").status_code == 401


def test_a_wrong_password_says_so_without_telling_which_part_was_wrong(world: World, browser: Client) -> None:
    wrong = [sign_in(browser, "analyst", "nonsense"), sign_in(browser, "nobody", "nonsense")]
    assert [response.status_code for response in wrong] == [400, 400]
    assert wrong[0].json() == wrong[1].json()
    assert wrong[0].json()["code"] == "wrong-credentials"


def test_signing_in_and_writing_need_the_csrf_token(world: World, browser: Client) -> None:
    assert sign_in(browser, "manager", csrf="").json()["code"] == "csrf-failed"
    sign_in(browser, "manager")
    response = browser.post("/api/v1/scenes", {"name": "X"}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "csrf-failed")


def test_a_name_of_half_a_character_is_refused(world: World, browser: Client) -> None:
    token = browser.get(SESSION).json()["csrf_token"]
    content = rb'{"username": "\ud800", "password": "x"}'
    response = browser.post(SESSION, content, content_type="application/json", headers={"X-CSRFToken": token})
    assert (response.status_code, list(response.json()["fields"])) == (400, ["username"])


def test_the_eleventh_guess_in_a_minute_waits(world: World, browser: Client) -> None:
    answers = [sign_in(browser, "analyst", "nonsense") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1].json()["code"] == "throttled"


def test_guesses_at_one_name_are_counted_whatever_address_they_come_from(world: World) -> None:
    def guess(address: str) -> int:
        body = {"username": "Analyst", "password": "nonsense"}
        browser = Client(REMOTE_ADDR=address)
        return browser.post(SESSION, body, content_type="application/json").status_code

    assert [guess(f"10.0.0.{number}") for number in range(11)] == [400] * 10 + [429]


def test_a_false_forwarded_address_does_not_escape_the_limit(world: World) -> None:
    def guess(number: int) -> int:
        body = {"username": f"name{number}", "password": "nonsense"}
        headers = {"X-Forwarded-For": f"10.0.0.{number}"}
        return Client().post(SESSION, body, content_type="application/json", headers=headers).status_code

    assert [guess(number) for number in range(11)][-1] == 429


def test_a_closed_account_cannot_sign_in(world: World, browser: Client) -> None:
    user = person("leaver", Role.ADMIN)
    user.is_active = False
    user.save()
    assert sign_in(browser, "leaver").status_code == 400
