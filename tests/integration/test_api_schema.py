"""The OpenAPI description: checked in, up to date, and true under fire."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.accounts.services import token_create
from backend.jobs.models import Job
from backend.search.likeness import View, likeness_ask
from backend.search.models import SearchPicture
from backend.uploads.models import SceneImport
from backend.uploads.services import Announced, upload_create
from tests.standing import rolled_back
from tests.unit.backend.training.conftest import files_of, make_label_set, make_version
from tests.world import World

CHECKED_IN = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
DESCRIPTION = yaml.safe_load(CHECKED_IN.read_text())
# Inputs drawn for each operation, besides those at the edges of what it describes.
EXAMPLES = int(os.environ.get("CROSSTRACK_API_EXAMPLES", "5"))
DESCRIBED = [response_schema_conformance, status_code_conformance, content_type_conformance]
schema = schemathesis.openapi.from_dict(DESCRIPTION)


@schemathesis.serializer("application/offset+octet-stream")
def _piece(context: Any, value: Any) -> Any:
    """A piece of an upload is its bytes."""
    return value


def test_the_checked_in_description_is_up_to_date() -> None:
    made = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    assert made.getvalue().strip() == CHECKED_IN.read_text().strip(), (
        "run: manage.py spectacular --file docs/openapi.yaml"
    )


def test_every_operation_has_its_own_clear_name() -> None:
    operations = [operation for path in DESCRIPTION["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert not any(name.startswith("api_") or "v1" in name for name in names)
    assert all(operation["description"] and "4XX" in operation["responses"] for operation in operations)


@dataclass(frozen=True)
class Target:
    """Whom an operation's requests come from, and a value for every name in its path that leads to something."""

    secret: str
    known: Mapping[str, int | str]


@pytest.fixture
def target(world: World) -> Target:
    _, secret = token_create(user=world.people["admin"], name="fire")
    return Target(secret, existing(world))


@pytest.mark.slow
@schema.parametrize()
@hypothesis_settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_no_input_makes_the_server_fail(case: schemathesis.Case[Any], target: Target) -> None:
    path = case.path.format(**{name: half(value, target.known[name]) for name, value in case.path_parameters.items()})
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    headers = {name: str(value) for name, value in (case.headers or {}).items() if name.lower() != "content-type"}
    with rolled_back():
        response = Client().generic(
            case.method,
            f"{path}?{query}",
            json.dumps(case.body) if isinstance(case.body, dict | list) else "",
            content_type="application/json",
            headers={**headers, "Authorization": f"Bearer {target.secret}"},
        )
    assert response.status_code < 500 or path.endswith("/health")
    case.validate_response(_received(response, case), checks=DESCRIBED)
    if response.status_code >= 400 and not path.endswith("/health"):
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["detail"]


def _received(response: Any, case: schemathesis.Case[Any]) -> Response:
    """What the client would have got of it."""
    content = b"" if response.streaming else response.content  # a film's bytes are no matter of a schema
    headers = {name.lower(): [value] for name, value in response.items()}
    request = requests.Request(case.method, f"http://testserver{case.formatted_path}").prepare()
    return Response(response.status_code, headers, content, request, elapsed=0.0, verify=False)


def half(value: Any, known: int | str) -> Any:
    """Every other value is one that exists, so that both what is there and what is not are asked for."""
    is_even = value % 2 == 0 if isinstance(value, int) else sum(map(ord, str(value))) % 2 == 0
    return known if is_even else value


def existing(world: World) -> dict[str, int | str]:
    """A value for every name in a path that leads to something of the world's."""
    picture = SearchPicture.objects.create(run=world.run, created_by=world.people["admin"], file="scenes/a.jpg")
    views = [View(tracklet.pk, 0) for tracklet in (world.tracklets[0], world.tracklets[2])]
    likeness = likeness_ask(actor=world.people["viewer"], run=world.run, left=views[0], right=views[1])
    announced = Announced(camera_name="c001", file_name="a.mp4", size=4)
    upload = upload_create(actor=world.people["manager"], scene=world.scene, announced=announced)
    label_set = make_label_set(world)
    version = make_version(world, label_set)
    return {
        "label_set_id": label_set.pk,
        "training_id": version.training_id,
        "version_id": version.pk,
        "scene_id": world.scene.pk,
        "user_id": world.people["viewer"].pk,
        "token_id": 1,
        "video_id": world.videos[0].pk,
        "camera_id": world.cameras[0].pk,
        "run_id": world.run.pk,
        "tracklet_id": world.tracklets[0].pk,
        "rank": 0,
        "number": 1,
        "job_id": Job.objects.filter(run=world.run).latest("pk").pk,
        "operation_id": 1,
        "picture_id": picture.pk,
        "likeness_id": likeness.pk,
        "upload_id": str(upload.pk),
        "scene_import_id": SceneImport.objects.create(scene=world.scene, file_name="city.zip").pk,
        **files_of(world, label_set),
    }
