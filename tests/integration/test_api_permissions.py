"""Who may call what: every route and method of the URL conf, for every kind of person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from backend.jobs.models import Job
from backend.labels.models import LabelExport, LabelImport, LabelSet
from backend.labels.services import label_set_create
from backend.media.storage import save_bytes
from backend.review.models import Answer, Operation
from backend.review.services.decisions import verdict_give
from backend.review.services.recording import Opinion
from backend.scenes.models import ScenePlan
from backend.search.likeness import View, likeness_ask
from backend.search.models import Likeness, SearchPicture
from backend.tracking.models import Run, RunState
from backend.training.models import ModelVersion, TrainingRun
from backend.training.services import model_promote
from backend.uploads.models import SceneImport, Upload
from backend.uploads.services import Announced, upload_create
from tests.unit.backend.training.conftest import make_label_set, make_training, make_version
from tests.world import JPEG, World

METHODS = ("get", "post", "patch", "put", "delete")
PUBLIC = {("get", "health"), ("get", "session"), ("post", "session"), ("delete", "session")}
# Routes about the person or the site, not about a scene: they hide nothing from a stranger.
WITHOUT_SCENE = {
    "health", "schema", "session", "tokens", "tokens/{token_id}", "scenes", "jobs", "presets", "training-recipes",
}  # fmt: skip
# Writes that a viewer may do: about their own account, and their own questions.
OWN = {"session", "tokens", "tokens/{token_id}", "runs/{run_id}/search/pictures", "runs/{run_id}/likeness"}
# A plan of 10 pixels a metre, the picture's top in the north.
CORNERS = [[0, 0], [50, 0], [50, 50], [0, 50]]
PAIRS = {
    "unit": "metres",
    "pairs": [{"pixel": [10 * x + 50, 600 - 10 * y - 60], "place": [x, y]} for x, y in CORNERS],
}
BODIES: dict[tuple[str, str], Any] = {
    ("post", "scenes"): {"name": "Another"},
    ("patch", "scenes/{scene_id}"): {"name": "Renamed"},
    ("post", "scenes/{scene_id}/members"): {"username": "stranger", "role": "viewer"},
    ("post", "scenes/{scene_id}/runs"): {"preset": "cpu-light"},
    ("post", "scenes/{scene_id}/cameras"): {"name": "c009"},
    ("patch", "videos/{video_id}"): {"start_s": 1.5},
    ("put", "scenes/{scene_id}/review/settings"): {"people_per_pair": 2},
    ("put", "scenes/{scene_id}/training-budget"): {"minutes": 10},
    ("post", "scenes/{scene_id}/promotions"): {"version": 2},
    ("put", "scenes/{scene_id}/links"): {"links": []},
    ("put", "scenes/{scene_id}/plan"): {"unit": "metres", "pairs": [], "cameras": []},
    ("put", "cameras/{camera_id}/setup/region"): {"polygons": []},
    ("post", "cameras/{camera_id}/setup/clock"): {"seconds": 1.5},
    ("put", "cameras/{camera_id}/setup/calibration"): PAIRS,
    ("post", "cameras/{camera_id}/setup/calibration/fit"): PAIRS,
}
QUERIES = {
    "runs/{run_id}/tracks": "?video={video}",
    "runs/{run_id}/search": "?tracklet={tracklet}",
    "runs/{run_id}/comparison": "?with={run}",
    "training-estimate": "?label_set={label_set}&recipe=scene",
}
# What a request to an upload says; others do not look at it.
TUS = {
    "Tus-Resumable": "1.0.0",
    "Upload-Length": "4",
    "Upload-Offset": "0",
    "Upload-Metadata": "filename YS5tcDQ=,camera YzAwMQ==",  # a.mp4, c001
}
# Reads for managers only.
MANAGERS = ("/members", "/uploads", "uploads/{upload_id}", "/imports", "scene-imports/{scene_import_id}")
# Writes that an analyst may do.
REVIEW = {
    "scenes/{scene_id}/edits",
    "scenes/{scene_id}/review/boards",
    "scenes/{scene_id}/review/lease",
    "scenes/{scene_id}/verdicts",
    "scenes/{scene_id}/verdicts/bulk",
    "scenes/{scene_id}/identities/merge",
    "scenes/{scene_id}/identities/confirm",
    "scenes/{scene_id}/identities/split",
    "operations/{operation_id}/undo",
    "scenes/{scene_id}/trainings",
    "models/{version_id}/compare",
    "scenes/{scene_id}/label-sets",
    "scenes/{scene_id}/label-exports",
    "scenes/{scene_id}/label-imports",
    "label-imports/{import_id}/apply",
}


def routes() -> Iterator[tuple[str, str]]:
    """(method, path) of everything under /api/v1."""
    api = next(each for each in get_resolver().url_patterns if str(each.pattern) == "api/v1/")
    assert isinstance(api, URLResolver)
    yield from _routes(api)


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        path = prefix + re.sub(r"<(?:int|uuid):(\w+)>", r"{\1}", str(each.pattern))
        if isinstance(each, URLPattern):
            view = each.callback.view_class  # type: ignore[attr-defined]
            yield from ((method, path) for method in METHODS if hasattr(view, method))
        else:
            yield from _routes(each, path)


ROUTES = list(routes())
SCENE_ROUTES = [route for route in ROUTES if route[1] not in WITHOUT_SCENE]
WRITES = [route for route in ROUTES if route[0] != "get"]


def call(client: Client, world: World, method: str, path: str) -> Any:
    job = Job.objects.filter(run=world.run).first()
    assert job is not None
    numbers = {
        "scene_id": world.scene.pk,
        "user_id": world.people["viewer"].pk,
        "token_id": 1,
        "video_id": world.videos[0].pk,
        "camera_id": world.cameras[0].pk,
        "run_id": world.run.pk,
        "tracklet_id": world.tracklets[0].pk,
        "rank": 0,
        "number": 1,
        "job_id": job.pk,
        "operation_id": an_operation(world).pk if "operation_id" in path else 0,
        "upload_id": an_upload(world).pk if "upload_id" in path else 0,
        "label_set_id": a_label_set(world).pk if "label_set_id" in path else 0,
        "export_id": an_export(world).pk if "export_id" in path else 0,
        "import_id": an_import(world).pk if "import_id" in path else 0,
        "scene_import_id": a_scene_import(world, is_made=path.endswith("/undo")).pk if "scene_import_id" in path else 0,
        "picture_id": a_picture(world, client).pk if "picture_id" in path else 0,
        "likeness_id": a_likeness(world).pk if "likeness_id" in path else 0,
        "training_id": a_training(world).pk if "training_id" in path else 0,
        "version_id": a_version(world).pk if "version_id" in path else 0,
    }
    if "/promotions" in path:
        version = a_version(world)
        if path.endswith("/roll-back"):
            model_promote(actor=world.people["manager"], scene=world.scene, number=version.number)
    label_set = make_label_set(world, number=9).pk if path.endswith(("/trainings", "training-estimate")) else 0
    if path.endswith("/label-sets"):
        an_operation(world)  # something to keep
    url = f"/api/v1/{path.format(**numbers)}"
    query = QUERIES.get(path, "").format(
        video=world.videos[0].pk, tracklet=world.tracklets[0].pk, run=world.run.pk, label_set=label_set
    )
    body = BODIES.get((method, path)) or decisions(world).get(path, {})
    if (method, path) == ("post", "scenes/{scene_id}/trainings"):
        body = {"label_set": label_set, "recipe": "scene", "minutes": 5}
    headers = TUS | ({"If-Match": '"1"'} if method in {"patch", "put", "delete"} else {})
    if (method, path) == ("patch", "uploads/{upload_id}"):
        return client.patch(url, b"film", content_type="application/offset+octet-stream", headers=headers)
    if (method, path.rpartition("/")[2]) == ("post", "label-imports"):
        return client.post(f"{url}?kind=cvat&file_name=c001.xml", b"<a/>", content_type="application/octet-stream")
    if path.endswith("/setup/clock"):
        Run.objects.update(state=RunState.SUCCEEDED)
        headers["If-Match"] = '"1"'
    if path.endswith("/plan") or path.endswith("/plan/picture"):
        a_plan(world)
    if (method, path) == ("put", "scenes/{scene_id}/plan/picture"):
        return client.put(url, JPEG, content_type="image/jpeg", headers=headers)
    if path.endswith("/search/pictures"):
        return client.post(url, JPEG, content_type="image/jpeg")
    if path.endswith(("/export", "/label-exports")):
        Run.objects.update(state=RunState.SUCCEEDED)
    send = getattr(client, method)
    if method == "get":
        return send(url + query)
    return send(url, body, content_type="application/json", headers=headers)


def decisions(world: World) -> dict[str, Any]:
    """What somebody may decide about the world's tracklets, by path."""
    first, other, second = (tracklet.pk for tracklet in world.tracklets)
    return {
        "scenes/{scene_id}/edits": {"run": world.run.pk, "edits": [{"op": "hide", "tracklet": other}]},
        "scenes/{scene_id}/verdicts": {"left": first, "right": other, "verdict": "different"},
        "scenes/{scene_id}/verdicts/bulk": {"answers": [{"left": first, "right": other, "verdict": "different"}]},
        "scenes/{scene_id}/identities/merge": {"run": world.run.pk, "numbers": [1, 2]},
        "scenes/{scene_id}/identities/confirm": {"run": world.run.pk, "number": 1},
        "scenes/{scene_id}/identities/split": {"tracklets": [second]},
        "runs/{run_id}/likeness": {"left": first, "right": second},
        "scenes/{scene_id}/label-exports": {"format": "mot", "run": world.run.pk},
    }


def an_operation(world: World) -> Operation:
    first, _, second = world.tracklets
    return verdict_give(
        actor=world.people["manager"], scene=world.scene, left=first, right=second, opinion=Opinion(Answer.DIFFERENT)
    )


def a_label_set(world: World) -> LabelSet:
    an_operation(world)
    return label_set_create(actor=world.people["manager"], scene=world.scene)


def a_training(world: World) -> TrainingRun:
    """With a ranking of two pictures to look at."""
    training = make_training(world, make_label_set(world))
    shown = {"file": save_bytes("scenes/trainings/a.jpg", JPEG), "camera": "c001", "identity": 1}
    training.samples = [{"query": shown, "found": [shown]}]
    training.save()
    return training


def a_version(world: World) -> ModelVersion:
    return make_version(world, make_label_set(world))


def a_likeness(world: World) -> Likeness:
    left, _, right = (View(tracklet.pk, 0) for tracklet in world.tracklets)
    return likeness_ask(actor=world.people["manager"], run=world.run, left=left, right=right)


def an_export(world: World) -> LabelExport:
    name = save_bytes("scenes/exports/a.zip", b"a zip")
    return LabelExport.objects.create(scene=world.scene, format="mot", label_set=a_label_set(world), file=name)


def an_import(world: World) -> LabelImport:
    """Checked already."""
    report = {"cameras": [], "identities": 1, "renumbered": 0, "dropped": {}}
    about = {"format": "cvat", "ids": "camera", "file_name": "c001.xml", "file": "none", "report": report}
    return LabelImport.objects.create(scene=world.scene, created_by=world.people["manager"], **about)


def an_upload(world: World) -> Upload:
    announced = Announced(camera_name="c001", file_name="a.mp4", size=4)
    return upload_create(actor=world.people["manager"], scene=world.scene, announced=announced)


def a_plan(world: World) -> ScenePlan:
    return ScenePlan.objects.create(scene=world.scene, picture=save_bytes("a.jpg", JPEG), width=9, height=9)


def a_scene_import(world: World, *, is_made: bool = False) -> SceneImport:
    report = {"folder": "S01", "cameras": [], "links": [], "left_out": [], "problems": []}
    about = {"file_name": "city.zip", "report": report, "made": {} if is_made else None}
    return SceneImport.objects.create(scene=world.scene, created_by=world.people["manager"], **about)


def a_picture(world: World, client: Client) -> SearchPicture:
    """Of who asks, or of a viewer where nobody is signed in."""
    owner = client.session.get("_auth_user_id") or world.people["viewer"].pk
    return SearchPicture.objects.create(run=world.run, created_by_id=owner, file="scenes/searches/a.jpg")


def test_the_table_knows_every_route() -> None:
    assert len(ROUTES) > 30
    assert {path for _, path in ROUTES} >= WITHOUT_SCENE


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route not in PUBLIC])
def test_nobody_gets_in_without_signing_in(world: World, method: str, path: str) -> None:
    response = call(Client(), world, method, path)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), SCENE_ROUTES)
def test_a_stranger_cannot_tell_that_a_scene_exists(world: World, method: str, path: str) -> None:
    response = call(world.client("stranger"), world, method, path)
    assert response.status_code == 404
    assert "North Road" not in response.content.decode()


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] == "get"])
def test_a_member_may_read(world: World, method: str, path: str) -> None:
    response = call(world.client("viewer"), world, method, path)
    expected = {200, 503} if path == "health" else {403} if path.endswith(MANAGERS) else {200}
    assert response.status_code in expected


@pytest.mark.parametrize(("method", "path"), [route for route in WRITES if route[1] not in OWN])
def test_a_viewer_writes_nothing(world: World, method: str, path: str) -> None:
    response = call(world.client("viewer"), world, method, path)
    assert response.status_code == 403
    assert response.json()["code"] == "role-too-low"


@pytest.mark.parametrize(("method", "path"), [route for route in WRITES if route[1] not in OWN | REVIEW])
def test_an_analyst_starts_and_changes_nothing_of_the_managers(world: World, method: str, path: str) -> None:
    assert call(world.client("analyst"), world, method, path).status_code == 403


@pytest.mark.parametrize(("method", "path"), [route for route in WRITES if route[1] in REVIEW])
def test_an_analyst_reviews(world: World, method: str, path: str) -> None:
    assert call(world.client("analyst"), world, method, path).status_code in {200, 201, 202}


@pytest.mark.parametrize(("method", "path"), SCENE_ROUTES)
def test_an_admin_needs_no_membership(world: World, method: str, path: str) -> None:
    response = call(world.client("admin"), world, method, path)
    assert response.status_code < 400 or response.json()["code"] in {"job-not-failed", "video-in-use"}


def test_lists_show_a_stranger_nothing(world: World) -> None:
    client = world.client("stranger")
    assert client.get("/api/v1/scenes").json()["results"] == []
    assert client.get("/api/v1/jobs").json()["results"] == []
    assert client.get(f"/api/v1/jobs?scene={world.scene.pk}").json()["results"] == []
