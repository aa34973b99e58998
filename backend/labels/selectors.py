"""Reads about label sets; everybody who sees a scene sees its sets."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import Conflict, NotFound
from backend.labels.content import LabelContent, content_from_bytes
from backend.labels.models import LabelExport, LabelImport, LabelSet
from backend.media.storage import read_bytes
from backend.scenes.models import Scene
from backend.scenes.selectors import scene_visible

LABEL_SET_ORDER = ("-number",)
NEWEST_FIRST = ("-id",)


def label_set_list(*, user: User, scene_id: int) -> QuerySet[LabelSet]:
    """The scene's sets. Raises NotFound."""
    return scene_visible(user=user, scene_id=scene_id).label_sets.select_related("created_by")


def label_set_get(*, user: User, label_set_id: int) -> LabelSet:
    """With its scene. Raises NotFound."""
    rows = LabelSet.objects.select_related("scene", "created_by").filter(visible_through(user, "scene"))
    found = rows.filter(pk=label_set_id).first()
    if found is None:
        raise NotFound("label set")
    return found


def label_set_latest(*, scene: Scene) -> LabelSet | None:
    """The scene's newest set."""
    return LabelSet.objects.filter(scene=scene).order_by("-number").first()


def label_content(*, label_set: LabelSet, with_around: bool = False) -> LabelContent:
    """The labels themselves; `with_around`: and what else was seen, where the set knows it.

    Raises Conflict where the stored file is gone or is not what was stored.
    """
    try:
        data = read_bytes(label_set.file)
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != label_set.sha256:
        detail = f"The file of label set {label_set.number} is missing or damaged; restore it from a backup."
        raise Conflict("label-set-damaged", detail)
    return content_from_bytes(data, with_around=with_around)


def label_export_list(*, user: User, scene_id: int) -> QuerySet[LabelExport]:
    """The scene's exports. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    return scene.label_exports.select_related("scene", "label_set", "run", "job", "created_by").defer("run__config")


def label_export_get(*, user: User, export_id: int) -> LabelExport:
    """Raises NotFound."""
    rows = LabelExport.objects.select_related("scene", "label_set", "run", "job", "created_by").defer("run__config")
    found = rows.filter(visible_through(user, "scene"), pk=export_id).first()
    if found is None:
        raise NotFound("export")
    return found


def label_export_file(*, user: User, export_id: int) -> LabelExport:
    """One whose file is there. Raises NotFound, Conflict export-not-ready."""
    export = label_export_get(user=user, export_id=export_id)
    if not export.file:
        raise Conflict("export-not-ready", "This export has not been written; wait for its job, or see why it failed.")
    return export


def label_import_list(*, user: User, scene_id: int) -> QuerySet[LabelImport]:
    """The scene's imports. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    return scene.label_imports.select_related("job", "operation", "created_by")


def label_import_get(*, user: User, import_id: int) -> LabelImport:
    """Raises NotFound."""
    rows = LabelImport.objects.select_related("scene", "job", "operation", "created_by")
    found = rows.filter(visible_through(user, "scene"), pk=import_id).first()
    if found is None:
        raise NotFound("import")
    return found
