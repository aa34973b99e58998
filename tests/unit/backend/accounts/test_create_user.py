from __future__ import annotations

import io

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from backend.accounts.models import User
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


def create(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> str:
    monkeypatch.delenv("CROSSTRACK_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    output = io.StringIO()
    call_command("create_user", *arguments, stdout=output)
    return output.getvalue()


def test_a_password_from_a_pipe_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "as analyst" in create(monkeypatch, "ann", "--role", "analyst")
    user = authenticate(username="ann", password=PASSWORD)
    assert isinstance(user, User)
    assert (user.role, user.is_staff) == ("analyst", False)


def test_a_password_from_the_environment_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSTRACK_PASSWORD", PASSWORD)
    call_command("create_user", "bob", "--role", "admin", stdout=io.StringIO())
    user = authenticate(username="bob", password=PASSWORD)
    assert isinstance(user, User)
    assert (user.is_staff, user.is_superuser) == (True, True)


def test_a_weak_password_and_a_taken_name_get_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="too short"):
        create(monkeypatch, "ann", password="abc")
    create(monkeypatch, "ann")
    with pytest.raises(CommandError, match="already a user named ann"):
        create(monkeypatch, "ann")
    assert User.objects.count() == 1


def test_a_password_on_the_command_line_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="unrecognized arguments"):
        create(monkeypatch, "ann", "--password", PASSWORD)
