"""Exports of labels: asked for by people, written by a worker, the newest kept."""

from __future__ import annotations

from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, Conflict
from backend.jobs.models import FINISHED, JobKind
from backend.jobs.services import job_create
from backend.labels.models import LabelExport, LabelFormat, LabelSet
from backend.media.storage import delete_files
from backend.scenes.models import Scene
from backend.tracking.models import Run, RunState

KEPT = 20  # of each scene, the newest


@transaction.atomic
def label_export_create(
    *, actor: User, scene: Scene, format: LabelFormat, label_set: LabelSet | None = None, run: Run | None = None
) -> LabelExport:
    """Queue the writing of a label set, or of all that people see of a run, in this format.

    Raises NotFound for a stranger, Refused below analyst, BadInput unless one of `label_set` and `run` is given and of
    this scene, Conflict run-not-finished.
    """
    require_scene_role(actor, scene, Role.ANALYST)
    chosen = label_set or run
    if chosen is None or (label_set and run) or chosen.scene_id != scene.pk:
        raise BadInput("label_set", "Name a label set or a run of this scene, one of the two.")
    if run is not None and run.state != RunState.SUCCEEDED:
        raise Conflict("run-not-finished", f"Run {run.number} has not finished; export a run that has succeeded.")
    export = LabelExport.objects.create(scene=scene, format=format, label_set=label_set, run=run, created_by=actor)
    parameters = {"export": export.pk}
    export.job = job_create(kind=JobKind.EXPORT_LABELS, scene=scene, parameters=parameters, created_by=actor)
    export.save(update_fields=["job"])
    _forget_oldest(scene)
    return export


@transaction.atomic
def label_export_finish(*, export: LabelExport, file: str, size: int, sha256: str) -> None:
    """The zip is stored under the name `file`."""
    LabelExport.objects.filter(pk=export.pk).update(file=file, size=size, sha256=sha256)


def _forget_oldest(scene: Scene) -> None:
    """Those that are under way stay, so that their job finds them."""
    stale = list(LabelExport.objects.filter(scene=scene).select_related("job").order_by("-id")[KEPT:])
    done = [export for export in stale if export.file or export.job is None or export.job.state in FINISHED]
    LabelExport.objects.filter(pk__in=[export.pk for export in done]).delete()
    names = [export.file for export in done if export.file]
    transaction.on_commit(lambda: delete_files(names))
