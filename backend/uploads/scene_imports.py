"""Imports of whole scenes: a zip came in and was checked, a person has it imported, and may take that back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role, visible_through
from backend.config.problems import Conflict, NotFound
from backend.jobs.models import FINISHED, JobKind
from backend.jobs.services import job_create
from backend.media.storage import delete_files
from backend.scenes.models import Scene
from backend.uploads.models import SceneImport, SceneImportState, Upload
from backend.uploads.parts import unpacked_folders
from backend.uploads.taking_back import Made, made_take_back

KEPT = 3  # zips of each scene, the newest that were not imported: each is as large as the scene's videos
ORDER = ("-id",)


def scene_import_list(*, user: User, scene: Scene) -> QuerySet[SceneImport]:
    """The scene's imports, newest first. Raises NotFound for a stranger, Refused below manager."""
    require_scene_role(user, scene, Role.MANAGER)
    return SceneImport.objects.filter(scene=scene).select_related("job", "created_by")


def scene_import_get(*, user: User, import_id: int) -> SceneImport:
    """Raises NotFound for a stranger to its scene, Refused below manager."""
    rows = SceneImport.objects.select_related("scene", "job", "created_by")
    found = rows.filter(visible_through(user, "scene"), pk=import_id).first()
    if found is None:
        raise NotFound("import")
    require_scene_role(user, found.scene, Role.MANAGER)
    return found


@transaction.atomic
def scene_import_create(*, upload: Upload, file: str) -> SceneImport:
    """Queue the check of a zip that came in whole and is stored as `file`; nothing is changed in the scene.

    Older zips go, but for the newest that were not imported, and one that somebody has imported at this moment.
    """
    scene = Scene.objects.select_for_update(no_key=True).get(pk=upload.scene_id)
    made = SceneImport.objects.create(scene=scene, file_name=upload.file_name, file=file, created_by=upload.created_by)
    _queue(made, upload.created_by, apply=False)
    older = SceneImport.objects.filter(scene=scene).exclude(file="").order_by("-id")[KEPT:]
    # Their jobs are read when nobody can change them any more.
    locked = list(older.select_for_update().values_list("pk", flat=True))
    rows = SceneImport.objects.select_related("job").filter(pk__in=locked)
    stale = [each for each in rows if each.state != SceneImportState.WORKING]
    SceneImport.objects.filter(pk__in=[each.pk for each in stale]).delete()
    transaction.on_commit(lambda: delete_files([each.file for each in stale]))
    return made


@transaction.atomic
def scene_import_apply(*, actor: User, import_id: int, direction: str = "", unit: str = "") -> SceneImport:
    """Queue the import of what was checked, in the name of `actor`.

    direction, unit  of calibrations whose files do not say them, as `Calibration` has them

    Raises NotFound, Refused below manager, Conflict not-checked where its check has not ended well or it was imported.
    """
    locked = _locked(actor, import_id)
    if locked.state != SceneImportState.CHECKED:
        detail = f"{locked.file_name} is {locked.state.label}; only a zip that was checked can be imported."
        raise Conflict("not-checked", detail)
    _queue(locked, actor, apply=True, direction=direction, unit=unit)
    return locked


@transaction.atomic
def scene_import_checked(*, scene_import: SceneImport, report: Mapping[str, Any]) -> None:
    """Keep what the zip would make."""
    SceneImport.objects.filter(pk=scene_import.pk).update(report=dict(report))


@transaction.atomic
def scene_import_done(*, scene_import: SceneImport, made: Mapping[str, Any], report: Mapping[str, Any]) -> None:
    """It is imported; the zip goes. `made` is what `Made` reads."""
    SceneImport.objects.filter(pk=scene_import.pk).update(made=dict(made), report=dict(report), file="")
    transaction.on_commit(lambda: delete_files([scene_import.file]))


@transaction.atomic
def scene_import_undo(*, actor: User, import_id: int) -> SceneImport:
    """Take everything back that the import made, as long as nothing was built on it.

    Raises NotFound, Refused below manager, Conflict not-imported, and import-in-use with what was built on it.
    """
    locked = _locked(actor, import_id)
    if locked.state != SceneImportState.IMPORTED or locked.made is None:
        raise Conflict("not-imported", f"{locked.file_name} is {locked.state.label}; there is nothing to take back.")
    scene = Scene.objects.select_for_update(no_key=True).get(pk=locked.scene_id)
    made_take_back(scene=scene, made=Made(**locked.made))
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    return locked


@transaction.atomic
def scene_import_forget(*, actor: User, import_id: int) -> None:
    """Remove a zip that is not to be imported. Raises NotFound, Refused, Conflict import-kept for others."""
    locked = _locked(actor, import_id)
    if locked.state in (SceneImportState.WORKING, SceneImportState.IMPORTED):
        detail = f"{locked.file_name} is {locked.state.label}: cancel its job, or take the import back, first."
        raise Conflict("import-kept", detail)
    locked.delete()
    transaction.on_commit(lambda: delete_files([locked.file] if locked.file else []))


def unpacked_tidy() -> int:
    """Remove unpacked zips that no job looks into any more: it was killed. Returns how many."""
    folders = unpacked_folders()
    if not folders:
        return 0
    rows = SceneImport.objects.select_related("job").filter(pk__in=folders)
    in_use = {each.pk for each in rows if each.job is not None and each.job.state not in FINISHED}
    stale = [path for import_id, path in folders.items() if import_id not in in_use]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def _locked(actor: User, import_id: int) -> SceneImport:
    scene_import_get(user=actor, import_id=import_id)
    rows = SceneImport.objects.select_for_update(of=("self",)).select_related("scene", "job", "created_by")
    found = rows.filter(pk=import_id).first()
    if found is None:  # it went while another one came in
        raise NotFound("import")
    return found


def _queue(scene_import: SceneImport, actor: User, **parameters: Any) -> None:
    scene_import.job = job_create(
        kind=JobKind.IMPORT_SCENE,
        scene=scene_import.scene,
        parameters={"import": scene_import.pk, **parameters},
        created_by=actor,
    )
    scene_import.save(update_fields=["job"])
