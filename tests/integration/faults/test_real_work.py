"""The real pipeline under kill -9: it goes on where it was and finds what it would have found undisturbed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from backend.jobs.models import Job, JobKind, JobState
from backend.scenes.models import Scene
from backend.tracking.models import Run, RunState, Tracklet
from backend.tracking.presets import preset_get
from backend.tracking.services import run_create
from ml.pipeline.artefacts import part_path
from ml.pipeline.detect import FRAMES_A_PART, KIND
from tests.integration.faults.waiting import wait_until_gone
from tests.processes import TAKES_OVER, Worker
from tests.services import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

VIDEO = Path(settings.BASE_DIR) / "fixtures" / "demo" / "S01" / "c001" / "vdo.mp4"
SECONDS = 240.0


@pytest.fixture
def start_real_worker(start_worker: Callable[..., Worker]) -> Callable[[str, Path], Worker]:
    def start(name: str, cache: Path) -> Worker:
        return start_worker(name, CROSSTRACK_JOB_HANDLERS="{}", CROSSTRACK_CACHE=str(cache), **TAKES_OVER)

    return start


def test_a_run_whose_worker_is_killed_in_mid_detection_finds_the_same(
    start_real_worker: Callable[[str, Path], Worker], tmp_path: Path
) -> None:
    call_command("import_scene", VIDEO, name="One Camera")
    killed = _new_run()
    worker = start_real_worker("first", tmp_path / "cache")
    detect = Job.objects.get(run=killed, kind=JobKind.DETECT)
    wait_for(lambda: _done(detect) > FRAMES_A_PART, seconds=SECONDS, what="the second part of the detections")
    child = worker.child()
    worker.kill()
    wait_until_gone(child)
    first_part = _written(tmp_path / "cache")
    second = start_real_worker("second", tmp_path / "cache")
    _wait_for_success(killed)
    assert _written(tmp_path / "cache") == first_part
    detect.refresh_from_db()
    assert detect.attempt == 2
    second.kill()

    undisturbed = _new_run()
    start_real_worker("third", tmp_path / "another-cache")
    _wait_for_success(undisturbed)
    assert len(_found(killed)) > 5
    assert _found(killed) == _found(undisturbed)


def _new_run() -> Run:
    """The light preset with a smaller picture, which is quicker."""
    config = dict(preset_get("cpu-light").config)
    config["detector"] = {**config["detector"], "input_height": 224, "input_width": 416}
    return run_create(actor=None, scene=Scene.objects.get(name="One Camera"), preset="cpu-light", config=config)


def _done(job: Job) -> int:
    return Job.objects.values_list("done", flat=True).get(pk=job.pk)


def _written(cache: Path) -> int:
    """When the first part of the detections was written, in nanoseconds. Fails if it is not there, or twice."""
    (part,) = cache.rglob(part_path(Path(), KIND, 0).name)
    return part.stat().st_mtime_ns


def _wait_for_success(run: Run) -> None:
    def succeeded() -> bool:
        run.refresh_from_db()
        assert run.state not in (RunState.FAILED, RunState.CANCELLED), run.problem
        return run.state == RunState.SUCCEEDED

    wait_for(succeeded, seconds=SECONDS, what=f"{run} to succeed")
    assert set(run.jobs.values_list("state", flat=True)) == {JobState.SUCCEEDED}


def _found(run: Run) -> list[tuple[object, ...]]:
    rows = Tracklet.objects.filter(run=run).order_by("number")
    return [(row.number, bytes(row.frames), bytes(row.boxes), bytes(row.scores), row.category) for row in rows]
