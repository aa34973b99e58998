"""Writes about uploads. A piece counts when it is on the disk and its row says so; what came after that comes again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict, Problem
from backend.jobs.models import Job, JobKind, JobState
from backend.jobs.services import job_create
from backend.media.models import Video
from backend.media.services import KNOWN_SUFFIXES, LONGEST_NAME
from backend.media.storage import delete_files
from backend.scenes.models import Scene
from backend.scenes.services import camera_name_check
from backend.uploads.models import Upload, UploadPurpose, UploadState
from backend.uploads.parts import (
    PartBusy,
    PieceTooLong,
    Readable,
    WrongPiece,
    free_bytes,
    part_create,
    part_delete,
    part_locked,
    piece_write,
    strangers_delete,
)
from backend.uploads.selectors import OPEN, upload_get

CHECKSUM_MISMATCH = 460  # as tus 1.0 has it
GIB = 1 << 30
STRANGERS_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Announced:
    """What a sender says of a file before its first byte: see `Upload` for the fields."""

    camera_name: str
    file_name: str
    size: int
    sha256: str = ""
    start_s: float | None = None
    purpose: UploadPurpose = UploadPurpose.VIDEO


@transaction.atomic
def upload_create(*, actor: User, scene: Scene, announced: Announced) -> Upload:
    """Make room for a file. A file that is on its way to the camera already, by its checksum, is found again.

    One that has come in whole and whose check was cancelled or broke off is checked anew.

    Raises Refused below manager, BadInput, Conflict video-known where the camera has it, Problem for a file that is
    too large for the scene (413) or for the disk (507).
    """
    scene = Scene.objects.select_for_update(no_key=True).get(pk=scene.pk)
    require_scene_role(actor, scene, Role.MANAGER)
    announced = _checked(announced)
    on_its_way = _same_file(scene, announced)
    if on_its_way is not None:
        if on_its_way.state == UploadState.CHECKING and not _is_being_checked(on_its_way):
            _check(on_its_way, actor)
        return on_its_way
    _require_room(scene, announced)
    upload = Upload.objects.create(
        scene=scene,
        purpose=announced.purpose,
        camera_name=announced.camera_name,
        file_name=announced.file_name,
        size=announced.size,
        sha256=announced.sha256,
        start_s=announced.start_s,
        created_by=actor,
        expires_at=_expiry(),
    )
    part_create(upload.pk)
    return upload


def upload_append(
    *, actor: User, upload_id: UUID, offset: int, body: Readable, checksum: tuple[str, bytes] | None = None
) -> Upload:
    """Add a piece that begins at `offset`; the last one queues the job that takes the file in.

    checksum  (hashlib's name, digest) of the piece, if its sender stated one

    Raises NotFound, Refused below manager, Conflict offset-differs or upload-complete, Problem 410 for one whose pieces
    are gone, 413 for more bytes than are missing, 423 while another request writes, 460 for a wrong checksum.
    """
    upload = upload_get(user=actor, upload_id=upload_id)
    _require_open(upload)
    try:
        with part_locked(upload.pk) as descriptor:
            upload.refresh_from_db()
            _require_open(upload)
            _require_offset(upload, offset)
            room = upload.size - offset
            length = piece_write(descriptor, body, offset=offset, room=room, checksum=checksum)
            return _advanced(upload, offset, length, actor)
    except (FileNotFoundError, Upload.DoesNotExist):
        raise Problem("upload-gone", "The pieces of this upload are gone; send the file anew.", status=410) from None
    except PartBusy:
        detail = "Another request is sending to this upload; try again when it is done."
        raise Problem("upload-busy", detail, status=423) from None
    except PieceTooLong:
        detail = f"Only {room} bytes are missing of this file; nothing of this piece was kept."
        raise Problem("piece-too-long", detail, status=413) from None
    except WrongPiece:
        detail = "This piece does not have the checksum that came with it; send it again."
        raise Problem("checksum-mismatch", detail, status=CHECKSUM_MISMATCH) from None


@transaction.atomic
def upload_cancel(*, actor: User, upload_id: UUID) -> None:
    """Forget an upload and its pieces. Raises NotFound, Refused, Conflict while its file is being checked."""
    upload = Upload.objects.select_for_update().get(pk=upload_get(user=actor, upload_id=upload_id).pk)
    if upload.state == UploadState.CHECKING and _is_being_checked(upload):
        raise Conflict("upload-complete", "This file has come in whole and is being checked; cancel that job instead.")
    names = _zips_without_import([upload])
    upload.delete()
    transaction.on_commit(lambda: part_delete(upload_id))
    transaction.on_commit(lambda: delete_files(names))


def zip_name(upload: Upload) -> str:
    """Where the zip of a scene's folder is stored once it came in whole."""
    return f"scenes/{upload.scene_id}/imports/{upload.pk.hex}.zip"


def _zips_without_import(uploads: Iterable[Upload]) -> list[str]:
    """Storage names that the receiving of these may have taken before it was cancelled or broke off."""
    return [
        zip_name(each) for each in uploads if each.purpose == UploadPurpose.SCENE and each.state == UploadState.CHECKING
    ]


@transaction.atomic
def upload_finish(*, upload: Upload, video: Video | None, is_new: bool) -> None:
    """Its file is now `video`'s, or the camera had it before; None: it is the zip of a scene's folder."""
    upload.state = UploadState.DONE if is_new else UploadState.DUPLICATE
    upload.video, upload.problem = video, ""
    upload.save(update_fields=["state", "video", "problem"])
    transaction.on_commit(lambda: part_delete(upload.pk))


@transaction.atomic
def upload_fail(*, upload: Upload, problem: str) -> None:
    """Its file cannot be used; `problem` tells a person why. The bytes go."""
    upload.state, upload.problem = UploadState.FAILED, problem
    upload.save(update_fields=["state", "problem"])
    transaction.on_commit(lambda: part_delete(upload.pk))


def uploads_expire() -> int:
    """Forget uploads with which nobody went on for UPLOAD_KEPT_DAYS, and bytes of none. Returns how many."""
    now = timezone.now()
    with transaction.atomic():
        silent = Upload.objects.select_for_update(skip_locked=True).filter(state__in=OPEN, expires_at__lt=now)
        gone = [each for each in silent if each.state == UploadState.RECEIVING or not _is_being_checked(each)]
        Upload.objects.filter(pk__in=[each.pk for each in gone]).delete()
    for each in gone:
        part_delete(each.pk)
    delete_files(_zips_without_import(gone))
    known = set(Upload.objects.filter(state__in=OPEN).values_list("pk", flat=True))
    return len(gone) + strangers_delete(known, (now - STRANGERS_KEPT).timestamp())


def _checked(announced: Announced) -> Announced:
    """With a bare file name. Raises BadInput."""
    name = PurePosixPath(announced.file_name.replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable())[-LONGEST_NAME:]
    suffix = PurePosixPath(name).suffix.lower()
    if announced.purpose is UploadPurpose.SCENE:
        if suffix != ".zip" or announced.camera_name:
            raise BadInput("filename", "A scene's folder comes as one .zip, for no single camera.")
    else:
        if suffix not in KNOWN_SUFFIXES:
            known = ", ".join(sorted(KNOWN_SUFFIXES))
            raise BadInput("filename", f"“{name}” does not end like a video; these are known: {known}.")
        camera_name_check(announced.camera_name, "camera")
    if announced.size < 1:
        raise BadInput("Upload-Length", "This file is empty.")
    if announced.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES / GIB
        raise BadInput("Upload-Length", f"A file may have {limit:g} GiB here; this one has more. Cut it into parts.")
    return replace(announced, file_name=name)


def _same_file(scene: Scene, announced: Announced) -> Upload | None:
    """The upload of the very same file to the same camera. Raises Conflict where the camera has the video."""
    if not announced.sha256:
        return None
    file = {"sha256": announced.sha256}
    video = Video.objects.filter(camera__scene=scene, camera__name=announced.camera_name, **file).first()
    if video is not None:
        detail = f"{announced.camera_name} has this file already, as {video.original_name}; nothing needs to be sent."
        raise Conflict("video-known", detail, extra={"video": video.pk})
    return Upload.objects.filter(scene=scene, camera_name=announced.camera_name, state__in=OPEN, **file).first()


def scene_full_with(*, scene: Scene, size: int) -> str:
    """Why the scene cannot hold so many bytes more, for people; empty where it can."""
    limit = settings.UPLOAD_SCENE_BYTES
    if not limit:
        return ""
    used = _bytes_of_videos(scene) + _sum(Upload.objects.filter(scene=scene, state__in=OPEN).aggregate(Sum("size")))
    if used + size <= limit:
        return ""
    return f"This scene may hold {limit / GIB:g} GiB; with what is to come in it would be {(used + size) / GIB:.1f}."


def _require_room(scene: Scene, announced: Announced) -> None:
    size, why_full = announced.size, scene_full_with(scene=scene, size=announced.size)
    if why_full:
        raise Problem("scene-full", why_full, status=413)
    missing = Upload.objects.filter(state=UploadState.RECEIVING).aggregate(missing=Sum(F("size") - F("received")))
    # The file, and the browser's version of it, which may be as large; a zip's videos are taken out of it before.
    left = free_bytes() - _sum(missing) - (3 if announced.purpose is UploadPurpose.SCENE else 2) * size
    if left < settings.UPLOAD_FREE_BYTES:
        short = (settings.UPLOAD_FREE_BYTES - left) / GIB
        detail = f"The server's disk is too full for this file by {short:.1f} GiB; ask its operator for space."
        raise Problem("disk-full", detail, status=507)


def _bytes_of_videos(scene: Scene) -> int:
    return _sum(Video.objects.filter(camera__scene=scene).aggregate(Sum("size")))


def _sum(aggregate: dict[str, int | None]) -> int:
    return next(iter(aggregate.values())) or 0


def _require_open(upload: Upload) -> None:
    if upload.state != UploadState.RECEIVING:
        raise Conflict("upload-complete", "This file has come in whole; nothing is missing.")


def _require_offset(upload: Upload, offset: int) -> None:
    if offset != upload.received:
        detail = f"{upload.received} bytes are here; send on from there, not from {offset}."
        raise Conflict("offset-differs", detail, extra={"offset": upload.received})


@transaction.atomic
def _advanced(upload: Upload, offset: int, length: int, actor: User) -> Upload:
    """The row says what the disk has. Whoever writes holds the part's lock, so that nobody else has moved it."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    upload.received, upload.expires_at = offset + length, _expiry()
    if upload.received == upload.size:
        upload.state = UploadState.CHECKING
        _check(upload, actor)
    upload.save(update_fields=["received", "expires_at", "state"])
    return upload


def _check(upload: Upload, actor: User) -> None:
    job_create(kind=JobKind.RECEIVE, scene=upload.scene, parameters={"upload": str(upload.pk)}, created_by=actor)


def _is_being_checked(upload: Upload) -> bool:
    """Whether a job will still say what becomes of it: somebody may have cancelled that, or it broke off."""
    under_way = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING], kind=JobKind.RECEIVE)
    return under_way.filter(parameters={"upload": str(upload.pk)}).exists()


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.UPLOAD_KEPT_DAYS)
