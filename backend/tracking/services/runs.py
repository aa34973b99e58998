"""Runs: a configuration over a scene's videos, cut into jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from backend.accounts.models import Role, User
from backend.accounts.permissions import require_scene_role
from backend.config.problems import Conflict
from backend.jobs.models import FINISHED, Job, JobKind
from backend.jobs.services import job_create
from backend.media.models import Video, VideoState
from backend.media.selectors import has_ground_truth
from backend.media.storage import delete_files
from backend.scenes.models import Scene
from backend.tracking.models import Embedding, Run, RunState
from backend.tracking.presets import preset_get
from backend.training.active import with_active_versions


@transaction.atomic
def run_create(*, actor: User | None, scene: Scene, preset: str, config: Mapping[str, Any] | None = None) -> Run:
    """A run and its jobs: detect, track, embed for every usable video, then match, then evaluate if there is truth.

    A video that still waits for ingest is taken in: its detection waits too. `actor` None is a command on the server;
    `config` replaces the preset's, which goes by the scene's promoted models. Raises NotFound, Refused
    below manager, BadInput for an unknown preset, Conflict if the scene has no usable video.
    """
    if actor is not None:
        require_scene_role(actor, scene, Role.MANAGER)
    Scene.objects.select_for_update().get(pk=scene.pk)  # before its models are looked up: one may be being promoted
    settings = with_active_versions(preset_get(preset).config, scene=scene) if config is None else dict(config)
    videos = _usable_videos(scene)
    number = (scene.runs.aggregate(last=Max("number"))["last"] or 0) + 1
    run = Run.objects.create(scene=scene, number=number, preset=preset, config=settings, created_by=actor)
    _create_jobs(run, videos, actor)
    return run


@transaction.atomic
def run_make_current(*, run: Run) -> None:
    """What people see in the scene is this run from now on, unless they see a later one already."""
    # Not its key: uploads and other rows that only refer to the scene need not wait for the publishing of a run.
    scene = Scene.objects.select_for_update(no_key=True).select_related(None).get(pk=run.scene_id)
    current = scene.current_run
    if current is None or current.number < run.number:
        scene.current_run = run
        scene.save(update_fields=["current_run", "updated_at"])


@transaction.atomic
def runs_delete(*, runs: Sequence[Run]) -> None:
    """Delete runs with all that they found, their pictures included. Raises Conflict where one has not ended."""
    for run in runs:
        if run.state in (RunState.QUEUED, RunState.RUNNING):
            message = f"Run {run.number} has not ended: wait for it or cancel it."
            raise Conflict("run-unfinished", message)
    of_runs = Embedding.objects.filter(tracklet__run__in=runs).exclude(crop="")
    crops = list(of_runs.values_list("crop", flat=True))
    Run.objects.filter(pk__in=[run.pk for run in runs]).delete()
    transaction.on_commit(lambda: delete_files(crops))


@transaction.atomic
def run_score_set(*, run: Run, score: Mapping[str, Any]) -> None:
    """The run's score against ground truth, with the rule used."""
    Run.objects.filter(pk=run.pk).update(score=dict(score))


@transaction.atomic
def run_models_used_set(*, run: Run, stage: str, name: str, checksum: str) -> None:
    """Remember which model a stage used. Jobs of several cameras may say so at once."""
    row = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    row.models_used = {**row.models_used, stage: {"name": name, "checksum": checksum}}
    row.save(update_fields=["models_used"])


def _usable_videos(scene: Scene) -> Sequence[Video]:
    videos = Video.objects.filter(camera__scene=scene).exclude(state=VideoState.FAILED)
    usable = list(videos.select_related("camera").defer("frame_times"))
    if not usable:
        raise Conflict("no-videos", "This scene has no usable video; add one to a camera first.")
    return usable


def _create_jobs(run: Run, videos: Sequence[Video], actor: User | None) -> None:
    def create(kind: JobKind, depends_on: Sequence[Job], video: Video | None = None) -> Job:
        return job_create(kind=kind, scene=run.scene, run=run, video=video, depends_on=depends_on, created_by=actor)

    embeds = []
    for video in videos:
        detect = create(JobKind.DETECT, _ingest_of(video), video)
        track = create(JobKind.TRACK, [detect], video)
        embeds.append(create(JobKind.EMBED, [track], video))
    match = create(JobKind.MATCH, embeds)
    if has_ground_truth(scene=run.scene):
        create(JobKind.EVALUATE, [match])


def _ingest_of(video: Video) -> list[Job]:
    """The video's ingest job if it has not ended."""
    return list(Job.objects.filter(video=video, kind=JobKind.INGEST).exclude(state__in=FINISHED)[:1])
