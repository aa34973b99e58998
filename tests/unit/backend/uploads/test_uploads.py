"""Files come in piece by piece: what counts, what is refused, and that a file is the same at the end."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as law
from hypothesis import strategies as st

from backend.accounts.models import Role
from backend.config.problems import Problem
from backend.jobs.models import Job, JobKind, JobState
from backend.media.models import Video
from backend.scenes.models import Scene
from backend.scenes.services import camera_create, member_set, scene_create
from backend.uploads.models import Upload, UploadState
from backend.uploads.parts import part_path
from backend.uploads.services import upload_append, uploads_expire
from tests.world import person

pytestmark = pytest.mark.django_db
FILE = bytes(range(256)) * 3
SHA256 = hashlib.sha256(FILE).hexdigest()
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture
def scene() -> Scene:
    return scene_create(actor=person("manager", Role.MANAGER), name="Road")


@pytest.fixture
def manager(scene: Scene) -> Client:
    client = Client()
    client.force_login(scene.created_by)
    return client


def metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


def announce(client: Client, scene: Scene, length: int | str = len(FILE), version: str = "1.0.0", **said: str) -> Any:
    headers = {
        "Tus-Resumable": version,
        "Upload-Length": str(length),
        "Upload-Metadata": metadata(**{"filename": "vdo.mp4", "camera": "c001", "sha256": SHA256} | said),
    }
    return client.post(f"/api/v1/scenes/{scene.pk}/uploads", headers=headers)


def send(client: Client, url: str, offset: int, piece: bytes, kind: str = PIECE, **headers: str) -> Any:
    said = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
    return client.patch(url, piece, content_type=kind, headers=said)


def bytes_of(upload_id: str) -> bytes:
    return part_path(Upload.objects.get(pk=upload_id).pk).read_bytes()


@law(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, len(FILE) - 1), max_size=5, unique=True).map(sorted))
def test_a_file_in_pieces_is_the_file(manager: Client, scene: Scene, cuts: list[int]) -> None:
    made = announce(manager, scene, sha256="")
    assert made.status_code == 201
    url = made["Location"]
    for start, end in zip([0, *cuts], [*cuts, len(FILE)], strict=True):
        assert manager.head(url)["Upload-Offset"] == str(start)
        assert send(manager, url, start, FILE[start:end])["Upload-Offset"] == str(end)
    assert bytes_of(made.json()["id"]) == FILE
    upload = Upload.objects.get(pk=made.json()["id"])
    assert upload.state == UploadState.CHECKING
    assert Job.objects.filter(kind=JobKind.RECEIVE, parameters={"upload": str(upload.pk)}).count() == 1


def test_a_piece_at_another_place_is_refused_and_says_where_to_go_on(manager: Client, scene: Scene) -> None:
    url = announce(manager, scene)["Location"]
    send(manager, url, 0, FILE[:100])
    for offset in (0, 99, 101):
        answer = send(manager, url, offset, FILE[100:])
        assert (answer.status_code, answer.json()["code"], answer.json()["offset"]) == (409, "offset-differs", 100)


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_piece_with_a_wrong_checksum_counts_for_nothing(manager: Client, scene: Scene, name: str) -> None:
    url = announce(manager, scene)["Location"]
    stated = f"{name} {base64.b64encode(hashlib.new(name, FILE).digest()).decode()}"
    damaged = send(manager, url, 0, FILE[:-1] + b"x", **{"Upload-Checksum": stated})
    assert (damaged.status_code, damaged.json()["code"]) == (460, "checksum-mismatch")
    assert manager.head(url)["Upload-Offset"] == "0"
    assert send(manager, url, 0, FILE, **{"Upload-Checksum": stated}).status_code == 204


def test_more_bytes_than_the_file_has_are_refused(manager: Client, scene: Scene) -> None:
    url = announce(manager, scene)["Location"]
    assert send(manager, url, 0, FILE + b"x").status_code == 413
    assert send(manager, url, 0, FILE).status_code == 204
    assert send(manager, url, len(FILE), b"x").json()["code"] == "upload-complete"


def test_only_one_request_writes_at_a_time(manager: Client, scene: Scene) -> None:
    made = announce(manager, scene)
    other = os.open(part_path(Upload.objects.get().pk), os.O_WRONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert send(manager, made["Location"], 0, FILE).status_code == 423
    os.close(other)
    assert send(manager, made["Location"], 0, FILE).status_code == 204


def test_the_same_file_from_two_tabs_is_one_upload(manager: Client, scene: Scene) -> None:
    one, two = announce(manager, scene), announce(manager, scene)
    assert one["Location"] == two["Location"]
    assert announce(manager, scene, camera="c002")["Location"] != one["Location"]
    assert announce(manager, scene, sha256="")["Location"] != one["Location"]


def test_a_file_that_the_camera_has_is_not_sent_again(manager: Client, scene: Scene) -> None:
    camera = camera_create(scene=scene, name="c001")
    video = Video.objects.create(camera=camera, original_name="old.mp4", file="f", sha256=SHA256, size=9)
    answer = announce(manager, scene)
    assert (answer.status_code, answer.json()["code"], answer.json()["video"]) == (409, "video-known", video.pk)


@pytest.mark.parametrize(
    ("length", "said", "field"),
    [
        (0, {}, "Upload-Length"),
        ("-5", {}, "Upload-Length"),
        ("1e3", {}, "Upload-Length"),
        (1 << 50, {}, "Upload-Length"),
        (9, {"filename": "notes.txt"}, "filename"),
        (9, {"filename": ""}, "filename"),
        (9, {"camera": "../c001"}, "camera"),
        (9, {"camera": ""}, "camera"),
        (9, {"sha256": "abc"}, "sha256"),
        (9, {"start_s": "nan"}, "start_s"),
        (9, {"start_s": "noon"}, "start_s"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_before_a_byte_is_sent(
    manager: Client, scene: Scene, length: int | str, said: dict[str, str], field: str
) -> None:
    answer = announce(manager, scene, length, **said)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Upload.objects.exists()


def test_a_file_name_is_never_a_path(manager: Client, scene: Scene) -> None:
    made = announce(manager, scene, filename="..\\..\\etc/pass\x07wd.mp4")
    assert made.json()["file_name"] == "passwd.mp4"


def test_other_protocols_and_bodies_are_refused(manager: Client, scene: Scene) -> None:
    refused = announce(manager, scene, version="0.2.2")
    assert (refused.status_code, refused["Tus-Version"]) == (412, "1.0.0")
    url = announce(manager, scene)["Location"]
    assert send(manager, url, 0, FILE, kind="application/json").status_code == 415
    broken = manager.post(
        f"/api/v1/scenes/{scene.pk}/uploads",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": "filename ???"},
    )
    assert list(broken.json()["fields"]) == ["Upload-Metadata"]
    able = manager.options(url)
    assert "creation" in able["Tus-Extension"]
    assert able["Tus-Resumable"] == "1.0.0"


def test_a_full_scene_and_a_full_disk_refuse_up_front(manager: Client, scene: Scene, settings: Any) -> None:
    settings.UPLOAD_SCENE_BYTES = 2 * len(FILE)
    assert announce(manager, scene).status_code == 201
    assert announce(manager, scene, len(FILE) + 1, sha256="").json()["code"] == "scene-full"
    settings.UPLOAD_SCENE_BYTES, settings.UPLOAD_FREE_BYTES = 0, 1 << 60
    full = announce(manager, scene, sha256="")
    assert (full.status_code, full.json()["code"]) == (507, "disk-full")


def test_who_gives_up_an_upload_leaves_nothing(
    manager: Client, scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    made = announce(manager, scene)
    path = part_path(Upload.objects.get().pk)
    send(manager, made["Location"], 0, FILE[:9])
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.delete(made["Location"], headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    assert not path.exists()
    assert manager.head(made["Location"]).status_code == 404


def test_an_upload_that_is_given_up_in_the_middle_of_a_piece_is_gone(manager: Client, scene: Scene) -> None:
    announce(manager, scene)
    upload, actor = Upload.objects.get(), scene.created_by
    assert actor is not None

    class Body(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            Upload.objects.all().delete()
            return super().read(size)

    with pytest.raises(Problem) as refused:
        upload_append(actor=actor, upload_id=upload.pk, offset=0, body=Body(FILE))
    assert refused.value.code == "upload-gone"


def test_a_file_whose_check_was_cancelled_is_checked_when_it_is_sent_again(
    manager: Client, scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    url = announce(manager, scene)["Location"]
    send(manager, url, 0, FILE)
    assert manager.delete(url, headers={"Tus-Resumable": "1.0.0"}).status_code == 409
    assert announce(manager, scene)["Location"] == url
    assert Job.objects.count() == 1
    Job.objects.update(state=JobState.CANCELLED)
    again = announce(manager, scene)
    assert (again["Location"], again["Upload-Offset"]) == (url, str(len(FILE)))
    assert Job.objects.filter(kind=JobKind.RECEIVE, state=JobState.QUEUED).count() == 1
    Job.objects.update(state=JobState.ERRORED)
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.delete(url, headers={"Tus-Resumable": "1.0.0"}).status_code == 204


def test_a_whole_file_expires_only_when_no_job_will_take_it_in(manager: Client, scene: Scene) -> None:
    send(manager, announce(manager, scene)["Location"], 0, FILE)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert uploads_expire() == 0
    Job.objects.update(state=JobState.CANCELLED)
    assert uploads_expire() == 1


def test_bytes_that_are_gone_say_so(manager: Client, scene: Scene) -> None:
    url = announce(manager, scene)["Location"]
    part_path(Upload.objects.get().pk).unlink()
    assert send(manager, url, 0, FILE).status_code == 410


def test_uploads_that_nobody_goes_on_with_expire_and_so_do_bytes_of_none(
    manager: Client, scene: Scene, folder: Path
) -> None:
    old, young = announce(manager, scene, camera="c001"), announce(manager, scene, camera="c002")
    Upload.objects.filter(pk=old.json()["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    stranger, fresh = folder / f"{'0' * 32}.part", folder / f"{'1' * 32}.part"
    stranger.touch()
    fresh.touch()
    os.utime(stranger, (0, time.time() - 7200))
    assert uploads_expire() == 2
    assert {path.stem for path in folder.iterdir()} == {young.json()["id"].replace("-", ""), fresh.stem}


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.ANALYST, 403), (None, 404)])
def test_only_managers_of_the_scene_send(manager: Client, scene: Scene, role: Role | None, status: int) -> None:
    url = announce(manager, scene)["Location"]
    somebody = person("somebody", Role.MANAGER)
    if role is not None:
        member_set(actor=None, scene=scene, username="somebody", role=role)
    client = Client()
    client.force_login(somebody)
    assert announce(client, scene).status_code == status
    assert send(client, url, 0, FILE).status_code == status
    assert client.head(url).status_code == status
    assert client.get(f"/api/v1/scenes/{scene.pk}/uploads").status_code == status
