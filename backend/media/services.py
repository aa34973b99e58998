"""Writes about videos: what came in, what ingest made of it, and the truth that came with it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol

import numpy as np
import numpy.typing as npt
from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import Conflict
from backend.media.models import GroundTruthTrack, StartOrigin, Video, VideoState
from backend.media.storage import delete_file, save_bytes, save_file, take_file
from backend.scenes.models import Camera, Scene
from backend.tracking.arrays import pack_floats, pack_frames, pack_times
from backend.tracking.models import Tracklet

KNOWN_SUFFIXES = frozenset({".mp4", ".avi", ".mkv", ".mov", ".m4v", ".webm", ".ts", ".mpg", ".mpeg", ".wmv", ".flv"})
PICTURE_SUFFIXES = frozenset({".png", ".jpg"})
LONGEST_NAME = 255
BLOCK = 1 << 20
# What ingest finds out. When the video begins may have been set meanwhile, and stays.
READ = [
    "proxy", "poster", "container", "codec", "width", "height", "fps", "frame_count", "duration_s",
    "variable_frame_rate", "corrupt_frames", "frame_times", "state", "problem",
]  # fmt: skip


class VideoInfo(Protocol):
    """What ingest found out; the vision library's VideoInfo fits."""

    @property
    def container(self) -> str: ...
    @property
    def codec(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def fps(self) -> float: ...
    @property
    def frame_count(self) -> int: ...
    @property
    def duration_s(self) -> float: ...
    @property
    def variable_frame_rate(self) -> bool: ...
    @property
    def corrupt_frames(self) -> int: ...


class TruthLike(Protocol):
    """One true vehicle: frames [n] 0-based, boxes [n, 4] xyxy pixels."""

    @property
    def identity(self) -> int: ...
    @property
    def frames(self) -> npt.NDArray[np.int32]: ...
    @property
    def boxes(self) -> npt.NDArray[np.float32]: ...


def video_register(
    *,
    camera: Camera,
    path: Path,
    original_name: str = "",
    start_s: float = 0.0,
    start_origin: StartOrigin = StartOrigin.STATED,
    sha256: str = "",
    stored: str = "",
) -> tuple[Video, bool]:
    """Take a file in: copied into the storage under a name of our own. Returns the video and whether it is new.

    A file that the camera already has, by its checksum, is found again and not copied. `start_s` is the scene time of
    its first frame; `sha256` saves reading the file once more, `stored` (of `video_store`) copying it.
    """
    digest = sha256 or _sha256(path)
    known = Video.objects.filter(camera=camera, sha256=digest).first()
    if known is not None:
        if stored:
            delete_file(stored)
        return known, False
    name = stored or save_file(_storage_name(camera.scene_id, path), path)
    try:
        with transaction.atomic():
            video = Video.objects.create(
                camera=camera,
                original_name=PurePath(original_name or path.name).name[:LONGEST_NAME],
                file=name,
                sha256=digest,
                size=path.stat().st_size,
                start_s=start_s,
                start_origin=start_origin,
            )
    except BaseException:
        delete_file(name)
        raise
    return video, True


def video_store(*, scene: Scene, path: Path, original_name: str) -> str:
    """Put a file that is complete into the storage, before there is a row of it. Returns its name there.

    Where the file system can, the file is not copied. If no `video_register` follows, `video_discard_stored` it.
    """
    return take_file(_storage_name(scene.pk, PurePath(original_name)), path)


def video_discard_stored(*, name: str) -> None:
    """Remove a file of `video_store` that no video came to have. Call it outside of the transaction that failed."""
    if not Video.objects.filter(file=name).exists():
        delete_file(name)


@transaction.atomic
def video_mark_ready(
    *, video: Video, info: VideoInfo, frame_times: npt.NDArray[np.float64], proxy: Path, poster: Path
) -> Video:
    """Ingest has read it: times [n] in seconds, first = 0, the browser's version and a picture."""
    stem = PurePath(video.file).with_suffix("")
    video.proxy = save_file(f"{stem}-proxy.mp4", proxy)
    video.poster = save_file(f"{stem}-poster.jpg", poster)
    video.container, video.codec = info.container[:40], info.codec[:40]
    video.width, video.height = info.width, info.height
    video.fps, video.frame_count, video.duration_s = info.fps, len(frame_times), info.duration_s
    video.variable_frame_rate, video.corrupt_frames = info.variable_frame_rate, info.corrupt_frames
    video.frame_times = pack_times(frame_times)
    video.state, video.problem = VideoState.READY, ""
    video.save(update_fields=READ)
    return video


@transaction.atomic
def video_mark_pending(*, video: Video) -> Video:
    """It is to be read once more; what was found out about it stays until then."""
    video.state = VideoState.PENDING
    video.save(update_fields=["state"])
    return video


@transaction.atomic
def video_start_set(*, actor: User, video: Video, start_s: float) -> Video:
    """State when the video begins on the scene's clock.

    Raises Refused below manager; Conflict where runs have found something in it, at the times it had then.
    """
    video = Video.objects.select_for_update(of=("self",)).select_related("camera__scene").get(pk=video.pk)
    require_scene_role(actor, video.camera.scene, Role.MANAGER)
    if Tracklet.objects.filter(video=video).exists():
        detail = (
            "Runs have followed vehicles in this video at the times that it has; set its camera's clock instead "
            "(Set-up, Clocks), which moves what was found with it."
        )
        raise Conflict("video-in-use", detail)
    video.start_s, video.start_origin = start_s, StartOrigin.STATED
    video.save(update_fields=["start_s", "start_origin"])
    return video


@transaction.atomic
def video_mark_failed(*, video: Video, problem: str) -> Video:
    """It cannot be used; `problem` tells a person why."""
    video.state, video.problem = VideoState.FAILED, problem
    video.save(update_fields=["state", "problem"])
    return video


@transaction.atomic
def ground_truth_replace(*, video: Video, rows: Iterable[TruthLike]) -> int:
    """The true vehicles of a video, in place of any before. Returns how many."""
    GroundTruthTrack.objects.filter(video=video).delete()
    tracks = [
        GroundTruthTrack(
            video=video, identity=row.identity, frames=pack_frames(row.frames), boxes=pack_floats(row.boxes)
        )
        for row in rows
    ]
    return len(GroundTruthTrack.objects.bulk_create(tracks, batch_size=500))


@transaction.atomic
def roi_set(*, camera: Camera, picture: bytes, suffix: str) -> Camera:
    """The camera's region of interest, as `roi_save` has it; pages that show the one before are stale from now on."""
    camera.roi = roi_save(camera=camera, picture=picture, suffix=suffix)
    camera.version += 1
    camera.save(update_fields=["roi", "version"])
    return camera


def roi_save(*, camera: Camera, picture: bytes, suffix: str) -> str:
    """Store a PNG or JPEG, white = valid; `suffix` is ".png" or ".jpg". Returns its storage name."""
    kind = suffix if suffix in PICTURE_SUFFIXES else ".png"
    return save_bytes(f"scenes/{camera.scene_id}/rois/{uuid.uuid4().hex}{kind}", picture)


def _storage_name(scene_id: int, path: PurePath) -> str:
    suffix = path.suffix.lower()
    return f"scenes/{scene_id}/videos/{uuid.uuid4().hex}{suffix if suffix in KNOWN_SUFFIXES else '.bin'}"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
