"""Search over HTTP: what looks like a tracklet, an identity or an uploaded picture."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from backend.jobs.models import Job, JobKind
from backend.search.models import SearchPicture
from backend.search.services import KEPT, search_picture_create
from backend.tracking.services import embeddings_replace
from tests.world import MODEL, World, build_world, embedding_row


@pytest.fixture
def world(world: World) -> World:
    """c001/T1 and c002/T1 look alike and are identity 1, c001/T2 looks half like them and is identity 2."""
    other = embedding_row(2, [55])
    other.mean = 0.9 * other.mean
    rows = [embedding_row(1, [12, 18]), other]
    embeddings_replace(run=world.run, video=world.videos[0], model=MODEL, rows=rows)
    return world


def ids(client: Client, world: World, **query: str | float) -> list[int]:
    wanted = {name: str(value) for name, value in query.items()}
    response = client.get(f"/api/v1/runs/{world.run.pk}/search", wanted)
    assert response.status_code == 200, response.json()
    return [found["tracklet"]["id"] for found in response.json()["results"]]


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    file = BytesIO()
    PIL.Image.new("RGB", size, (200, 30, 30)).save(file, kind)
    return file.getvalue()


def test_a_viewer_finds_what_looks_like_a_tracklet(world: World) -> None:
    first, second, third = (tracklet.pk for tracklet in world.tracklets)
    viewer = world.client("viewer")
    body = viewer.get(f"/api/v1/runs/{world.run.pk}/search", {"tracklet": first}).json()
    assert (body["identity"], body["exact"]) == (1, True)
    assert [found["tracklet"]["id"] for found in body["results"]] == [third, second]
    best = body["results"][0]
    assert (best["identity"], best["camera_name"], best["tracklet"]["start_s"]) == (1, "c002", 4.0)
    assert best["tracklet"]["crop_urls"] == [f"/api/v1/tracklets/{third}/crops/{rank}.jpg" for rank in (0, 1)]
    assert ids(viewer, world, tracklet=first, others_only=True) == [second]
    assert ids(viewer, world, identity=1) == [second]
    assert ids(viewer, world, tracklet=first, cameras=str(world.cameras[0].pk)) == [second]
    assert ids(viewer, world, tracklet=first, from_s=5.5) == [second]
    assert ids(viewer, world, tracklet=first, category=8) == []


def test_other_scenes_are_closed_and_questions_are_checked(world: World) -> None:
    path = f"/api/v1/runs/{world.run.pk}/search"
    first = world.tracklets[0].pk
    assert world.client("stranger").get(path, {"tracklet": first}).status_code == 404
    stranger = world.client("stranger")
    assert stranger.post(f"{path}/pictures", picture(), content_type="image/jpeg").status_code == 404
    viewer = world.client("viewer")
    assert viewer.get(path, {"tracklet": first + 999}).status_code == 404
    assert viewer.get(path, {"identity": 99}).status_code == 404
    assert viewer.get(path, {"picture": 99}).status_code == 404
    questions: list[dict[str, str | int]] = [
        {},
        {"tracklet": first, "identity": 1},
        {"tracklet": first, "cameras": "a"},
        {"tracklet": first, "cameras": "9" * 5000},
        {"tracklet": "x"},
    ]
    for wrong in questions:
        assert viewer.get(path, wrong).status_code == 400


def test_a_picture_is_searched_with_once_it_is_described(world: World) -> None:
    path, viewer = f"/api/v1/runs/{world.run.pk}/search", world.client("viewer")
    made = viewer.post(f"{path}/pictures", picture(), content_type="image/jpeg")
    assert (made.status_code, made.json()["ready"]) == (201, False)
    number, job = made.json()["id"], Job.objects.get(pk=made.json()["job"])
    assert (job.kind, job.scene, job.run) == (JobKind.EMBED_PICTURE, world.scene, None)
    waiting = viewer.get(path, {"picture": number})
    assert (waiting.status_code, waiting.json()["code"]) == (409, "picture-waiting")
    SearchPicture.objects.filter(pk=number).update(vector=np.array([1, 0, 0, 0]).tolist())
    assert viewer.get(f"{path}/pictures/{number}").json()["ready"]
    assert set(ids(viewer, world, picture=number)) == {tracklet.pk for tracklet in world.tracklets}
    assert world.client("manager").get(path, {"picture": number}).status_code == 404


def test_what_is_no_picture_is_refused_at_once(world: World) -> None:
    path, viewer = f"/api/v1/runs/{world.run.pk}/search/pictures", world.client("viewer")
    for content in (b"", b"GIF89a", b"\xff\xd8\xff" + bytes(10 * 2**20)):
        refused = viewer.post(path, content, content_type="image/jpeg")
        assert (refused.status_code, list(refused.json()["fields"])) == (400, ["picture"])
    assert viewer.post(path, "{}", content_type="application/json").status_code == 415
    assert not SearchPicture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_persons_oldest_pictures_are_forgotten_with_their_files(tmp_path: Path) -> None:
    world = build_world(tmp_path)
    made = [
        search_picture_create(actor=world.people["viewer"], run=world.run, content=picture()) for _ in range(KEPT + 1)
    ]
    assert SearchPicture.objects.count() == KEPT
    assert [default_storage.exists(each.file) for each in made[:2]] == [False, True]


@pytest.mark.slow
def test_a_worker_describes_a_picture_with_the_runs_network(world: World, stage_cache: Path) -> None:
    from backend.jobs.services import job_claim
    from workers import embed_picture
    from workers.context import JobContext

    made = search_picture_create(actor=world.people["viewer"], run=world.run, content=picture(kind="PNG"))
    assert made.job is not None
    claim = job_claim(job_id=made.job.pk, worker="test")
    assert claim is not None
    embed_picture.run(JobContext(claim))
    made.refresh_from_db()
    assert made.vector is not None
    assert np.linalg.norm(made.vector) == pytest.approx(1, abs=1e-2)
    assert len(made.vector) == 64
