"""Imports of labels: a file comes in and is checked by a worker, then a person has it imported as one operation."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict, NotFound
from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.labels.models import IdsMeaning, ImportState, LabelFormat, LabelImport
from backend.media.storage import delete_files, save_file
from backend.review.edits import AnyEdit
from backend.review.models import Operation
from backend.review.services.tracklet_edits import tracklets_edit
from backend.scenes.models import Scene
from backend.tracking.models import Run, RunState
from backend.tracking.presets import preset_get
from backend.tracking.services import run_make_current

LARGEST_IMPORT = 64 << 20  # bytes of the file as it is sent
CHUNK = 1 << 20
BLANK_PRESET = "cpu-light"
KEPT = 20  # of each scene, the newest that were not imported


def label_import_create(
    *, actor: User, scene: Scene, format: LabelFormat, ids: IdsMeaning, file_name: str, content: IO[bytes]
) -> LabelImport:
    """Take in a zip, or a single file of the format, and queue its check; nothing is changed in the scene.

    Raises NotFound for a stranger, Refused below analyst, BadInput for an empty file or one that is too large.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    stored = _stored(scene, content)  # as slow as the sender's line: no transaction waits for it
    given = {"format": format, "ids": ids, "file_name": file_name, "file": stored}
    try:
        with transaction.atomic():
            scene = Scene.objects.select_for_update(no_key=True).get(pk=scene.pk)
            label_import = LabelImport.objects.create(scene=scene, created_by=actor, **given)
            _queue(label_import, actor, apply=False)
            _forget_oldest(scene)
    except BaseException:
        delete_files([stored])
        raise
    return label_import


@transaction.atomic
def label_import_apply(*, actor: User, label_import: LabelImport) -> LabelImport:
    """Queue the import of what was checked; it is done in the name of `actor`.

    Raises Refused below analyst, NotFound where it went meanwhile, Conflict not-checked where its check has not ended
    well, or it is imported already.
    """
    require_scene_role(actor, label_import.scene, Role.ANALYST)
    rows = LabelImport.objects.select_for_update(of=("self",)).select_related("scene", "job", "created_by")
    locked = rows.filter(pk=label_import.pk).first()
    if locked is None:
        raise NotFound("import")
    if locked.state != ImportState.CHECKED:
        raise Conflict("not-checked", f"This file is {locked.state.label}; only one that was checked can be imported.")
    _queue(locked, actor, apply=True)
    return locked


@transaction.atomic
def label_import_checked(*, label_import: LabelImport, report: Mapping[str, Any]) -> None:
    """Keep what the file would make."""
    LabelImport.objects.filter(pk=label_import.pk).update(report=dict(report))


@transaction.atomic
def label_import_write(
    *, label_import: LabelImport, actor: User, edits: Sequence[AnyEdit], report: Mapping[str, Any]
) -> Operation:
    """Make the edits as one operation, which can be undone as one; a scene that shows no run gets one without
    machine results to lay them on. Raises Conflict already-imported, and as `tracklets_edit`."""
    scene = Scene.objects.select_for_update(no_key=True, of=("self",)).get(pk=label_import.scene_id)
    if LabelImport.objects.filter(pk=label_import.pk).exclude(operation=None).exists():
        raise Conflict("already-imported", f"{label_import.file_name} was imported already; undo that to do it again.")
    run = scene.current_run or _blank_run(scene, actor)
    scene.refresh_from_db(fields=["current_run"])
    reason = f"imported from {label_import.file_name}"
    operation = tracklets_edit(actor=actor, scene=scene, run_id=run.pk, edits=edits, reason=reason)
    LabelImport.objects.filter(pk=label_import.pk).update(operation=operation, report=dict(report))
    transaction.on_commit(lambda: delete_files([label_import.file]))
    return operation


def _queue(label_import: LabelImport, actor: User, *, apply: bool) -> None:
    parameters = {"import": label_import.pk, "apply": apply}
    label_import.job = job_create(
        kind=JobKind.IMPORT_LABELS, scene=label_import.scene, parameters=parameters, created_by=actor
    )
    label_import.save(update_fields=["job"])


def _forget_oldest(scene: Scene) -> None:
    """Of files that were never imported. Those that are under way stay, so that their job finds them."""
    older = LabelImport.objects.filter(scene=scene, operation=None).order_by("-id")[KEPT:]
    # Their jobs are read when nobody can change them any more.
    locked = list(older.select_for_update().values_list("pk", flat=True))
    rows = LabelImport.objects.select_related("job").filter(pk__in=locked)
    stale = [each for each in rows if each.state != ImportState.WORKING]
    LabelImport.objects.filter(pk__in=[each.pk for each in stale]).delete()
    names = [each.file for each in stale]
    transaction.on_commit(lambda: delete_files(names))


def _stored(scene: Scene, content: IO[bytes]) -> str:
    """Storage name of the file, copied piece by piece."""
    with tempfile.NamedTemporaryFile() as copy:
        size = 0
        while piece := content.read(CHUNK):
            size += len(piece)
            if size > LARGEST_IMPORT:
                raise BadInput("file", f"The file is larger than {LARGEST_IMPORT >> 20} MB; send it in parts.")
            copy.write(piece)
        if not size:
            raise BadInput("file", "The file is empty.")
        copy.flush()
        return save_file(f"scenes/{scene.pk}/imports/{uuid.uuid4().hex}", Path(copy.name))


def _blank_run(scene: Scene, actor: User) -> Run:
    number = (scene.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    now = timezone.now()
    run = Run.objects.create(
        scene=scene,
        number=number,
        preset="imported labels",
        config=preset_get(BLANK_PRESET).config,
        state=RunState.SUCCEEDED,
        created_by=actor,
        started_at=now,
        finished_at=now,
    )
    run_make_current(run=run)
    return run
