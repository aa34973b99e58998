"""Reads about uploads; those who may send to a scene see what is on its way there."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role, visible_through
from backend.config.problems import NotFound
from backend.scenes.models import Scene
from backend.uploads.models import Upload, UploadState

OPEN = (UploadState.RECEIVING, UploadState.CHECKING)
UPLOAD_ORDER = ("-created_at", "id")


def upload_list(*, user: User, scene: Scene) -> QuerySet[Upload]:
    """The scene's uploads, newest first. Raises NotFound for a stranger, Refused below manager."""
    require_scene_role(user, scene, Role.MANAGER)
    return Upload.objects.filter(scene=scene).select_related("created_by")


def upload_get(*, user: User, upload_id: UUID) -> Upload:
    """Raises NotFound for a stranger to its scene, Refused below manager."""
    upload = Upload.objects.select_related("scene").filter(visible_through(user, "scene"), pk=upload_id).first()
    if upload is None:
        raise NotFound("upload")
    require_scene_role(user, upload.scene, Role.MANAGER)
    return upload


def upload_of_job(*, upload_id: UUID) -> Upload | None:
    """For the job that takes it in; None if somebody gave it up."""
    return Upload.objects.select_related("scene", "created_by").filter(pk=upload_id).first()
