"""Pictures that people search with: taken in, described by a worker, and not kept for ever."""

from __future__ import annotations

import uuid

import numpy as np
import numpy.typing as npt
from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.jobs.models import JobKind
from backend.jobs.services import job_create
from backend.media.pictures import picture_kind
from backend.media.storage import delete_files, save_bytes
from backend.search.models import SearchPicture
from backend.tracking.models import Run

KEPT = 20  # of each person, the newest


@transaction.atomic
def search_picture_create(*, actor: User, run: Run, content: bytes) -> SearchPicture:
    """Take in a JPEG or PNG file to search the run with; a job describes it. The person's oldest ones are forgotten.

    Raises NotFound for a stranger to the scene, BadInput for what is no picture or too large.
    """
    require_scene_role(actor, run.scene, Role.VIEWER)
    name = save_bytes(f"scenes/{run.scene_id}/searches/{uuid.uuid4().hex}.{picture_kind(content)}", content)
    picture = SearchPicture.objects.create(run=run, created_by=actor, file=name)
    parameters = {"picture": picture.pk}
    picture.job = job_create(kind=JobKind.EMBED_PICTURE, scene=run.scene, parameters=parameters, created_by=actor)
    picture.save(update_fields=["job"])
    _forget_oldest(actor)
    return picture


@transaction.atomic
def search_picture_describe(*, picture: SearchPicture, vector: npt.NDArray[np.float32]) -> None:
    """Keep what the picture looks like [d], L2-normalised; its file has served its purpose and goes."""
    picture.vector = vector.tolist()
    picture.save(update_fields=["vector"])
    transaction.on_commit(lambda: delete_files([picture.file]))


def _forget_oldest(person: User) -> None:
    stale = list(SearchPicture.objects.filter(created_by=person).order_by("-id")[KEPT:])
    SearchPicture.objects.filter(pk__in=[picture.pk for picture in stale]).delete()
    names = [picture.file for picture in stale]
    transaction.on_commit(lambda: delete_files(names))
