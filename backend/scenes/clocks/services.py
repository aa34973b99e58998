"""Setting a camera's clock: its videos begin earlier or later on the scene's clock, and all that runs found in them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import Conflict, NotFound
from backend.identities.models import IdentityMember, RunIdentity
from backend.identities.services import identities_recount
from backend.media.models import StartOrigin, Video
from backend.scenes.models import Camera, Scene
from backend.scenes.services import StaleVersion
from backend.search.models import Look
from backend.tracking.models import Candidate, Layer, Run, RunState, Tracklet


@transaction.atomic
def camera_clock_shift(*, actor: User, camera_id: int, based_on: int, seconds: float) -> Camera:
    """Everything of this camera happened `seconds` later than was thought (earlier: negative).

    What runs found stays what it is; the scene times that are kept beside it are counted anew, in all runs. To shift
    it back undoes that. Raises NotFound, Refused below manager, StaleVersion, Conflict run-under-way.
    """
    scene = Scene.objects.select_for_update(no_key=True).filter(cameras=camera_id).first()
    if scene is None:
        raise NotFound("camera")
    require_scene_role(actor, scene, Role.MANAGER)
    camera = Camera.objects.select_for_update().get(pk=camera_id)
    if camera.version != based_on:
        raise StaleVersion(camera, based_on=based_on)
    if Run.objects.filter(scene=scene, state__in=[RunState.QUEUED, RunState.RUNNING]).exists():
        detail = "A run follows vehicles by the clocks as they are; wait for it, or cancel it."
        raise Conflict("run-under-way", detail)
    Video.objects.filter(camera=camera).update(start_s=F("start_s") + seconds, start_origin=StartOrigin.STATED)
    _shift_found(scene, camera, seconds)
    camera.version += 1
    camera.save(update_fields=["version"])
    return camera


def _shift_found(scene: Scene, camera: Camera, seconds: float) -> None:
    later = {"start_s": F("start_s") + seconds, "end_s": F("end_s") + seconds}
    Tracklet.objects.filter(camera=camera).update(**later)
    Look.objects.filter(camera=camera).update(**later)
    pairs = Candidate.objects.filter(run__scene=scene)
    pairs.filter(right__camera=camera).update(transit_s=F("transit_s") + seconds)
    pairs.filter(left__camera=camera).update(transit_s=F("transit_s") - seconds)
    _turn(pairs.filter(Q(left__camera=camera) | Q(right__camera=camera), left__end_s__gt=F("right__end_s")))
    seen = RunIdentity.objects.filter(run__scene=scene, camera_ids__contains=[camera.pk])
    _count_spans(seen.filter(layer=Layer.RUN))
    people = seen.filter(layer=Layer.HUMAN)
    for run in Run.objects.filter(pk__in=people.order_by().values("run")):
        identities_recount(run=run, identities=set(people.filter(run=run).values_list("identity", flat=True)))


def _turn(pairs: QuerySet[Candidate]) -> None:
    """The left one of a pair ends first: by the new clock that is the other one."""
    start = Tracklet.objects.filter(pk=OuterRef("left")).values("start_s")
    end = Tracklet.objects.filter(pk=OuterRef("right")).values("end_s")
    pairs.update(left=F("right"), right=F("left"), transit_s=Subquery(start) - Subquery(end))


def _count_spans(rows: QuerySet[RunIdentity]) -> None:
    """From the tracklets that the runs themselves put into the identities."""
    members = IdentityMember.objects.filter(run=OuterRef("run"), identity=OuterRef("identity")).order_by()
    spans = members.values("identity").annotate(first=Min("tracklet__start_s"), last=Max("tracklet__end_s"))
    rows.update(
        start_s=Coalesce(Subquery(spans.values("first")), F("start_s")),
        end_s=Coalesce(Subquery(spans.values("last")), F("end_s")),
    )
