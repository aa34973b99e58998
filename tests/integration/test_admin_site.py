"""The admin site: every model has its pages, machine results are only looked at."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from backend.config.admin import ResultAdmin
from tests.world import PASSWORD, World

OURS = [model for model in admin.site._registry if model.__module__.startswith("backend.")]
RESULTS = [model for model in OURS if isinstance(admin.site._registry[model], ResultAdmin)]


def page(model: type[Model], kind: str, *arguments: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=arguments)


def test_every_model_is_registered() -> None:
    assert {model.__name__ for model in OURS} >= {
        "User", "PersonalAccessToken", "Scene", "SceneMembership", "Camera", "Calibration", "CameraLink", "Video",
        "GroundTruthTrack", "Run", "Tracklet", "Embedding", "Candidate", "Identity", "IdentityMember", "RunIdentity",
        "Job", "JobLine",
    }  # fmt: skip


@pytest.mark.parametrize("model", OURS)
def test_every_list_and_search_and_row_opens(world: World, model: type[Model]) -> None:
    client = world.client("admin")
    assert client.get(page(model, "changelist")).status_code == 200
    assert client.get(page(model, "changelist"), {"q": "1"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert client.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", RESULTS)
def test_machine_results_cannot_be_written(world: World, model: type[Model]) -> None:
    client = world.client("admin")
    assert client.get(page(model, "add")).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert client.post(page(model, "change", row.pk), {}).status_code == 403
        assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_its_address_works_without_the_last_slash(world: World) -> None:
    assert world.client("admin").get("/admin").headers["Location"] == "/admin/"


def test_guessing_passwords_there_is_slowed_down_too(world: World) -> None:
    attempts = [Client().post("/admin/login/", {"username": "admin", "password": str(n)}) for n in range(11)]
    assert [response.status_code for response in attempts] == [200] * 10 + [429]
    assert int(attempts[-1]["Retry-After"]) > 0


def test_an_admin_signs_in_there(world: World) -> None:
    response = Client().post("/admin/login/?next=/admin/", {"username": "admin", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("name", ["viewer", "analyst", "manager", "stranger"])
def test_only_admins_enter(world: World, name: str) -> None:
    assert world.client(name).get("/admin/").status_code == 302
