"""Where two tracklets look alike: asked for by people, worked out by a worker, kept for whoever asks next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import BadInput, NotFound
from backend.jobs.models import FINISHED, JobKind
from backend.jobs.services import job_create
from backend.search.models import Likeness
from backend.tracking.models import Run, Tracklet
from backend.tracking.selectors import crop_name

KEPT = 1000  # of each run, the newest


@dataclass(frozen=True, slots=True)
class View:
    """A tracklet (id) and which of its pictures."""

    tracklet: int
    rank: int


@transaction.atomic
def likeness_ask(*, actor: User, run: Run, left: View, right: View) -> Likeness:
    """What is known of these two pictures; where nothing is, or it failed, a job is begun that finds it out.

    It is one and the same whichever of the two is called left: the lower id is, in what comes back.

    Raises NotFound for tracklets of other runs and pictures that are not kept, BadInput for one tracklet twice.
    """
    require_scene_role(actor, run.scene, Role.VIEWER)
    if left.tracklet == right.tracklet:
        raise BadInput("right", "This is the same tracklet twice; two are compared.")
    # Two people who ask at once get one row and one job.
    Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    for view in (left, right):
        crop_name(tracklet=_tracklet(run, view.tracklet), rank=view.rank)
    one, other = sorted((left, right), key=lambda view: view.tracklet)
    found, is_new = Likeness.objects.select_related("job").get_or_create(
        run=run, left_id=one.tracklet, left_rank=one.rank, right_id=other.tracklet, right_rank=other.rank
    )
    if is_new or state_of(found) == "failed":
        parameters = {"likeness": found.pk}
        found.job = job_create(kind=JobKind.LIKENESS, scene=run.scene, parameters=parameters, created_by=actor)
        found.save(update_fields=["job"])
    if is_new:
        _forget_oldest(run)
    return found


def likeness_get(*, run: Run, likeness_id: int) -> Likeness:
    """With its job. Raises NotFound."""
    found = Likeness.objects.select_related("job").filter(run=run, pk=likeness_id).first()
    if found is None:
        raise NotFound("likeness")
    return found


def likeness_keep(*, likeness: Likeness, maps: dict[str, Any]) -> None:
    """maps: {similarity, left, right}. Kept nowhere where the tracklets went meanwhile."""
    Likeness.objects.filter(pk=likeness.pk).update(maps=maps)


def state_of(likeness: Likeness) -> str:
    """ready, waiting or failed."""
    if likeness.maps is not None:
        return "ready"
    return "failed" if likeness.job is None or likeness.job.state in FINISHED else "waiting"


def problem_of(likeness: Likeness) -> str:
    """Why it failed; empty where it did not."""
    if state_of(likeness) != "failed":
        return ""
    return likeness.job.problem if likeness.job is not None else "Its job is no longer kept: ask again."


def _tracklet(run: Run, tracklet_id: int) -> Tracklet:
    found = Tracklet.objects.only("pk").filter(run=run, pk=tracklet_id).first()
    if found is None:
        raise NotFound("tracklet in this run")
    return found


def _forget_oldest(run: Run) -> None:
    stale = Likeness.objects.filter(run=run).order_by("-id").values_list("pk", flat=True)[KEPT:]
    Likeness.objects.filter(pk__in=list(stale)).delete()
