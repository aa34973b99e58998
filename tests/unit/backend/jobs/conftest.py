"""A run in a scene with its people, and jobs that no worker will touch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from backend.accounts.models import Role, User
from backend.jobs import dispatch
from backend.jobs.models import Job, JobKind
from backend.jobs.services import Claim, job_claim, job_create
from backend.media.models import Video
from backend.scenes.models import Camera, Scene, SceneMembership
from backend.tracking.models import Run

MakeJob = Callable[..., Job]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker that was down in an earlier test is no reason to wait in this one."""
    monkeypatch.setattr(dispatch, "_pause_ends", 0.0)


@pytest.fixture
def run(db: None) -> Run:
    scene = Scene.objects.create(slug="crossing", name="Crossing")
    for name in ("viewer", "analyst", "manager"):
        user = User.objects.create_user(name, role=Role.VIEWER)
        SceneMembership.objects.create(scene=scene, user=user, role=Role(name))
    User.objects.create_user("stranger", role=Role.MANAGER)
    camera = Camera.objects.create(scene=scene, name="c001")
    Video.objects.create(camera=camera, original_name="a.mp4", file="a.mp4", sha256="0" * 64, size=1)
    return Run.objects.create(scene=scene, number=1, preset="test", config={})


@pytest.fixture
def manager(run: Run) -> User:
    return User.objects.get(username="manager")


@pytest.fixture
def make_job(run: Run) -> MakeJob:
    """A job of the run's video; keywords as `job_create` has them."""

    def make(*depends_on: Job, kind: JobKind = JobKind.DETECT, **fields: Any) -> Job:
        video = None if kind == JobKind.MATCH else Video.objects.get()
        return job_create(kind=kind, scene=run.scene, run=run, video=video, depends_on=depends_on, **fields)

    return make


def claimed(job: Job, worker: str = "w") -> Claim:
    """The claim of a worker that has just taken this job."""
    claim = job_claim(job_id=job.pk, worker=worker)
    assert claim is not None
    return claim


def aged(job: Job, **seconds_ago: float) -> None:
    """Set times of the job's row to so many seconds ago."""
    Job.objects.filter(pk=job.pk).update(
        **{name: Now() - timedelta(seconds=seconds) for name, seconds in seconds_ago.items()}
    )


def states(*jobs: Job) -> list[str]:
    """The jobs' states as they are in the database."""
    found = dict(Job.objects.values_list("pk", "state"))
    return [found[job.pk] for job in jobs]
