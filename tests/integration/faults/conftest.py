"""A scene with a run, and workers that are really started and really killed.

`CROSSTRACK_REPEAT=20` runs every test that injects a fault into a worker or a service twenty times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from backend.accounts.models import Role, User
from backend.jobs.models import Job, JobKind
from backend.jobs.services import job_create
from backend.media.models import Video
from backend.scenes.models import Camera, Scene, SceneMembership
from backend.tracking.models import Run
from tests.integration.faults.waiting import REPEAT
from tests.processes import Worker, ended_after, job_processes
from tests.services import wait_for


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if REPEAT > 1 and metafunc.definition.get_closest_marker("fault"):
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(1, REPEAT + 1))


@pytest.fixture
def manager(transactional_db: None) -> User:
    return User.objects.create_user("maria", role=Role.MANAGER)


@pytest.fixture
def run(manager: User, broker: str) -> Run:
    """Run 1 of a scene that has one camera with one video."""
    scene = Scene.objects.create(slug="crossing", name="Crossing")
    SceneMembership.objects.create(scene=scene, user=manager, role=Role.MANAGER)
    camera = Camera.objects.create(scene=scene, name="c001")
    Video.objects.create(camera=camera, original_name="a.mp4", file="a.mp4", sha256="0" * 64, size=1)
    return Run.objects.create(scene=scene, number=1, preset="test", config={})


@pytest.fixture
def counting_job(run: Run, manager: User) -> Callable[..., Job]:
    """Makes a job that counts; see `counting.py` for its parameters."""

    def make(*, kind: JobKind = JobKind.DETECT, depends_on: tuple[Job, ...] = (), **parameters: Any) -> Job:
        return job_create(
            kind=kind,
            scene=run.scene,
            run=run,
            video=Video.objects.get(),
            parameters=parameters,
            depends_on=depends_on,
            created_by=manager,
        )

    return make


@pytest.fixture
def start_worker(run: Run, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Starts workers; none of them and none of their processes outlives the test."""
    with ExitStack() as workers:

        def start(name: str = "worker", **variables: str) -> Worker:
            return workers.enter_context(ended_after(Worker(name, tmp_path / f"{name}.log", **variables)))

        yield start
    wait_for(lambda: not job_processes(), what="every job's process to be gone")
