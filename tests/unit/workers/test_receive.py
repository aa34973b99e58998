"""An uploaded file becomes a video of its camera, or says why it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from backend.accounts.models import Role
from backend.jobs.models import Job, JobKind
from backend.jobs.services import job_claim
from backend.media.models import StartOrigin, Video
from backend.media.storage import read_bytes
from backend.scenes.models import Scene
from backend.scenes.services import scene_create
from backend.uploads.models import Upload, UploadState
from backend.uploads.parts import part_path
from backend.uploads.services import Announced, upload_append, upload_create
from ml.types import UserError
from tests.unit.ml.video.clips import write_clip
from tests.world import person
from workers import receive
from workers.context import JobCancelled, JobContext


@pytest.fixture
def scene(db: None, tmp_path: Path, settings: Any) -> Scene:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return scene_create(actor=person("manager", Role.MANAGER), name="Road", time_zone="Europe/Berlin")


def sent(scene: Scene, content: bytes, **said: Any) -> Upload:
    """An upload whose bytes are all here."""
    file = {"camera_name": "c001", "file_name": "20210314_153009.mp4", "size": len(content)} | said
    actor = scene.created_by
    assert actor is not None
    upload = upload_create(actor=actor, scene=scene, announced=Announced(**file))
    return upload_append(actor=actor, upload_id=upload.pk, offset=0, body=_Body(content))


class _Body:
    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, size: int, /) -> bytes:
        piece, self._left = self._left[:size], self._left[size:]
        return piece


def taken_in(upload: Upload) -> Upload:
    job = Job.objects.get(kind=JobKind.RECEIVE, parameters={"upload": str(upload.pk)})
    claim = job_claim(job_id=job.pk, worker="here")
    assert claim is not None
    receive.run(JobContext(claim))
    return Upload.objects.get(pk=upload.pk)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    write_clip(path, times_ms=range(0, 500, 100))
    return path.read_bytes()


def test_a_whole_file_is_the_cameras_video_and_waits_for_ingest(
    scene: Scene, film: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    whole = sent(scene, film, sha256=hashlib.sha256(film).hexdigest())
    with django_capture_on_commit_callbacks(execute=True):
        upload = taken_in(whole)
    video = Video.objects.get()
    assert (upload.state, upload.video) == (UploadState.DONE, video)
    assert (video.camera.name, video.original_name) == ("c001", "20210314_153009.mp4")
    assert read_bytes(video.file) == film
    assert not part_path(upload.pk).exists()
    assert Job.objects.get(kind=JobKind.INGEST).video == video
    scene.refresh_from_db()
    assert (video.start_s, video.start_origin) == (0.0, StartOrigin.NAME)
    assert scene.starts_at is not None
    assert scene.starts_at.isoformat() == "2021-03-14T14:30:09+00:00"  # half past three by the clocks of Berlin


def test_a_file_that_changed_on_the_way_is_refused(scene: Scene, film: bytes) -> None:
    upload = sent(scene, film, sha256="0" * 64)
    with pytest.raises(UserError, match="checksum"):
        taken_in(upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert "Send it anew" in upload.problem
    assert not Video.objects.exists()


def test_what_is_no_video_is_refused_by_its_own_name(scene: Scene) -> None:
    upload = sent(scene, b"#!/bin/sh\n" * 99)
    with pytest.raises(UserError, match=r"^20210314_153009\.mp4: "):
        taken_in(upload)
    assert not Video.objects.exists()


def test_the_same_film_twice_is_one_video(scene: Scene, film: bytes) -> None:
    first, again = sent(scene, film), sent(scene, film, file_name="copy.mp4")
    taken_in(first)
    second = taken_in(again)
    assert second.state == UploadState.DUPLICATE
    assert second.video == Video.objects.get()


def test_a_job_that_comes_again_changes_nothing(scene: Scene, film: bytes) -> None:
    upload = sent(scene, film)
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.DONE)
    assert taken_in(upload).state == UploadState.DONE
    assert not Video.objects.exists()


def test_a_job_told_to_stop_just_after_it_published_leaves_the_film(
    scene: Scene, film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = JobContext.publish

    @contextmanager
    def publish_and_stop(context: JobContext) -> Iterator[None]:
        with publish(context):
            yield
        raise JobCancelled

    monkeypatch.setattr(JobContext, "publish", publish_and_stop)
    upload = sent(scene, film)
    with pytest.raises(JobCancelled):
        taken_in(upload)
    assert read_bytes(Video.objects.get().file) == film


def test_a_job_that_could_not_publish_leaves_no_file(
    scene: Scene, film: bytes, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    @contextmanager
    def stop(context: JobContext) -> Iterator[None]:
        raise JobCancelled
        yield

    upload = sent(scene, film)
    monkeypatch.setattr(JobContext, "publish", stop)
    with pytest.raises(JobCancelled):
        taken_in(upload)
    assert not [*(settings.MEDIA_DIR / "scenes" / str(scene.pk)).rglob("*.mp4")]
    assert part_path(upload.pk).read_bytes() == film
