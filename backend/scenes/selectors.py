"""Reads about scenes, cameras, links and members. All of them show only what the asker may see."""

from __future__ import annotations

from django.db.models import CharField, Count, F, FloatField, Max, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from backend.accounts.models import Role, User
from backend.accounts.permissions import is_admin, require_scene_role, scenes_visible_to
from backend.config.problems import NotFound
from backend.media.models import Video, VideoState
from backend.scenes.models import Camera, CameraLink, Scene, SceneMembership
from backend.tracking.models import Run

SCENE_ORDER = ("name", "id")


def scene_list(*, user: User) -> QuerySet[Scene]:
    """The person's scenes with camera_count, duration_s, poster_video_id, my_role and latest_runs (none or one)."""
    return (
        scenes_visible_to(user)
        .annotate(
            camera_count=_camera_count(),
            duration_s=_duration(),
            poster_video_id=_poster_video(),
            my_role=_role_of(user),
        )
        .select_related("current_run")
        .defer("current_run__config")
        .prefetch_related(Prefetch("runs", queryset=_latest_runs(), to_attr="latest_runs"))
    )


def scene_get(*, user: User, scene_id: int) -> Scene:
    """One scene as in `scene_list`. Raises NotFound."""
    scene = scene_list(user=user).filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("scene")
    return scene


def scene_visible(*, user: User, scene_id: int) -> Scene:
    """The bare row. Raises NotFound."""
    scene = scenes_visible_to(user).filter(pk=scene_id).first()
    if scene is None:
        raise NotFound("scene")
    return scene


def camera_list(*, user: User, scene_id: int) -> QuerySet[Camera]:
    """The scene's cameras along the road, each with its calibration and videos. Raises NotFound."""
    scene = scene_visible(user=user, scene_id=scene_id)
    videos = Video.objects.defer("frame_times")
    return scene.cameras.select_related("calibration").prefetch_related(Prefetch("videos", queryset=videos))


def camera_get(*, user: User, camera_id: int) -> Camera:
    """Raises NotFound."""
    camera = Camera.objects.filter(pk=camera_id, scene__in=scenes_visible_to(user)).first()
    if camera is None:
        raise NotFound("camera")
    return camera


def link_list(*, user: User, scene_id: int) -> QuerySet[CameraLink]:
    """Raises NotFound."""
    return scene_visible(user=user, scene_id=scene_id).links.all()


def member_list(*, user: User, scene_id: int) -> QuerySet[SceneMembership]:
    """The scene's members with their accounts; for managers. Raises NotFound or Refused."""
    scene = scene_visible(user=user, scene_id=scene_id)
    require_scene_role(user, scene, Role.MANAGER)
    return scene.memberships.select_related("user")


def _camera_count() -> Coalesce:
    counts = Camera.objects.filter(scene=OuterRef("pk")).order_by().values("scene").annotate(n=Count("pk"))
    return Coalesce(Subquery(counts.values("n")), 0)


def _duration() -> Subquery:
    """Scene time of the end of its last ready video, seconds; None without one."""
    ends = (
        Video.objects.filter(camera__scene=OuterRef("pk"), state=VideoState.READY)
        .order_by()
        .values("camera__scene")
        .annotate(end=Max(F("start_s") + F("duration_s")))
    )
    return Subquery(ends.values("end"), output_field=FloatField())


def _poster_video() -> Subquery:
    videos = Video.objects.filter(camera__scene=OuterRef("pk")).exclude(poster="")
    return Subquery(videos.order_by("camera__position", "start_s", "id").values("pk")[:1])


def _role_of(user: User) -> Subquery | Value:
    if is_admin(user):
        return Value(Role.ADMIN.value, output_field=CharField())
    return Subquery(SceneMembership.objects.filter(scene=OuterRef("pk"), user=user).values("role")[:1])


def _latest_runs() -> QuerySet[Run]:
    return Run.objects.defer("config").order_by("scene_id", "-number").distinct("scene_id")
