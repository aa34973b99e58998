"""A job that counts (see `tests/integration/faults/counting.py`), claimed by this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.jobs.models import Job, JobKind
from backend.jobs.services import Claim, job_claim, job_create
from backend.media.models import Video
from backend.scenes.models import Camera, Scene
from backend.tracking.models import Run

ClaimJob = Callable[..., Claim]


@pytest.fixture
def claim_job(transactional_db: None, settings: Any) -> ClaimJob:
    """Makes a counting job and claims it."""
    settings.JOB_HANDLERS = {"detect": "tests.integration.faults.counting"}
    scene = Scene.objects.create(slug="crossing", name="Crossing")
    camera = Camera.objects.create(scene=scene, name="c001")
    video = Video.objects.create(camera=camera, original_name="a.mp4", file="a.mp4", sha256="0" * 64, size=1)
    run = Run.objects.create(scene=scene, number=1, preset="test", config={})

    def claim(**parameters: Any) -> Claim:
        wanted = {"steps": 2, "step_s": 0.0, **parameters}
        job = job_create(kind=JobKind.DETECT, scene=scene, run=run, video=video, parameters=wanted)
        taken = job_claim(job_id=job.pk, worker="here")
        assert taken is not None
        return taken

    return claim


def row(claim: Claim) -> Job:
    """The job as it is in the database."""
    return Job.objects.get(pk=claim.job_id)
