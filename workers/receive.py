"""Job kind `receive`: an uploaded file is whole; check it, take it in as a video, queue its ingest.

The zip of a scene's folder is kept as it is, and another job looks into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.media.models import StartOrigin
from backend.media.services import video_discard_stored, video_register, video_store
from backend.media.storage import take_file
from backend.scenes.models import Scene
from backend.scenes.services import camera_create
from backend.uploads.models import Upload, UploadPurpose, UploadState
from backend.uploads.parts import part_path
from backend.uploads.scene_imports import scene_import_create
from backend.uploads.selectors import upload_of_job
from backend.uploads.services import upload_fail, upload_finish, zip_name
from backend.uploads.timing import Start, start_of
from ml.types import UserError
from ml.video import probe, sha256_of, time_in_header, time_in_name
from workers.context import JobContext


@dataclass(frozen=True)
class Received:
    """A checked file: where its bytes came in, their SHA-256, their name in the storage, when it was recorded."""

    path: Path
    sha256: str
    stored: str
    recorded: Start


def run(context: JobContext) -> None:
    """Raises UserError, with the upload marked as failed, for a file that is not what was sent or is no video."""
    upload = upload_of_job(upload_id=UUID(context.job.parameters["upload"]))
    if upload is None or upload.state != UploadState.CHECKING:
        context.log("this upload was dealt with before, or is gone", "warning")
        with context.publish():
            return
    path = part_path(upload.pk)
    try:
        digest = _checked(upload, path, context)
        recorded = None if upload.purpose == UploadPurpose.SCENE else _recorded(upload, path)
    except UserError as error:
        problem = str(error).replace(str(path), upload.file_name)
        upload_fail(upload=upload, problem=problem)
        raise UserError(error.code, problem) from None
    if recorded is None:
        _keep_folder(context, upload, path)
        return
    stored = video_store(scene=upload.scene, path=path, original_name=upload.file_name)
    try:
        with context.publish():
            _take_in(context, upload, Received(path, digest, stored, recorded))
    except BaseException:
        # Told to stop just after it was published? Then a video has the file. A database that is gone leaves it too.
        video_discard_stored(name=stored)
        raise


def _keep_folder(context: JobContext, upload: Upload, path: Path) -> None:
    """The name in the storage is the upload's: a later attempt finds it again, and it goes with the upload."""
    stored = take_file(zip_name(upload), path)
    with context.publish():
        scene_import_create(upload=upload, file=stored)
        upload_finish(upload=upload, video=None, is_new=True)


def _checked(upload: Upload, path: Path, context: JobContext) -> str:
    """Its SHA-256. Raises UserError where that is not what was sent."""
    if not path.is_file():
        raise UserError("upload-gone", f"{upload.file_name}: its pieces are gone from the server; send it anew.")
    digest = sha256_of(path, context.progress)
    if upload.sha256 and digest != upload.sha256:
        message = (
            f"{upload.file_name}: what came in has another checksum than the file that was sent; it was damaged on the "
            "way or changed meanwhile. Send it anew."
        )
        raise UserError("checksum-mismatch", message)
    return digest


def _recorded(upload: Upload, path: Path) -> Start:
    """When a video was recorded as far as it says. Raises UserError for what is none."""
    probe(path)
    return start_of(stated=upload.start_s, named=_named(upload), header=time_in_header(path))


def _named(upload: Upload) -> datetime | None:
    """The time in the file's name, by the clocks of the scene."""
    named = time_in_name(upload.file_name)
    return named and named.replace(tzinfo=ZoneInfo(upload.scene.time_zone))


def _take_in(context: JobContext, upload: Upload, received: Received) -> None:
    scene = Scene.objects.select_for_update(no_key=True).get(pk=upload.scene_id)
    camera = camera_create(scene=scene, name=upload.camera_name)
    start_s, origin = received.recorded.in_scene(scene, camera)
    video, is_new = video_register(
        camera=camera,
        path=received.path,
        original_name=upload.file_name,
        start_s=start_s,
        start_origin=origin,
        sha256=received.sha256,
        stored=received.stored,
    )
    upload_finish(upload=upload, video=video, is_new=is_new)
    if not is_new:
        context.log(f"{camera.name} had this file already, as {video.original_name}: nothing new")
        return
    if origin is not StartOrigin.STATED:
        context.log(f"begins at scene time {start_s:.2f} s: {origin.label}")
    job_create(kind=JobKind.INGEST, scene=scene, video=video, created_by=upload.created_by)
