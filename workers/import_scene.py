"""Job kind `import_scene`: the zip of a scene's folder is checked, or imported in one go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from backend.media.services import video_discard_stored, video_store
from backend.media.storage import local_path
from backend.scenes.models import CalibrationDirection, Camera, GroundUnit, Scene
from backend.uploads.models import SceneImport
from backend.uploads.parts import free_bytes, unpacked_path
from backend.uploads.scene_imports import scene_import_checked, scene_import_done
from ml.datasets.archive import ZipLimits, unpack_zip
from ml.datasets.scene import SceneFolder, read_scene
from ml.types import UserError
from ml.video import sha256_of
from workers.context import JobContext
from workers.scene_check import scene_report
from workers.scene_import import ImportReport, Stated, StoredVideo, scene_fill

MOST_FILES = 100_000


@dataclass(frozen=True)
class Unpacked:
    """The folder of the scene inside the unpacked zip, and all files of the zip."""

    root: Path
    scene: SceneFolder
    files: list[Path]


def run(context: JobContext) -> None:
    """Raises UserError, with nothing changed, for a zip that is refused."""
    rows = SceneImport.objects.select_related("scene", "created_by")
    scene_import = rows.filter(pk=context.job.parameters["import"]).first()
    if scene_import is None or not scene_import.file:
        raise UserError("import-gone", "This zip is no longer there; send it again.")
    stated = _stated(context.job.parameters)
    with _unpacked(scene_import, context) as unpacked:
        report = scene_report(scene_import.scene, unpacked.scene, stated, unpacked.root, unpacked.files)
        if not context.job.parameters["apply"]:
            with context.publish():
                scene_import_checked(scene_import=scene_import, report=report)
        elif report["problems"]:
            raise UserError("folder-refused", report["problems"][0])
        else:
            _import(context, scene_import, unpacked.scene, stated, report)


def _stated(parameters: dict[str, Any]) -> Stated:
    direction, unit = parameters.get("direction"), parameters.get("unit")
    return Stated(CalibrationDirection(direction) if direction else None, GroundUnit(unit) if unit else None)


@contextmanager
def _unpacked(scene_import: SceneImport, context: JobContext) -> Iterator[Unpacked]:
    """The zip's files beside the uploads, where there is room for them; they go afterwards."""
    place = unpacked_path(scene_import.pk).resolve()
    shutil.rmtree(place, ignore_errors=True)  # of an attempt that was killed
    room = max(min(settings.UPLOAD_MAX_BYTES, free_bytes() - settings.UPLOAD_FREE_BYTES), 0)
    try:
        with local_path(scene_import.file) as file:
            files = _told_apart(file, scene_import, place, ZipLimits(MOST_FILES, room), context)
        yield files
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _told_apart(file: Path, scene_import: SceneImport, place: Path, limits: ZipLimits, context: JobContext) -> Unpacked:
    """UserErrors that speak of the zip as its sender called it, and of its files by their names in it."""
    try:
        files = unpack_zip(file, place, limits, context.progress)
        return Unpacked(place, read_scene(_root(place)), files)
    except UserError as error:
        said = str(error).replace(f"{place}/", "").replace(str(place), scene_import.file_name)
        raise UserError(error.code, said.replace(file.name, scene_import.file_name)) from None


def _root(folder: Path) -> Path:
    """Down through folders that hold nothing but one folder: people pack the folder itself, and what is above it."""
    while True:
        inside = [path for path in folder.iterdir() if not path.name.startswith((".", "__MACOSX"))]
        holds_camera = inside and any(inside[0].glob("*/vdo.*"))
        if len(inside) != 1 or not inside[0].is_dir() or holds_camera:
            return folder
        folder = inside[0]


def _import(
    context: JobContext, scene_import: SceneImport, folder: SceneFolder, stated: Stated, report: dict[str, Any]
) -> None:
    """All rows in one transaction; files are stored before it, and removed again if it fails."""
    stored: dict[str, StoredVideo] = {}
    try:
        for camera in folder.cameras:
            path = camera.require_video()
            digest = sha256_of(path, context.progress)
            name = video_store(scene=scene_import.scene, path=path, original_name=path.name)
            stored[camera.name] = StoredVideo(name, digest)
        with context.publish():
            _write(context, scene_import, folder, stated, stored, report)
    except BaseException:
        for each in stored.values():
            video_discard_stored(name=each.name)
        raise


def _write(
    context: JobContext,
    scene_import: SceneImport,
    folder: SceneFolder,
    stated: Stated,
    stored: dict[str, StoredVideo],
    report: dict[str, Any],
) -> None:
    scene = Scene.objects.select_for_update(no_key=True).get(pk=scene_import.scene_id)
    done = ImportReport(scene, context.log)
    scene_fill(done, folder, stated=stated, owner=context.job.created_by, stored=stored)
    cameras = Camera.objects.filter(scene=scene, name__in=[camera.name for camera in folder.cameras])
    versions = {str(pk): version for pk, version in cameras.values_list("pk", "version")}
    made = {**done.rows, "versions": versions, "origin": done.has_new_origin}
    scene_import_done(scene_import=scene_import, made=made, report=report)
