"""The demo scene: imported once, run once, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q

from backend.accounts.models import Role, User
from backend.jobs.models import Job, JobKind
from backend.scenes.models import Scene
from backend.scenes.services import member_set
from backend.tracking.models import Run, RunState
from backend.tracking.progress import job_fraction
from backend.tracking.services import run_create

SHIPPED = settings.BASE_DIR / "fixtures" / "demo"
SHIPPED_NAME = "Four cameras on one road"
PRESET = "cpu-light"
MEMBERS = {"viewer": Role.VIEWER, "analyst": Role.ANALYST}
OWNER = "manager"
UNFINISHED_RUN = (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True)
class Stage:
    """One stage over all cameras; `fraction` 0..1."""

    name: str
    fraction: float


@dataclass(frozen=True)
class Work:
    """How far the demo's work is. `problem` is a sentence once it has failed."""

    stages: list[Stage]
    is_done: bool
    problem: str = ""


def demo_scene_ensure(folder: Path) -> tuple[Scene, bool]:
    """The scene of this folder with its members, imported if it is not there; and whether it was."""
    name = scene_name(folder)
    scene = Scene.objects.filter(name=name).first()
    if scene is None or not scene.jobs.filter(kind=JobKind.INGEST).exists():
        call_command("import_scene", str(folder), name=name, owner=OWNER, stdout=StringIO())
    imported = scene is None
    scene = Scene.objects.get(name=name)
    for username, role in MEMBERS.items():
        member_set(actor=None, scene=scene, username=username, role=role)
    return scene, imported


def scene_name(folder: Path) -> str:
    """What the scene of this folder is called: another folder's scene is another one, whatever was shown before."""
    return SHIPPED_NAME if folder.resolve() == SHIPPED.resolve() else folder.resolve().name


def demo_work(scene: Scene) -> Work:
    """Where the work on the scene stands; starts the pipeline if no run is there."""
    run = _run_ensure(scene)
    jobs = list(Job.objects.filter(Q(run=run) | Q(scene=scene, kind=JobKind.INGEST)).defer("trace"))
    kinds = [kind for kind in JobKind if any(job.kind == kind for job in jobs)]
    stages = [_stage(kind, [job for job in jobs if job.kind == kind]) for kind in kinds]
    if run.state in UNFINISHED_RUN:
        return Work(stages, False)
    return Work(
        stages, True, "" if run.state == RunState.SUCCEEDED else run.problem or f"Run {run.number} {run.state}."
    )


def _run_ensure(scene: Scene) -> Run:
    """A run that succeeded, else one under way, else the last that did not; a new one only where there is none."""
    runs = Run.objects.filter(scene=scene)
    for states in ([RunState.SUCCEEDED], UNFINISHED_RUN, list(RunState)):
        run = runs.filter(state__in=states).first()
        if run is not None:
            return run
    return run_create(actor=User.objects.get(username=OWNER), scene=scene, preset=PRESET)


def _stage(kind: JobKind, jobs: list[Job]) -> Stage:
    return Stage(str(kind.label), sum(job_fraction(job) for job in jobs) / len(jobs))
