"""Reads about runs, their tracklets, embeddings and candidates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from backend.accounts.models import User
from backend.accounts.permissions import visible_through
from backend.config.problems import NotFound
from backend.identities.models import RunIdentity
from backend.jobs.models import Job
from backend.media.models import Video
from backend.scenes.models import Scene
from backend.scenes.selectors import scene_visible
from backend.tracking.models import Candidate, Embedding, EmbeddingKind, HiddenTracklet, Run, Tracklet, TrackletQuerySet
from backend.tracking.progress import RunProgress, run_progress
from backend.training.active import versions_used
from backend.training.models import ModelKind

PACKED = ("frames", "boxes", "scores")


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with what its jobs and rows say. versions  by kind, as `versions_used` has them"""

    run: Run
    versions: Mapping[ModelKind, int | None]
    is_current: bool
    progress: RunProgress
    tracklet_count: int
    identity_count: int
    shared_identity_count: int


def run_list(*, user: User, scene_id: int) -> QuerySet[Run]:
    """The scene's runs without their configurations. Raises NotFound."""
    return scene_visible(user=user, scene_id=scene_id).runs.defer("config")


def run_get(*, user: User, run_id: int) -> Run:
    """With its scene. Raises NotFound."""
    run = Run.objects.select_related("scene", "created_by").filter(visible_through(user, "scene"), pk=run_id).first()
    if run is None:
        raise NotFound("run")
    return run


def run_detail(*, run: Run) -> RunDetail:
    """Progress by stage and camera, and counts."""
    jobs = Job.objects.filter(run=run).select_related("video__camera").defer("video__frame_times", "trace")
    counts = RunIdentity.objects.shown(run).aggregate(
        identities=Count("pk"), shared=Count("pk", filter=Q(camera_count__gte=2)), tracklets=Sum("tracklet_count")
    )
    return RunDetail(
        run=run,
        versions=versions_used(run=run),
        is_current=run.scene.current_run_id == run.pk,
        progress=run_progress(jobs, started_at=run.started_at, now=timezone.now()),
        # Once matched, every tracklet has an identity; counting the wide rows themselves takes ten times as long.
        tracklet_count=counts["tracklets"] or run.tracklets.own().count(),
        identity_count=counts["identities"],
        shared_identity_count=counts["shared"],
    )


def runs_with_results(*, scene: Scene, videos: Collection[Video]) -> list[Run]:
    """The scene's runs that found something in one of `videos`, by number."""
    found = Tracklet.objects.filter(run=OuterRef("pk"), video__in=videos)
    return list(Run.objects.filter(Exists(found), scene=scene).order_by("number"))


def tracklet_list(*, run: Run, video: Video | None = None) -> QuerySet[Tracklet]:
    """What people see of the run with cameras, packed arrays included, in a stable order."""
    return _in_order(run.tracklets.shown(), video)


def own_tracklet_list(*, run: Run, video: Video | None = None) -> QuerySet[Tracklet]:
    """What the run found itself, whatever people made of it since; otherwise as `tracklet_list`."""
    return _in_order(run.tracklets.own(), video)


def tracklet_get(*, user: User, tracklet_id: int) -> Tracklet:
    """Without its packed arrays. Raises NotFound."""
    visible = visible_through(user, "run__scene")
    tracklet = Tracklet.objects.defer(*PACKED).filter(visible, pk=tracklet_id).first()
    if tracklet is None:
        raise NotFound("tracklet")
    return tracklet


def embedding_list(*, run: Run) -> QuerySet[Embedding]:
    """Means and views of all tracklets of the run, tracklet by tracklet, the mean first."""
    return Embedding.objects.filter(tracklet__run=run).order_by("tracklet_id", "kind", "frame")


def crop_name(*, tracklet: Tracklet, rank: int) -> str:
    """Storage name of the tracklet's picture, 0 = the best. Raises NotFound."""
    views = Embedding.objects.filter(tracklet=tracklet, kind=EmbeddingKind.VIEW, rank=rank).exclude(crop="")
    name = views.values_list("crop", flat=True).first()
    if name is None:
        raise NotFound("picture")
    return name


def candidate_list(*, run: Run, tracklet_id: int | None = None) -> QuerySet[Candidate]:
    """Pairs that the matcher compared, of what people see, with their tracklets and cameras."""
    tracklets = Tracklet.objects.defer(*PACKED).select_related("camera")
    hidden = HiddenTracklet.objects.filter(run=run)
    rows = Candidate.objects.filter(
        ~Exists(hidden.filter(tracklet=OuterRef("left"))), ~Exists(hidden.filter(tracklet=OuterRef("right"))), run=run
    ).prefetch_related(Prefetch("left", queryset=tracklets), Prefetch("right", queryset=tracklets))
    return rows if tracklet_id is None else rows.filter(Q(left=tracklet_id) | Q(right=tracklet_id))


def _in_order(rows: TrackletQuerySet, video: Video | None) -> QuerySet[Tracklet]:
    ordered = rows.select_related("camera").order_by("camera__position", "video", "number", "pk")
    return ordered if video is None else ordered.filter(video=video)
